//! The list of tools that a sub-agent may use, in the front matter of its file.
//!
//! A sub-agent without such a list may use every tool; one with a list lacks
//! ours until they stand in it.

use std::ops::Range;

use super::{Problem, Put, Removed};
use crate::init::text::{self, Splice};

/// A list that is there, as it is written.
enum List {
    /// `tools: a, b`, quoted or not: names apart by commas.
    Line(Range<usize>),
    /// `tools: [a, b]`: what is between the brackets.
    Brackets(Range<usize>),
    /// One name a line, each after a dash: where each is.
    Dashes(Vec<Range<usize>>),
}

/// Whether a sub-agent's file lists the tools that it may use.
pub(crate) fn is_allow_list(text: &str) -> bool {
    list(text::unmarked(text).1).is_some()
}

pub(super) fn put(tools: &[String], text: &str) -> Result<Put, Problem> {
    let Some(list) = list(text) else { return Ok(Put::Same) };
    let there: Vec<&str> = list.names(text).into_iter().map(|(name, _)| name).collect();
    let has = |tool: &&str| there.iter().any(|name| covers(name, tool));
    let lacking: Vec<&str> = tools.iter().map(String::as_str).filter(|tool| !has(tool)).collect();
    if lacking.is_empty() {
        return Ok(Put::Same);
    }
    let splice = match &list {
        List::Line(at) | List::Brackets(at) => {
            let filled = text[at.clone()].trim_end();
            let parted = filled.is_empty() || filled.ends_with(',');
            let lead = if parted { "" } else { ", " };
            Splice::insert(at.start + filled.len(), format!("{lead}{}", lacking.join(", ")))
        }
        List::Dashes(items) => {
            let last = items.last().expect("a list without items is none");
            let lead = &text[text::line_start(text, last.start)..last.start];
            let dash = lead.find('-').unwrap_or(0);
            let line_break = text::line_break(text);
            let lines = lacking.iter().map(|tool| format!("{line_break}{}- {tool}", &lead[..dash]));
            let end =
                last.end + text[last.end..].find(['\r', '\n']).unwrap_or(text.len() - last.end);
            Splice::insert(end, lines.collect::<String>())
        }
    };
    Ok(Put::Text { text: text::spliced(text, vec![splice]), made: 0 })
}

pub(super) fn remove(tools: &[String], text: &str) -> Result<Option<Removed>, Problem> {
    let Some(list) = list(text) else { return Ok(None) };
    let is_ours = |(name, _): &(&str, Range<usize>)| tools.iter().any(|tool| tool == name);
    let names = list.names(text);
    if !names.iter().any(is_ours) {
        return Ok(None);
    }
    let splices = match &list {
        List::Dashes(_) => {
            let line =
                |at: Range<usize>| text::line_start(text, at.start)..text::next_line(text, at.end);
            let ours = names.into_iter().filter(is_ours);
            ours.map(|(_, at)| Splice::delete(line(at))).collect()
        }
        List::Line(at) | List::Brackets(at) => {
            let written = text[at.clone()].split(',').zip(&names);
            let kept: Vec<&str> =
                written.filter(|(_, name)| !is_ours(name)).map(|(written, _)| written).collect();
            let mut kept = kept.join(",");
            if names.last().is_some_and(is_ours) {
                kept.truncate(kept.trim_end().len());
            }
            let first = names.first().is_some_and(is_ours);
            let kept = if first { kept.trim_start() } else { &kept };
            vec![Splice::replace(at.clone(), kept)]
        }
    };
    Ok(Some(Removed { text: text::spliced(text, splices), is_bare: false }))
}

impl List {
    /// The names, and where each is.
    fn names<'t>(&self, text: &'t str) -> Vec<(&'t str, Range<usize>)> {
        match self {
            List::Dashes(items) => items.iter().map(|at| bare(text, at.clone())).collect(),
            List::Line(at) | List::Brackets(at) => {
                let mut names = Vec::new();
                let mut start = at.start;
                for name in text[at.clone()].split(',') {
                    names.push(bare(text, start..start + name.len()));
                    start += name.len() + 1;
                }
                names
            }
        }
    }
}

/// Whether a name in a list allows a tool.
fn covers(name: &str, tool: &str) -> bool {
    let server = tool.rsplit_once("__").map_or(tool, |(server, _)| server);
    name == tool || name == server || name == "*" || name.strip_suffix("__*") == Some(server)
}

/// A name without the space and the quotes around it.
fn bare(text: &str, at: Range<usize>) -> (&str, Range<usize>) {
    let name = text[at.clone()].trim();
    let start = at.start + (text[at.clone()].len() - text[at].trim_start().len());
    let inner = ['"', '\'']
        .into_iter()
        .find_map(|quote| name.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote)));
    match inner {
        Some(inner) => (inner, start + 1..start + 1 + inner.len()),
        None => (name, start..start + name.len()),
    }
}

/// The list in a file's front matter; none where every tool is allowed.
fn list(text: &str) -> Option<List> {
    let matter = front_matter(text)?;
    let mut start = matter.start;
    while start < matter.end {
        let end = text::next_line(text, start).min(matter.end);
        let line = text[start..end].trim_end();
        if let Some(value) = line.strip_prefix("tools:") {
            let value = without_remark(value);
            let at = start + "tools:".len();
            let at = at + (value.len() - value.trim_start().len())..at + value.trim_end().len();
            return inline(text, at).unwrap_or_else(|| dashes(text, end..matter.end));
        }
        start = end;
    }
    None
}

