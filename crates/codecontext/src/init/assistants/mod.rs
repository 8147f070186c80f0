//! Every assistant that can be connected: one file each, and the one list that
//! names them all.

mod claude;
mod codex;
mod copilot;
mod cursor;
mod gemini;
mod junie;
mod vscode;
mod windsurf;
mod zed;

use std::path::{Path, PathBuf};

use super::pieces::{JsonServer, Piece};
use super::server::Server;
use super::surroundings::Surroundings;

pub(super) use claude::sub_agent_tools;

/// Every assistant, in the order in which they are shown.
pub(crate) const ALL: [&Assistant; 9] = [
    &claude::ASSISTANT,
    &cursor::ASSISTANT,
    &vscode::ASSISTANT,
    &copilot::ASSISTANT,
    &codex::ASSISTANT,
    &gemini::ASSISTANT,
    &zed::ASSISTANT,
    &windsurf::ASSISTANT,
    &junie::ASSISTANT,
];

/// What an assistant reads, and how it is known to be here.
#[derive(Debug)]
pub(crate) struct Assistant {
    /// Its name on the command line.
    pub(crate) name: &'static str,
    /// Other names by which people call it there.
    pub(crate) other_names: &'static [&'static str],
    /// Its name for people.
    pub(crate) title: &'static str,
    /// Programs that are it.
    programs: &'static [&'static str],
    /// Files and folders of a project that only its users have.
    project_marks: &'static [&'static str],
    /// Folders that it makes for a person.
    home_marks: fn(&Surroundings) -> Vec<PathBuf>,
    /// Whether it reads its servers from the project.
    pub(crate) reads_project: bool,
    /// What it shall read.
    pub(super) placements: fn(&Site, Scope) -> Vec<Placement>,
    /// What the person does next.
    pub(super) next: &'static str,
}

/// Whose files are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    /// The project's, for all who work on it.
    Project,
    /// The person's own, for all projects.
    User,
}

impl Scope {
    /// Its name on the command line.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Scope::Project => "project",
            Scope::User => "user",
        }
    }
}

/// A file, and the piece that shall stand in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Placement {
    /// The file as the assistant names it; it may be a link.
    pub(super) file: PathBuf,
    /// Whose file it is.
    pub(super) scope: Scope,
    /// What shall stand in it.
    pub(super) piece: Piece,
}

/// The project and what is around it.
#[derive(Debug, Clone)]
pub(super) struct Site {
    /// The project's root, absolute and UTF-8.
    pub(super) root: PathBuf,
    /// The same without links in its path.
    pub(super) real_root: PathBuf,
    /// What is around the program.
    pub(super) surroundings: Surroundings,
    /// How files that are shared start this program.
    portable: String,
    /// How files of one person start it.
    own: String,
}

impl Site {
    /// A project.
    pub(super) fn new(root: &Path, surroundings: Surroundings) -> Site {
        Site {
            root: root.to_path_buf(),
            real_root: std::fs::canonicalize(root).unwrap_or_else(|_| root.to_path_buf()),
            portable: surroundings.portable_command(),
            own: surroundings.own_command(),
            surroundings,
        }
    }

    /// Whether files that are shared name a place of this machine.
    pub(super) fn is_bound_to_this_machine(&self) -> bool {
        self.portable != super::server::NAME
    }

    /// The instructions that most assistants read.
    pub(super) fn instructions(&self) -> Placement {
        let lines = include_str!("../texts/agents.md");
        self.in_project("AGENTS.md", Piece::Fence(lines))
    }

    fn in_project(&self, path: &str, piece: Piece) -> Placement {
        Placement { file: self.root.join(path), scope: Scope::Project, piece }
    }

    fn in_home(&self, file: PathBuf, piece: Piece) -> Placement {
        Placement { file, scope: Scope::User, piece }
    }

    /// The skill below a folder that holds skills.
    fn skill(&self, skills: PathBuf, scope: Scope) -> Placement {
        let file = skills.join("codecontext/SKILL.md");
        Placement { file, scope, piece: Piece::OwnFile(include_str!("../texts/skill.md")) }
    }

    /// The skill where assistants look that share one place for skills.
    fn shared_skill(&self, scope: Scope) -> Placement {
        let folder = match scope {
            Scope::Project => &self.root,
            Scope::User => &self.surroundings.home,
        };
        self.skill(folder.join(".agents/skills"), scope)
    }

    /// The command of a hook: silent where this program is not installed or
    /// knows nothing of the project.
    fn briefing(&self) -> String {
        format!("{} brief 2>/dev/null || true", shell_word(&self.portable))
    }

    /// An entry for an assistant that starts servers in the project's folder.
    fn started_in_the_project(&self, scope: Scope) -> Server {
        Server::started_in_the_project(self.command(scope))
    }

    /// An entry for an assistant that puts the project's folder where an entry
    /// asks for it.
    fn told_by_the_assistant(&self, scope: Scope) -> Server {
        Server::told(self.command(scope), "${workspaceFolder}")
    }

    /// An entry for an assistant that starts servers wherever it is itself.
    fn told_the_root(&self, scope: Scope) -> Server {
        Server::told(self.command(scope), &self.root.to_string_lossy())
    }

    fn command(&self, scope: Scope) -> &str {
        match scope {
            Scope::Project => &self.portable,
            Scope::User => &self.own,
        }
    }
}

impl Assistant {
    /// By which sign it is known to be here.
    pub(super) fn sign(&self, site: &Site) -> Option<String> {
        let programs = self.programs.iter();
        let mut programs = programs.filter_map(|name| site.surroundings.program_named(name));
        if let Some(program) = programs.next() {
            return Some(program.display().to_string());
        }
        let marks = self.project_marks.iter().map(|mark| site.root.join(mark));
        let mut marks = marks.chain((self.home_marks)(&site.surroundings));
        marks.find(|mark| mark.exists()).map(|mark| mark.display().to_string())
    }

    /// Whose files are written, if `wanted` is what the person asked for.
    pub(super) fn scope(&self, wanted: Option<Scope>) -> Scope {
        wanted.unwrap_or(if self.reads_project { Scope::Project } else { Scope::User })
    }
}

/// A server in a file whose servers stand in `mcpServers`.
fn mcp_servers(server: Server) -> JsonServer {
    JsonServer { servers: "mcpServers", says_stdio: false, is_plain: false, server }
}

/// A word as a shell reads it.
fn shell_word(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/._-+".contains(c);
    if word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_apart() {
        let names = ALL
            .iter()
            .flat_map(|one| [one.name].into_iter().chain(one.other_names.iter().copied()));
        let mut names: Vec<&str> = names.collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
    }

    #[test]
    fn a_shell_reads_a_word_as_one() {
        assert_eq!(shell_word("/opt/codecontext"), "/opt/codecontext");
        assert_eq!(shell_word("/o p/it's"), r"'/o p/it'\''s'");
    }
}
