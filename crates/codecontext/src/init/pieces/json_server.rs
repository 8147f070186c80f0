//! An MCP server in a JSON file that lists an assistant's servers.

use jsonc_parser::ast::Value;
use jsonc_parser::common::Ranged;

use super::{Clash, Problem, Put, Removed};
use crate::init::json::Json;
use crate::init::jsonc::{self, Document, Found};
use crate::init::server::{NAME, Owner, Server};
use crate::init::text::{self, Splice};

/// A server, and how its file names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct JsonServer {
    /// The field that holds the servers.
    pub(crate) servers: &'static str,
    /// Whether an entry says that it is started and not called.
    pub(crate) says_stdio: bool,
    /// Whether the assistant refuses comments and trailing commas.
    pub(crate) is_plain: bool,
    /// The entry.
    pub(crate) server: Server,
}

impl JsonServer {
    fn names(&self) -> [&'static str; 2] {
        [self.servers, NAME]
    }

    fn entry(&self) -> Json {
        let mut fields = vec![
            ("command", Json::text(&self.server.command)),
            ("args", Json::texts(&self.server.arguments)),
        ];
        if self.says_stdio {
            fields.insert(0, ("type", Json::text("stdio")));
        }
        Json::Object(fields)
    }

    pub(super) fn put(&self, text: &str, clash: Clash) -> Result<Put, Problem> {
        let document = Document::read(text)?;
        let found = document.find(&self.names())?;
        let mut made = 0;
        let splices = match &found {
            Found::Here(value, _) if !matches!(value, Value::NullKeyword(_)) => {
                match (self.owner(value), clash) {
                    (Owner::Same, _) => return Ok(Put::Same),
                    (Owner::Ours, _) => self.brought_up_to_date(&document, value),
                    (Owner::Elsewhere { .. }, Clash::Replace) => {
                        self.brought_up_to_date(&document, value)
                    }
                    (Owner::Foreign, Clash::Replace) => {
                        document.put(&self.names(), &found, self.entry()).0
                    }
                    (Owner::Elsewhere { root }, Clash::Keep) => {
                        return Err(Problem::Elsewhere { root });
                    }
                    (Owner::Foreign, Clash::Keep) => {
                        return Err(Problem::Foreign { name: NAME, runs: runs(value, text) });
                    }
                }
            }
            _ => {
                let (splices, new) = document.put(&self.names(), &found, self.entry());
                made = new;
                splices
            }
        };
        Ok(Put::Text { text: text::spliced(text, splices), made })
    }

    pub(super) fn remove(&self, text: &str, made: usize) -> Result<Option<Removed>, Problem> {
        let document = Document::read(text)?;
        let Ok(Found::Here(value, way)) = document.find(&self.names()) else { return Ok(None) };
        if !matches!(self.owner(value), Owner::Same | Owner::Ours) {
            return Ok(None);
        }
        let text = text::spliced(text, document.remove(&way, made));
        let is_bare = Document::read(&text)?.is_bare();
        Ok(Some(Removed { text, is_bare }))
    }

    pub(super) fn complaint(&self, text: &str) -> Option<&'static str> {
        let is_liked = !self.is_plain || Document::read(text).is_ok_and(|found| found.is_plain());
        (!is_liked).then_some("it has comments or trailing commas, which those who read it refuse")
    }

    fn owner(&self, entry: &Value<'_>) -> Owner {
        let command = jsonc::field(entry, "command").and_then(|field| jsonc::text_of(&field.value));
        let arguments = jsonc::field(entry, "args").and_then(|field| jsonc::texts_of(&field.value));
        match command {
            Some(command) => self.server.owner(command, &arguments.unwrap_or_default()),
            None => Owner::Foreign,
        }
    }

    /// Changes the command and its arguments alone: what else somebody wrote
    /// into the entry stays.
    fn brought_up_to_date(&self, document: &Document<'_>, entry: &Value<'_>) -> Vec<Splice> {
        let wanted = [
            ("command", Json::text(&self.server.command)),
            ("args", Json::texts(&self.server.arguments)),
        ];
        let mut splices = Vec::new();
        for (name, value) in wanted {
            let Some(field) = jsonc::field(entry, name) else { continue };
            let same = match &value {
                Json::Text(text) => jsonc::text_of(&field.value) == Some(text.as_str()),
                _ => jsonc::texts_of(&field.value).as_ref() == Some(&self.server.arguments),
            };
            if !same {
                let at = jsonc::range(&field.value);
                let layout = document.layout_at(at.start);
                splices.push(Splice::replace(at, value.written(&layout)));
            }
        }
        splices
    }
}

