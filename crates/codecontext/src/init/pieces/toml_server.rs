//! An MCP server in Codex's TOML, where each has a table of its own.

use std::ops::Range;

use toml_edit::{Document, InlineTable, Item, Table, TableLike};

use super::{Clash, Problem, Put, Removed};
use crate::init::json;
use crate::init::server::{NAME, Owner, Server};
use crate::init::text::{self, Splice};

/// The table that holds the servers.
const SERVERS: &str = "mcp_servers";
/// Variables that say where this program's folders are. Codex passes only those
/// on that it is told of; their values are not written.
const VARIABLES: [&str; 4] =
    ["CODECONTEXT_DATA_DIR", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR"];

pub(super) fn put(server: &Server, text: &str, clash: Clash) -> Result<Put, Problem> {
    let document = read(text)?;
    let root = document.as_table();
    let splices = match entry(text, root)? {
        Some(entry) => {
            let there = entry.as_table_like().ok_or_else(|| wrong(text, entry, NAME))?;
            match (owner(server, there), clash) {
                (Owner::Same, _) => return Ok(Put::Same),
                (Owner::Ours, _) | (Owner::Elsewhere { .. }, Clash::Replace) => {
                    brought_up_to_date(server, there)
                }
                (Owner::Foreign, Clash::Replace) => {
                    let without = text::spliced(text, taken_out(text, root));
                    return put(server, &without, Clash::Keep);
                }
                (Owner::Elsewhere { root }, Clash::Keep) => {
                    return Err(Problem::Elsewhere { root });
                }
                (Owner::Foreign, Clash::Keep) => {
                    return Err(Problem::Foreign { name: NAME, runs: runs(there) });
                }
            }
        }
        None => match root.get(SERVERS).and_then(Item::as_inline_table) {
            Some(servers) => vec![inserted(server, text, servers)?],
            None => {
                let line_break = text::line_break(text);
                let [command, arguments, variables] = fields(server);
                let header = format!("[{SERVERS}.{NAME}]");
                let block = [header, command, arguments, variables].join(line_break);
                vec![text::appended(text, &block)]
            }
        },
    };
    Ok(Put::Text { text: text::spliced(text, splices), made: 0 })
}

pub(super) fn remove(text: &str) -> Result<Option<Removed>, Problem> {
    let document = read(text)?;
    let root = document.as_table();
    let Ok(Some(entry)) = entry(text, root) else { return Ok(None) };
    let ours = Server::started_in_the_project(NAME);
    let is_ours = entry
        .as_table_like()
        .is_some_and(|there| matches!(owner(&ours, there), Owner::Same | Owner::Ours));
    if !is_ours {
        return Ok(None);
    }
    let text = text::spliced(text, taken_out(text, root));
    let is_bare = text.trim().is_empty();
    Ok(Some(Removed { text, is_bare }))
}

fn read(text: &str) -> Result<Document<&str>, Problem> {
    Document::parse(text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        Problem::broken(text, at, error.message())
    })
}

/// The item of our name among the servers.
fn entry<'d>(text: &str, root: &'d Table) -> Result<Option<&'d Item>, Problem> {
    let Some(servers) = root.get(SERVERS) else { return Ok(None) };
    let table = servers.as_table_like().ok_or_else(|| wrong(text, servers, SERVERS))?;
    Ok(table.get(NAME))
}

fn wrong(text: &str, item: &Item, name: &str) -> Problem {
    let (line, column) = text::position(text, item.span().map_or(0, |span| span.start));
    let is = match item {
        Item::ArrayOfTables(_) => "an array of tables",
        _ if item.is_str() => "a text",
        _ if item.is_array() => "an array",
        _ => "something else",
    };
    Problem::Kind { name: format!("`{name}`"), wanted: "a table", is, line, column }
}

fn owner(server: &Server, entry: &dyn TableLike) -> Owner {
    let Some(command) = entry.get("command").and_then(Item::as_str) else { return Owner::Foreign };
    let arguments: Option<Vec<String>> = entry
        .get("args")
        .and_then(Item::as_array)
        .and_then(|list| list.iter().map(|one| one.as_str().map(str::to_owned)).collect());
    server.owner(command, &arguments.unwrap_or_default())
}

