//! Pieces: what init keeps in one file of somebody's, and nothing else of it.
//!
//! Text goes in, text comes out. A piece can be put into a file that has none
//! of it, brought up to date, and taken out again; every byte around it stays.

mod fence;
mod json_server;
mod own_file;
mod session_hook;
mod toml_server;
mod tool_list;

use super::server::Server;
use super::text;

pub(super) use json_server::JsonServer;
pub(super) use tool_list::is_allow_list;

/// What init keeps in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    /// An MCP server among others, in JSON.
    JsonServer(JsonServer),
    /// An MCP server among others, in Codex's TOML.
    TomlServer(Server),
    /// A command that an assistant runs when a session starts, in JSON.
    SessionHook(String),
    /// Lines between two marks.
    Fence(&'static str),
    /// All of the file.
    OwnFile(&'static str),
    /// Names of our tools in the list of those that a sub-agent may use.
    ToolList(Vec<String>),
}

/// What to do with what somebody else wrote where the piece belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Clash {
    /// Leave it.
    Keep,
    /// Put the piece in its place.
    Replace,
}

/// What came of putting a piece into a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Put {
    /// It was all there.
    Same,
    /// The file's new text, and how many containers around the piece had to be
    /// made for it.
    Text { text: String, made: usize },
}

/// What a file is without the piece.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Removed {
    /// Its text.
    pub(super) text: String,
    /// Whether it says nothing any more.
    pub(super) is_bare: bool,
}

/// Why a file is left as it is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Problem {
    /// It is not what its name says.
    #[error("line {line}, column {column}: {message}")]
    Broken { line: usize, column: usize, message: String },
    /// Something in it is of another kind than the assistant reads.
    #[error("line {line}, column {column}: {name} must be {wanted} and is {is}")]
    Kind { name: String, wanted: &'static str, is: &'static str, line: usize, column: usize },
    /// Somebody has a server of our name that is none of ours.
    #[error("it has a server `{name}` of its own, which runs `{runs}`")]
    Foreign { name: &'static str, runs: String },
    /// It connects the assistant to another project.
    #[error("it connects the assistant to another project, `{root}`")]
    Elsewhere { root: String },
    /// A file that is ours alone was changed by somebody.
    #[error(
        "it is not as this version writes it: somebody changed it, or another version wrote it"
    )]
    Changed,
    /// Putting it in twice would not end; nothing of somebody's is risked.
    #[error("it is laid out in a way that cannot be changed safely")]
    Unsure,
}

impl Problem {
    /// A text that is broken at this byte.
    pub(super) fn broken(text: &str, at: usize, message: impl Into<String>) -> Problem {
        let (line, column) = text::position(text, at);
        Problem::Broken { line, column, message: message.into() }
    }

    /// Whether a person may have the piece put in all the same.
    pub(super) fn can_be_forced(&self) -> bool {
        matches!(self, Problem::Foreign { .. } | Problem::Elsewhere { .. } | Problem::Changed)
    }
}

impl Piece {
    /// What people call it.
    pub(super) fn noun(&self) -> &'static str {
        match self {
            Piece::JsonServer(_) | Piece::TomlServer(_) => "MCP server",
            Piece::SessionHook(_) => "session hook",
            Piece::Fence(_) => "instructions",
            Piece::OwnFile(_) => "skill",
            Piece::ToolList(_) => "sub-agent's tools",
        }
    }

    /// Puts the piece into a file's text, or into a file that is not there yet.
    pub(super) fn put(&self, text: &str, clash: Clash) -> Result<Put, Problem> {
        let (mark, body) = text::unmarked(text);
        let put = self.put_into(body, clash)?;
        let Put::Text { text: body, made } = put else { return Ok(put) };
        // Whatever a layout hides from us, a file that would be changed again
        // and again is not written.
        if self.put_into(&body, Clash::Keep) != Ok(Put::Same) {
            return Err(Problem::Unsure);
        }
        Ok(Put::Text { text: format!("{mark}{body}"), made })
    }

    /// Takes the piece out, with up to `made` containers around it that are
    /// empty then. None where the text has none of it.
    pub(super) fn remove(&self, text: &str, made: usize) -> Result<Option<Removed>, Problem> {
        let (mark, body) = text::unmarked(text);
        let Some(mut removed) = self.remove_from(body, made)? else { return Ok(None) };
        if self.remove_from(&removed.text, made)?.is_some() {
            return Err(Problem::Unsure);
        }
        removed.text.insert_str(0, mark);
        Ok(Some(removed))
    }

    /// What the assistant will not like about a file that is otherwise right.
    pub(super) fn complaint(&self, text: &str) -> Option<&'static str> {
        match self {
            Piece::JsonServer(piece) => piece.complaint(text::unmarked(text).1),
            _ => None,
        }
    }

    fn put_into(&self, text: &str, clash: Clash) -> Result<Put, Problem> {
        match self {
            Piece::JsonServer(piece) => piece.put(text, clash),
            Piece::TomlServer(server) => toml_server::put(server, text, clash),
            Piece::SessionHook(command) => session_hook::put(command, text),
            Piece::Fence(lines) => fence::put(lines, text),
            Piece::OwnFile(content) => own_file::put(content, text, clash),
            Piece::ToolList(tools) => tool_list::put(tools, text),
        }
    }

    fn remove_from(&self, text: &str, made: usize) -> Result<Option<Removed>, Problem> {
        match self {
            Piece::JsonServer(piece) => piece.remove(text, made),
            Piece::TomlServer(_) => toml_server::remove(text),
            Piece::SessionHook(_) => session_hook::remove(text, made),
            Piece::Fence(_) => fence::remove(text),
            Piece::OwnFile(content) => Ok(own_file::remove(content, text)),
            Piece::ToolList(tools) => tool_list::remove(tools, text),
        }
    }
}
