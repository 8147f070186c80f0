//! The MCP server's entry: the command that an assistant starts.

use std::path::Path;

/// The server's name wherever assistants list their servers.
pub(super) const NAME: &str = "codecontext";

/// The command that an assistant starts. It holds no secret and no environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Server {
    /// The program: a name that is looked up, or an absolute path.
    pub(super) command: String,
    /// What it is given.
    pub(super) arguments: Vec<String>,
}

/// Whose an entry of our name is, as far as it can be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Owner {
    /// It is as init writes it.
    Same,
    /// It is ours, from another version or another place of the program.
    Ours,
    /// It is ours and about another project.
    Elsewhere { root: String },
    /// It runs something else.
    Foreign,
}

impl Server {
    /// The entry of a program that finds the project by where it is started.
    pub(super) fn started_in_the_project(command: &str) -> Server {
        Server { command: command.to_owned(), arguments: vec!["mcp".into()] }
    }

    /// The entry of a program that is told the project's root.
    pub(super) fn told(command: &str, root: &str) -> Server {
        let arguments = ["mcp", "--project", root].map(str::to_owned).to_vec();
        Server { command: command.to_owned(), arguments }
    }

    /// Whose an entry with this command and these arguments is.
    pub(super) fn owner(&self, command: &str, arguments: &[String]) -> Owner {
        if command == self.command && arguments == self.arguments {
            return Owner::Same;
        }
        if !is_program(command) || arguments.first().map(String::as_str) != Some("mcp") {
            return Owner::Foreign;
        }
        match (root_of(arguments), root_of(&self.arguments)) {
            (Some(theirs), ours) if is_absolute(theirs) && ours != Some(theirs) => {
                Owner::Elsewhere { root: theirs.to_owned() }
            }
            _ => Owner::Ours,
        }
    }
}

/// Whether a command names this program, wherever it lies.
pub(super) fn is_program(command: &str) -> bool {
    let name = command.rsplit(['/', '\\']).next().unwrap_or(command);
    name == NAME || name == "codecontext.exe"
}

fn root_of(arguments: &[String]) -> Option<&str> {
    let flag = arguments.iter().position(|argument| argument == "--project")?;
    arguments.get(flag + 1).map(String::as_str)
}

fn is_absolute(root: &str) -> bool {
    Path::new(root).is_absolute()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owner(command: &str, arguments: &[&str]) -> Owner {
        let arguments: Vec<String> = arguments.iter().map(|text| (*text).to_owned()).collect();
        Server::told("codecontext", "/mine").owner(command, &arguments)
    }

    #[test]
    fn an_entry_is_ours_by_the_program_that_it_runs() {
        assert_eq!(owner("codecontext", &["mcp", "--project", "/mine"]), Owner::Same);
        assert_eq!(owner("/opt/codecontext", &["mcp", "--project", "/mine"]), Owner::Ours);
        assert_eq!(owner("codecontext", &["mcp"]), Owner::Ours);
        assert_eq!(owner("codecontext", &["mcp", "--project", "${workspaceFolder}"]), Owner::Ours);
        let elsewhere = Owner::Elsewhere { root: "/other".into() };
        assert_eq!(owner("codecontext", &["mcp", "--project", "/other"]), elsewhere);
        assert_eq!(owner("npx", &["codecontext"]), Owner::Foreign);
        assert_eq!(owner("codecontext", &["serve"]), Owner::Foreign);
    }
}