/// What an entry starts or calls, for people.
fn runs(entry: &dyn TableLike) -> String {
    let named = ["command", "url"].into_iter().find_map(|name| entry.get(name)?.as_str());
    named.unwrap_or("nothing").chars().take(80).collect()
}

fn fields(server: &Server) -> [String; 3] {
    let list = |texts: &mut dyn Iterator<Item = &str>| {
        texts.map(json::quoted).collect::<Vec<_>>().join(", ")
    };
    [
        format!("command = {}", json::quoted(&server.command)),
        format!("args = [{}]", list(&mut server.arguments.iter().map(String::as_str))),
        format!("env_vars = [{}]", list(&mut VARIABLES.into_iter())),
    ]
}

/// Changes the command and its arguments alone.
fn brought_up_to_date(server: &Server, entry: &dyn TableLike) -> Vec<Splice> {
    let there = ["command", "args"].map(|name| entry.get(name).and_then(Item::span));
    let wanted = fields(server);
    let pairs = there.into_iter().zip(&wanted);
    pairs
        .filter_map(|(at, field)| {
            let (_, value) = field.split_once(" = ")?;
            Some(Splice::replace(at?, value))
        })
        .collect()
}

/// The entry among servers that stand on one line.
fn inserted(server: &Server, text: &str, servers: &InlineTable) -> Result<Splice, Problem> {
    let entry = format!("{NAME} = {{ {} }}", fields(server).join(", "));
    let whole = servers.span().ok_or(Problem::Unsure)?;
    let Some(last) = servers.iter().filter_map(|(_, value)| value.span()).map(|at| at.end).max()
    else {
        return Ok(Splice::replace(whole, format!("{{ {entry} }}")));
    };
    if servers.trailing_comma() {
        let comma = text[last..whole.end].find(',').ok_or(Problem::Unsure)?;
        return Ok(Splice::insert(last + comma + 1, format!(" {entry},")));
    }
    Ok(Splice::insert(last, format!(", {entry}")))
}

/// The splices that take the entry out, however it is written.
fn taken_out(text: &str, root: &Table) -> Vec<Splice> {
    match root.get(SERVERS) {
        Some(Item::Table(servers)) => {
            let mut blocks = Vec::new();
            gather(servers, NAME, &mut blocks);
            joined(text, blocks).into_iter().map(|at| text::without_block(text, at)).collect()
        }
        Some(servers) => {
            let table = servers.as_inline_table();
            table.and_then(|table| taken_out_of_line(text, table)).into_iter().collect()
        }
        None => Vec::new(),
    }
}

/// The lines that say something of the item with this name: whole tables with
/// their headers, and single fields.
fn gather(parent: &Table, name: &str, blocks: &mut Vec<Range<usize>>) {
    let (Some(key), Some(item)) = (parent.key(name), parent.get(name)) else { return };
    match item {
        Item::Table(table) => gather_table(table, blocks),
        Item::ArrayOfTables(tables) => tables.iter().for_each(|table| gather_table(table, blocks)),
        _ => blocks.extend(key.span().zip(item.span()).map(|(key, value)| key.start..value.end)),
    }
}

fn gather_table(table: &Table, blocks: &mut Vec<Range<usize>>) {
    let header = table.span().filter(|_| !table.is_dotted() && !table.is_implicit());
    let mut fields = Vec::new();
    let mut tables = Vec::new();
    for (name, item) in table.iter() {
        let is_field = match item {
            Item::Table(inner) => inner.is_dotted(),
            Item::ArrayOfTables(_) => false,
            _ => true,
        };
        gather(table, name, if is_field { &mut fields } else { &mut tables });
    }
    match header {
        Some(header) => {
            let end = fields.iter().map(|at| at.end).max().unwrap_or(header.end);
            blocks.push(header.start..end.max(header.end));
        }
        None => blocks.extend(fields),
    }
    blocks.extend(tables);
}

