//! Prompts: the common tasks, as a person may start them from a menu.

use rmcp::ErrorData;
use rmcp::model::{GetPromptResult, JsonObject, Prompt, PromptArgument, PromptMessage, Role};
use serde_json::Value;

/// A prompt: its text with a place `{argument}` for each argument.
struct Template {
    name: &'static str,
    title: &'static str,
    description: &'static str,
    argument: Option<Argument>,
    text: &'static str,
}

struct Argument {
    name: &'static str,
    description: &'static str,
    required: bool,
}

const PROMPTS: [Template; 4] = [
    Template {
        name: "fix_bug",
        title: "Fix a bug",
        description: "Find the code that a report is about, fix it, and keep the lesson",
        argument: Some(Argument {
            name: "report",
            description: "The report, as it was written",
            required: true,
        }),
        text: "Fix this:\n\n{report}\n\n\
               1. `locate` with the whole report; read what it names.\n\
               2. `recall` what was decided or failed before about that code.\n\
               3. `find_callers` of what you will change; `trace_impact` for the tests to run.\n\
               4. Reproduce it in a test, mend it, run those tests.\n\
               5. `remember` what caused it as a lesson, about the symbols you changed.",
    },
    Template {
        name: "review_change",
        title: "Review a change",
        description: "See what a diff touches and whether it breaks a decision",
        argument: Some(Argument {
            name: "diff",
            description: "A unified diff; without it the work tree's own",
            required: false,
        }),
        text: "Review this change:\n\n{diff}\n\n\
               1. `trace_impact` with the diff as `patch`: who depends on it, which tests run it.\n\
               2. `recall` decisions about the symbols and files that it changes.\n\
               3. `find_symbol` each name it calls that you don't see defined.\n\
               4. Say what is wrong, what may break and which tests are missing, with file and line.",
    },
    Template {
        name: "explore_project",
        title: "Explore the project",
        description: "Learn how an unknown project is built and what was decided about it",
        argument: Some(Argument {
            name: "topic",
            description: "The part you care about most",
            required: false,
        }),
        text: "Explain how this project is built. Pay most attention to: {topic}\n\n\
               1. `map` for the most central files.\n\
               2. `recall` decisions and lessons.\n\
               3. `search` and `find_callers` from the entry points; read the files they name.\n\
               Name files and lines for what you say.",
    },
    Template {
        name: "record_decision",
        title: "Record a decision",
        description: "Write down what was just decided, and why, for later conversations",
        argument: Some(Argument {
            name: "decision",
            description: "What was decided",
            required: true,
        }),
        text: "Record this decision:\n\n{decision}\n\n\
               1. `recall` earlier decisions about it; say so if one is contradicted.\n\
               2. `find_symbol` the code it concerns, so that the names are exact.\n\
               3. `remember` it with kind decision: what, why, and what else was weighed, \
               about those symbols or paths.",
    },
];

/// Every prompt.
pub(super) fn listed() -> Vec<Prompt> {
    PROMPTS
        .iter()
        .map(|template| {
            let arguments = template.argument.iter().map(|argument| {
                PromptArgument::new(argument.name)
                    .with_description(argument.description)
                    .with_required(argument.required)
            });
            Prompt::new(template.name, Some(template.description), Some(arguments.collect()))
                .with_title(template.title)
        })
        .collect()
}

/// Whether there is a prompt with an argument of this name.
pub(super) fn takes(name: &str, argument: &str) -> bool {
    PROMPTS.iter().any(|template| {
        let taken = template.argument.as_ref().is_some_and(|taken| taken.name == argument);
        template.name == name && taken
    })
}

/// A prompt with its argument filled in.
pub(super) fn written(name: &str, arguments: JsonObject) -> Result<GetPromptResult, ErrorData> {
    let refused = |message: String| ErrorData::invalid_params(message, None);
    let template = PROMPTS.iter().find(|template| template.name == name).ok_or_else(|| {
        let names = PROMPTS.map(|template| template.name).join(", ");
        refused(format!("no prompt is called `{name}`; there are {names}"))
    })?;
    let mut text = template.text.to_owned();
    if let Some(argument) = &template.argument {
        let given = match arguments.get(argument.name) {
            None | Some(Value::Null) => None,
            Some(Value::String(given)) => Some(given.trim()).filter(|given| !given.is_empty()),
            Some(_) => return Err(refused(format!("`{}` must be a string", argument.name))),
        };
        let place = format!("{{{}}}", argument.name);
        text = match given {
            Some(given) => text.replace(&place, given),
            None if argument.required => {
                return Err(refused(format!("the argument `{}` is missing", argument.name)));
            }
            None => text.replace(&place, "(not given: use the work tree as it stands)"),
        };
    }
    let message = PromptMessage::new_text(Role::User, text);
    Ok(GetPromptResult::new(vec![message]).with_description(template.description))
}
