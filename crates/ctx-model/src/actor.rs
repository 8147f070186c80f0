//! Who acts, and what can be done.

use std::fmt;

/// What kind of party acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ActorKind {
    /// A person at a terminal or an editor.
    Person,
    /// An AI assistant.
    Assistant,
    /// CodeContext itself: indexing, watching, migration.
    System,
}

/// Who acts: every journal record and every permit names one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Actor {
    /// What kind of party.
    pub kind: ActorKind,
    /// Its name, for example a login or an assistant's product name.
    pub name: String,
    /// The model behind an assistant, where it said so.
    pub model: Option<String>,
}

impl Actor {
    /// CodeContext acting for itself.
    pub fn system() -> Actor {
        Actor { kind: ActorKind::System, name: "codecontext".into(), model: None }
    }

    /// A person known by `name`.
    pub fn person(name: impl Into<String>) -> Actor {
        Actor { kind: ActorKind::Person, name: name.into(), model: None }
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

/// Something that needs permission.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// Read a project's index, graph or memories.
    ReadProject,
    /// Build or change a project's facts and views.
    IndexProject,
    /// Add a memory, or a record that revises one.
    WriteMemory,
    /// Mark a memory as forgotten; its record stays in the chain.
    ForgetMemory,
    /// Destroy a record's payload and its key.
    PurgeRecord,
    /// Seal a project or change how it is sealed.
    SealProject,
    /// Stop, drain or replace the daemon, or close a project in it.
    ManageDaemon,
}

impl Action {
    /// The name used in messages, in policies and in the audit trail.
    pub fn name(self) -> &'static str {
        match self {
            Action::ReadProject => "read-project",
            Action::IndexProject => "index-project",
            Action::WriteMemory => "write-memory",
            Action::ForgetMemory => "forget-memory",
            Action::PurgeRecord => "purge-record",
            Action::SealProject => "seal-project",
            Action::ManageDaemon => "manage-daemon",
        }
    }
}