/// Whole lines, those with only blank ones between them together.
fn joined(text: &str, mut blocks: Vec<Range<usize>>) -> Vec<Range<usize>> {
    blocks.sort_by_key(|at| at.start);
    let mut whole: Vec<Range<usize>> = Vec::new();
    for at in blocks {
        let start = text::line_start(text, at.start);
        match whole.last_mut() {
            Some(last) if last.end >= start || text[last.end..start].trim().is_empty() => {
                last.end = last.end.max(at.end);
            }
            _ => whole.push(start..at.end),
        }
    }
    whole
}

/// Takes the entry out of servers that stand on one line.
fn taken_out_of_line(text: &str, servers: &InlineTable) -> Option<Splice> {
    let key = servers.key(NAME)?.span()?;
    let end = servers.get(NAME)?.span()?.end;
    let whole = servers.span()?;
    let before = text[whole.start..key.start].trim_end();
    if let Some(rest) = before.strip_suffix(',') {
        return Some(Splice::delete(whole.start + rest.len()..end));
    }
    let after = &text[end..whole.end];
    match after.trim_start().strip_prefix(',') {
        Some(rest) => Some(Splice::delete(key.start..whole.end - rest.trim_start().len())),
        None => Some(Splice::replace(whole, "{}")),
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use proptest::prelude::*;
    use proptest::sample::{select, subsequence};

    use super::*;
    use crate::init::pieces::Piece;

    fn piece() -> Piece {
        Piece::TomlServer(Server::started_in_the_project("codecontext"))
    }

    fn check(text: &str, expect: Expect) {
        let Put::Text { text: with, .. } = piece().put(text, Clash::Keep).unwrap() else {
            panic!("nothing to do: {text}");
        };
        expect.assert_eq(&with);
        assert_eq!(piece().put(&with, Clash::Keep), Ok(Put::Same));
        assert_eq!(piece().remove(&with, 0).unwrap().expect("it is there").text, text);
    }

    #[test]
    fn a_table_of_its_own_at_the_end() {
        check(
            "",
            expect![[r#"
                [mcp_servers.codecontext]
                command = "codecontext"
                args = ["mcp"]
                env_vars = ["CODECONTEXT_DATA_DIR", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR"]
            "#]],
        );
        check(
            "# mine\nmodel   = 'x'   # the best\n\n[mcp_servers.a]\n    command = \"a\"\n  # last",
            expect![[r##"
                # mine
                model   = 'x'   # the best

                [mcp_servers.a]
                    command = "a"
                  # last

                [mcp_servers.codecontext]
                command = "codecontext"
                args = ["mcp"]
                env_vars = ["CODECONTEXT_DATA_DIR", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR"]"##]],
        );
        check(
            "[mcp_servers]\na = { command = 'a' }\n",
            expect![[r#"
                [mcp_servers]
                a = { command = 'a' }

                [mcp_servers.codecontext]
                command = "codecontext"
                args = ["mcp"]
                env_vars = ["CODECONTEXT_DATA_DIR", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR"]
            "#]],
        );
        let text = "mcp_servers.a.command = 'a'\r\nmodel = 'x'\r\n";
        let Put::Text { text: with, .. } = piece().put(text, Clash::Keep).unwrap() else {
            panic!("nothing to do");
        };
        assert!(
            with.contains("\r\n\r\n[mcp_servers.codecontext]\r\ncommand = \"codecontext\"\r\n")
        );
        assert_eq!(with.matches('\n').count(), with.matches("\r\n").count());
        assert_eq!(piece().remove(&with, 0).unwrap().unwrap().text, text);
    }

    #[test]
    fn servers_on_one_line_stay_there() {
        check(
            "mcp_servers = { a = { command = 'a' } } # x\n",
            expect![[r#"
                mcp_servers = { a = { command = 'a' }, codecontext = { command = "codecontext", args = ["mcp"], env_vars = ["CODECONTEXT_DATA_DIR", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR"] } } # x
            "#]],
        );
        check(
            "mcp_servers = {}\n",
            expect![[r#"
                mcp_servers = { codecontext = { command = "codecontext", args = ["mcp"], env_vars = ["CODECONTEXT_DATA_DIR", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR"] } }
            "#]],
        );
    }

    #[test]
    fn whatever_belongs_to_the_entry_goes_with_it() {
        for (text, rest) in [
            (
                "[mcp_servers.codecontext]\ncommand = 'codecontext'\nargs = [\n  'mcp', # x\n]\n\n\
                 [mcp_servers.codecontext.tools.map]\napproval_mode = 'approve'\n\n[x]\ny = 1\n",
                "\n[x]\ny = 1\n",
            ),
            (
                "[mcp_servers]\ncodecontext.command = 'codecontext'\na.command = 'a'\n\
                 codecontext.args = ['mcp']\n",
                "[mcp_servers]\na.command = 'a'\n",
            ),
            (
                "[mcp_servers]\ncodecontext = { command = 'codecontext', args = ['mcp'] }\n",
                "[mcp_servers]\n",
            ),
            (
                "mcp_servers = { codecontext = { command = 'codecontext', args = ['mcp'] }, a = {} }",
                "mcp_servers = { a = {} }",
            ),
        ] {
            assert_eq!(piece().remove(text, 0).unwrap().unwrap().text, rest, "{text}");
        }
    }

    #[test]
    fn what_somebody_added_to_our_entry_stays() {
        let text = "[mcp_servers.codecontext]\ncommand = '/old/codecontext'\nargs = [ 'mcp' ] # x\n\
                    startup_timeout_sec = 9\n";
        let put = piece().put(text, Clash::Keep).unwrap();
        let new = text.replace("'/old/codecontext'", "\"codecontext\"");
        let new = new.replace("[ 'mcp' ]", "[\"mcp\"]");
        assert_eq!(put, Put::Text { text: new, made: 0 });
    }

    #[test]
    fn what_cannot_be_changed_is_told() {
        let told = |text: &str| piece().put(text, Clash::Keep).unwrap_err().to_string();
        expect!["line 2, column 5: string values must be quoted, expected literal string"]
            .assert_eq(&told("a = 1\nb = \n"));
        expect!["line 1, column 15: `mcp_servers` must be a table and is something else"]
            .assert_eq(&told("mcp_servers = 3\n"));
        expect!["line 1, column 1: `mcp_servers` must be a table and is an array of tables"]
            .assert_eq(&told("[[mcp_servers]]\nx = 1\n"));
        expect!["it has a server `codecontext` of its own, which runs `http://x`"]
            .assert_eq(&told("[mcp_servers.codecontext]\nurl = 'http://x'\n"));
    }

    #[test]
    fn somebodys_own_server_is_replaced_only_if_told_to() {
        let text = "[mcp_servers.codecontext]\nurl = 'http://x'\n[x]\n";
        assert_eq!(piece().remove(text, 0), Ok(None));
        let Put::Text { text, .. } = piece().put(text, Clash::Replace).unwrap() else {
            panic!("nothing to do");
        };
        assert!(!text.contains("url") && text.starts_with("[x]\n"), "{text}");
    }

    proptest! {
        #[test]
        fn only_our_table_comes_and_goes(
            top in subsequence(vec!["# c", "model = 'x' # y", "mcp_servers.z.command = 'z'", ""], 0..4),
            tables in subsequence(
                vec![
                    "[mcp_servers.a]",
                    "command = \"a\"",
                    "[mcp_servers.a.env]",
                    "[[x]]",
                    "  args = [ # c",
                    "]",
                    "",
                    "[profiles.p]",
                    "# end",
                ],
                0..9,
            ),
            line_break in select(vec!["\n", "\r\n"]),
            ends in any::<bool>(),
        ) {
            let lines: Vec<&str> = top.into_iter().chain(tables).collect();
            let text = lines.join(line_break) + if ends { line_break } else { "" };
            // Not every choice of lines is TOML.
            if let Ok(Put::Text { text: with, .. }) = piece().put(&text, Clash::Keep) {
                let (before, after) = (read(&text).unwrap(), read(&with).unwrap());
                prop_assert!(after.as_table().get(SERVERS).is_some());
                prop_assert!(with.starts_with(&text) && before.raw().len() < after.raw().len());
                prop_assert_eq!(piece().remove(&with, 0).unwrap().unwrap().text, text);
            }
        }
    }
}