/// A list on the line of its name: none within if there is nothing, or if it
/// allows all.
fn inline(text: &str, at: Range<usize>) -> Option<Option<List>> {
    let value = text.get(at.clone()).filter(|value| !value.is_empty())?;
    if value.trim_matches(['"', '\'']) == "*" || value.starts_with(['|', '>', '&', '!', '{']) {
        return Some(None);
    }
    if value.starts_with('[') {
        let inside = at.start + 1..at.end.saturating_sub(1);
        return Some(value.ends_with(']').then_some(List::Brackets(inside)));
    }
    let (_, at) = bare(text, at);
    Some(Some(List::Line(at)))
}

fn dashes(text: &str, within: Range<usize>) -> Option<List> {
    let mut items = Vec::new();
    let mut start = within.start;
    while start < within.end {
        let end = text::next_line(text, start).min(within.end);
        let line = text[start..end].trim_end();
        let rest = line.trim_start();
        if let Some(item) = rest.strip_prefix("- ") {
            let item = without_remark(item);
            let at = start + line.len() - rest.len() + 2;
            items.push(at..at + item.trim_end().len());
        } else if !rest.is_empty() && !rest.starts_with('#') {
            break;
        }
        start = end;
    }
    (!items.is_empty()).then_some(List::Dashes(items))
}

/// A value without the remark after it.
fn without_remark(value: &str) -> &str {
    value.split_once(" #").map_or(value, |(value, _)| value)
}

/// What is between the dashes that a file begins with.
fn front_matter(text: &str) -> Option<Range<usize>> {
    let start = text::next_line(text, 0);
    if text[..start].trim_end() != "---" {
        return None;
    }
    let mut line = start;
    while line < text.len() {
        let end = text::next_line(text, line);
        if text[line..end].trim_end() == "---" {
            return Some(start..line);
        }
        line = end;
    }
    None
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    fn tools() -> Vec<String> {
        ["mcp__codecontext__map", "mcp__codecontext__recall"].map(str::to_owned).to_vec()
    }

    fn check(matter: &str, expect: Expect) {
        let text = format!("---\nname: a\n{matter}\ncolor: red\n---\ntools: none\n");
        let Put::Text { text: with, .. } = put(&tools(), &text).unwrap() else {
            panic!("nothing to do: {matter}");
        };
        let shown = with.strip_prefix("---\nname: a\n").unwrap();
        expect.assert_eq(shown.strip_suffix("\ncolor: red\n---\ntools: none\n").unwrap());
        assert_eq!(put(&tools(), &with), Ok(Put::Same), "{matter}");
        assert_eq!(remove(&tools(), &with).unwrap().unwrap().text, text, "{matter}");
    }

    #[test]
    fn ours_are_added_in_the_way_that_the_list_is_written() {
        check(
            "tools: Read, Grep",
            expect!["tools: Read, Grep, mcp__codecontext__map, mcp__codecontext__recall"],
        );
        check(
            "tools:   Read  # few",
            expect!["tools:   Read, mcp__codecontext__map, mcp__codecontext__recall  # few"],
        );
        check(
            "tools: \"Read, Grep\"",
            expect![[r#"tools: "Read, Grep, mcp__codecontext__map, mcp__codecontext__recall""#]],
        );
        check(
            "tools: [Read, 'Grep']",
            expect!["tools: [Read, 'Grep', mcp__codecontext__map, mcp__codecontext__recall]"],
        );
        check("tools: []", expect!["tools: [mcp__codecontext__map, mcp__codecontext__recall]"]);
        check(
            "tools:\n  # some\n  - Read\n  - Grep # x",
            expect![[r#"
            tools:
              # some
              - Read
              - Grep # x
              - mcp__codecontext__map
              - mcp__codecontext__recall"#]],
        );
        check(
            "tools:\n- Read",
            expect![[r#"
            tools:
            - Read
            - mcp__codecontext__map
            - mcp__codecontext__recall"#]],
        );
    }

    #[test]
    fn files_without_a_list_are_left() {
        for text in [
            "tools: Read\n",
            "---\nname: a\n---\n",
            "---\ntools:\nname: a\n---\n",
            "---\ntools: '*'\n---\n",
            "---\ntools: Read",
            "",
        ] {
            assert_eq!(put(&tools(), text), Ok(Put::Same), "{text:?}");
            assert!(!is_allow_list(text));
        }
    }

    #[test]
    fn a_list_that_allows_the_whole_server_is_left() {
        for list in ["Read, mcp__codecontext", "[mcp__codecontext__*]", "\n- '*'"] {
            let text = format!("---\ntools: {list}\n---\n");
            assert_eq!(put(&tools(), &text), Ok(Put::Same), "{text:?}");
        }
    }

    #[test]
    fn only_ours_are_taken_out() {
        let text = "---\ntools: mcp__codecontext__map, Read , mcp__codecontext__recall\n---\n";
        assert_eq!(remove(&tools(), text).unwrap().unwrap().text, "---\ntools: Read\n---\n");
    }
}