/// What an entry starts or calls, for people.
fn runs(entry: &Value<'_>, text: &str) -> String {
    let named = ["command", "url", "serverUrl", "httpUrl"]
        .into_iter()
        .find_map(|name| jsonc::text_of(&jsonc::field(entry, name)?.value).map(str::to_owned));
    let whole = || entry.text(text).split_whitespace().collect::<Vec<_>>().join(" ");
    named.unwrap_or_else(whole).chars().take(80).collect()
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::init::pieces::Piece;

    fn piece() -> Piece {
        Piece::JsonServer(JsonServer {
            servers: "mcpServers",
            says_stdio: false,
            is_plain: true,
            server: Server::started_in_the_project("codecontext"),
        })
    }

    fn check(text: &str, expect: Expect) {
        let Put::Text { text: with, made } = piece().put(text, Clash::Keep).unwrap() else {
            panic!("nothing to do: {text}");
        };
        expect.assert_eq(&with);
        assert_eq!(piece().put(&with, Clash::Keep), Ok(Put::Same));
        let without = piece().remove(&with, made).unwrap().expect("it is there");
        if !without.is_bare {
            assert_eq!(without.text.trim_end(), text.trim_end(), "taken out again");
        }
    }

    fn refused(text: &str, expect: Expect) {
        expect.assert_eq(&piece().put(text, Clash::Keep).unwrap_err().to_string());
    }

    #[test]
    fn a_file_that_is_not_there_or_empty() {
        let whole = expect![[r#"
            {
              "mcpServers": {
                "codecontext": {
                  "command": "codecontext",
                  "args": ["mcp"]
                }
              }
            }
        "#]];
        check("", whole);
        check(
            "{}",
            expect![[r#"
            {
              "mcpServers": {
                "codecontext": {
                  "command": "codecontext",
                  "args": ["mcp"]
                }
              }
            }"#]],
        );
        check(
            "// only a remark",
            expect![[r#"
            // only a remark
            {
              "mcpServers": {
                "codecontext": {
                  "command": "codecontext",
                  "args": ["mcp"]
                }
              }
            }
        "#]],
        );
    }

    #[test]
    fn other_servers_comments_and_odd_indentation_stay() {
        check(
            "{\n   // mine\n   \"mcpServers\": {\n         \"a\": { \"command\": \"a\" } // the first\n   \
             /* after */\n   },\n\n \"x\" : [1,2 ]}\n",
            expect![[r#"
                {
                   // mine
                   "mcpServers": {
                         "a": { "command": "a" }, // the first
                         "codecontext": {
                            "command": "codecontext",
                            "args": ["mcp"]
                         }
                   /* after */
                   },

                 "x" : [1,2 ]}
            "#]],
        );
    }

    #[test]
    fn trailing_commas_and_tabs_are_kept_up() {
        check(
            "{\n\t\"mcpServers\": {\n\t\t\"a\": {},\n\t},\n}",
            expect![[r#"
                {
                	"mcpServers": {
                		"a": {},
                		"codecontext": {
                			"command": "codecontext",
                			"args": ["mcp"]
                		},
                	},
                }"#]],
        );
    }

    #[test]
    fn one_line_stays_one_line() {
        check(
            r#"{"mcpServers":{"a":{"url":"x"}},"y":null}"#,
            expect![[
                r#"{"mcpServers":{"a":{"url":"x"}, "codecontext": {"command": "codecontext", "args": ["mcp"]}},"y":null}"#
            ]],
        );
        check(
            "{ \"mcpServers\": {} }\n",
            expect![[r#"
                { "mcpServers": {"codecontext": {"command": "codecontext", "args": ["mcp"]}} }
            "#]],
        );
    }

    #[test]
    fn windows_line_breaks_are_kept_up() {
        let text = "{\r\n  \"mcpServers\": {\r\n    \"a\": {} // x\r\n  }\r\n}\r\n";
        let Put::Text { text: with, made } = piece().put(text, Clash::Keep).unwrap() else {
            panic!("nothing to do");
        };
        assert!(with.contains("\"a\": {}, // x\r\n    \"codecontext\": {\r\n      \"command\""));
        assert_eq!(with.matches('\n').count(), with.matches("\r\n").count());
        assert_eq!(piece().remove(&with, made).unwrap().unwrap().text, text);
    }

    #[test]
    fn a_mark_before_the_text_stays() {
        let Put::Text { text, .. } = piece().put("\u{feff}{}", Clash::Keep).unwrap() else {
            panic!("nothing to do");
        };
        assert!(text.starts_with("\u{feff}{\n"), "{text:?}");
        assert_eq!(piece().remove(&text, 1).unwrap().unwrap().text, "\u{feff}{}");
    }

    #[test]
    fn null_counts_as_missing() {
        let text = "{\n  \"mcpServers\": null\n}\n";
        let Put::Text { text, made } = piece().put(text, Clash::Keep).unwrap() else {
            panic!("nothing to do");
        };
        assert!(text.contains("\"codecontext\": {\n"), "{text}");
        assert_eq!(made, 1);
    }

    #[test]
    fn what_cannot_be_changed_is_told_with_its_place() {
        refused("{\n  \"mcpServers\": [\n", expect!["line 2, column 17: Unterminated array"]);
        refused("{\"a\": 1\n \"b\": 2}", expect!["line 1, column 8: Expected comma"]);
        refused(
            "{\n \"mcpServers\": []}",
            expect!["line 2, column 16: `mcpServers` must be an object and is an array"],
        );
        refused("[]", expect!["line 1, column 1: the file must be an object and is an array"]);
        refused(
            "{\"mcpServers\": {\"codecontext\": {\"url\": \"http://x\"}}}",
            expect!["it has a server `codecontext` of its own, which runs `http://x`"],
        );
    }

    #[test]
    fn somebodys_own_server_is_replaced_only_if_told_to() {
        let text = "{\"mcpServers\": {\"codecontext\": {\"command\": \"npx\"}}}";
        assert!(piece().put(text, Clash::Keep).unwrap_err().can_be_forced());
        let Put::Text { text, .. } = piece().put(text, Clash::Replace).unwrap() else {
            panic!("nothing to do");
        };
        assert!(!text.contains("npx"), "{text}");
        assert_eq!(piece().remove("{\"mcpServers\": {\"codecontext\": {}}}", 0), Ok(None));
    }

    #[test]
    fn what_somebody_added_to_our_entry_stays() {
        let text = "{\"mcpServers\": {\"codecontext\": {\"command\": \"/old/codecontext\", \
                    \"args\": [\"mcp\"], \"env\": {\"A\": \"b\"}}}}";
        let put = piece().put(text, Clash::Keep).unwrap();
        let text = text.replace("/old/codecontext", "codecontext");
        assert_eq!(put, Put::Text { text, made: 0 });
    }

    #[test]
    fn a_remark_does_not_swallow_what_follows_it() {
        let text = "{\"mcpServers\": { // mine\n\"codecontext\": {\"command\": \"codecontext\", \
                    \"args\": [\"mcp\"]}}}";
        let removed = piece().remove(text, 0).unwrap().unwrap();
        assert_eq!(removed.text, "{\"mcpServers\": { // mine\n}}");
    }

    #[test]
    fn an_assistant_that_reads_plain_json_is_told_of() {
        assert_eq!(piece().complaint("{\"a\": [1]}"), None);
        assert!(piece().complaint("{\"a\": [1,]}").is_some());
        assert!(piece().complaint("{} // x").is_some());
    }
}
