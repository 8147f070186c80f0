//! A command that an assistant runs when a session starts and whose output it
//! reads: the shape that Claude Code and Codex share.

use jsonc_parser::ast::Value;

use super::{Problem, Put, Removed};
use crate::init::json::{self, Json};
use crate::init::jsonc::{self, Document, Found, Way};
use crate::init::server;
use crate::init::text::{self, Splice};

/// Where the hooks of a session's start are listed.
const NAMES: [&str; 2] = ["hooks", "SessionStart"];
/// Seconds after which an assistant goes on without the output.
const TIMEOUT: u64 = 20;

pub(super) fn put(command: &str, text: &str) -> Result<Put, Problem> {
    let document = Document::read(text)?;
    let found = document.find(&NAMES)?;
    let (splices, made) = match &found {
        Found::Here(groups @ Value::Array(_), way) => match ours(groups, way) {
            Some((there, _)) if jsonc::text_of(there) == Some(command) => return Ok(Put::Same),
            Some((there, _)) => {
                (vec![Splice::replace(jsonc::range(there), json::quoted(command))], 0)
            }
            None => {
                let container = jsonc::container(groups);
                let splices = document.append(&container, &|layout| group(command).written(layout));
                (splices, 0)
            }
        },
        Found::Here(value, _) if !matches!(value, Value::NullKeyword(_)) => {
            return Err(document.wrong(format!("`{}`", NAMES[1]), "an array", value));
        }
        _ => {
            let (splices, made) = document.put(&NAMES, &found, Json::List(vec![group(command)]));
            // The array was made too.
            (splices, made + 1)
        }
    };
    Ok(Put::Text { text: text::spliced(text, splices), made })
}

pub(super) fn remove(text: &str, made: usize) -> Result<Option<Removed>, Problem> {
    let document = Document::read(text)?;
    let Ok(Found::Here(groups, way)) = document.find(&NAMES) else { return Ok(None) };
    let Some((_, way)) = ours(groups, &way) else { return Ok(None) };
    let text = text::spliced(text, document.remove(&way, made));
    let is_bare = Document::read(&text)?.is_bare();
    Ok(Some(Removed { text, is_bare }))
}

fn group(command: &str) -> Json {
    let hook = Json::Object(vec![
        ("type", Json::text("command")),
        ("command", Json::text(command)),
        ("timeout", Json::Number(TIMEOUT)),
    ]);
    // A session that goes on has heard it already.
    Json::Object(vec![
        ("matcher", Json::text("startup|clear|compact")),
        ("hooks", Json::List(vec![hook])),
    ])
}

/// Our command among the groups of hooks, and the way to what holds it alone.
fn ours<'d, 't>(groups: &'d Value<'t>, way: &Way) -> Option<(&'d Value<'t>, Way)> {
    for (number, group) in groups.as_array()?.elements.iter().enumerate() {
        let Some(hooks) = jsonc::field(group, "hooks") else { continue };
        let Some(list) = hooks.value.as_array() else { continue };
        for (place, hook) in list.elements.iter().enumerate() {
            let Some(command) = jsonc::field(hook, "command") else { continue };
            if !jsonc::text_of(&command.value).is_some_and(is_ours) {
                continue;
            }
            let mut way = way.clone();
            way.push((jsonc::container(groups), number));
            if list.elements.len() > 1 {
                let field = group
                    .as_object()?
                    .properties
                    .iter()
                    .position(|one| std::ptr::eq(one, hooks))?;
                way.push((jsonc::container(group), field));
                way.push((jsonc::container(&hooks.value), place));
            }
            return Some((&command.value, way));
        }
    }
    None
}

/// Whether a shell command runs this program for a briefing.
fn is_ours(command: &str) -> bool {
    let program =
        command.split_once(" brief").map(|(program, _)| program.trim_matches(['\'', '"']));
    program.is_some_and(server::is_program)
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use crate::init::pieces::{Clash, Piece, Put};

    fn piece() -> Piece {
        Piece::SessionHook("codecontext brief || true".into())
    }

    fn check(text: &str, expect: Expect) {
        let Put::Text { text: with, made } = piece().put(text, Clash::Keep).unwrap() else {
            panic!("nothing to do: {text}");
        };
        expect.assert_eq(&with);
        let without = piece().remove(&with, made).unwrap().expect("it is there");
        if !without.is_bare {
            assert_eq!(without.text, text, "taken out again");
        }
    }

    #[test]
    fn the_first_hook() {
        check(
            "",
            expect![[r#"
            {
              "hooks": {
                "SessionStart": [
                  {
                    "matcher": "startup|clear|compact",
                    "hooks": [
                      {
                        "type": "command",
                        "command": "codecontext brief || true",
                        "timeout": 20
                      }
                    ]
                  }
                ]
              }
            }
        "#]],
        );
    }

    #[test]
    fn other_hooks_and_settings_stay() {
        check(
            "{\n  \"model\": \"x\",\n  \"hooks\": {\n    \"Stop\": []\n  }\n}\n",
            expect![[r#"
                {
                  "model": "x",
                  "hooks": {
                    "Stop": [],
                    "SessionStart": [
                      {
                        "matcher": "startup|clear|compact",
                        "hooks": [
                          {
                            "type": "command",
                            "command": "codecontext brief || true",
                            "timeout": 20
                          }
                        ]
                      }
                    ]
                  }
                }
            "#]],
        );
    }

    #[test]
    fn another_group_before_ours() {
        check(
            "{\n  \"hooks\": {\n    \"SessionStart\": [\n      { \"hooks\": [] }\n    ]\n  }\n}\n",
            expect![[r#"
                {
                  "hooks": {
                    "SessionStart": [
                      { "hooks": [] },
                      {
                        "matcher": "startup|clear|compact",
                        "hooks": [
                          {
                            "type": "command",
                            "command": "codecontext brief || true",
                            "timeout": 20
                          }
                        ]
                      }
                    ]
                  }
                }
            "#]],
        );
    }

    #[test]
    fn a_changed_command_is_brought_up_to_date_where_it_stands() {
        let text = r#"{"hooks": {"SessionStart": [{"hooks": [{"command": "a"}, {"command": "'/o p/codecontext' brief"}]}]}}"#;
        let put = piece().put(text, Clash::Keep).unwrap();
        let new = text.replace("'/o p/codecontext' brief", "codecontext brief || true");
        assert_eq!(put, Put::Text { text: new.clone(), made: 0 });
        let removed = piece().remove(&new, 0).unwrap().unwrap();
        assert_eq!(removed.text, r#"{"hooks": {"SessionStart": [{"hooks": [{"command": "a"}]}]}}"#);
    }

    #[test]
    fn hooks_of_another_kind_are_told() {
        for text in ["{\"hooks\": []}", "{\"hooks\": {\"SessionStart\": {}}}"] {
            assert!(piece().put(text, Clash::Keep).is_err(), "{text}");
        }
    }
}
