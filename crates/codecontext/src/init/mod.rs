//! Init: connect the assistants that are found to a project, and undo it.
//!
//! `pieces` says what stands in which kind of file and only turns text into
//! text; `assistants` says which files those are. `writing` and `undoing` read
//! and write them, and the ledger remembers what they were before.

mod assistants;
mod pieces;
mod server;
mod json;
mod jsonc;
mod text;
mod change;
mod writing;
mod undoing;
mod ledger;
mod patch;
mod files;
mod surroundings;

use std::path::{Path, PathBuf};

use crate::exit::Failure;

pub(crate) use assistants::{ALL, Assistant, Scope};
pub(crate) use change::{Change, Outcome, name_in};
pub(crate) use writing::Mode;

use assistants::{Placement, Site};
use ledger::Ledger;
use pieces::Clash;
use surroundings::Surroundings;
use writing::Task;

/// What a person asked for.
#[derive(Debug, Clone)]
pub(crate) struct Wish {
    /// These assistants; those found here if empty.
    pub(crate) assistants: Vec<&'static Assistant>,
    /// Whose files; the project's where an assistant reads them, if not said.
    pub(crate) scope: Option<Scope>,
    /// Also the lists of tools of the project's sub-agents.
    pub(crate) sub_agents: bool,
    /// Also over what somebody else wrote under our name.
    pub(crate) force: bool,
    /// Whether anything is written.
    pub(crate) mode: Mode,
}

/// An assistant, and how it is connected.
#[derive(Debug, Clone)]
pub(crate) struct Connected {
    /// The assistant.
    pub(crate) assistant: &'static Assistant,
    /// The sign by which it was found; none if it was only asked for.
    pub(crate) sign: Option<String>,
    /// Whose files connect it.
    pub(crate) scope: Scope,
    /// What the person does next; nothing where it was not connected.
    pub(crate) next: Option<&'static str>,
}

/// What was done, or would be.
#[derive(Debug, Clone)]
pub(crate) struct Done {
    /// The assistants, in the order in which they are shown.
    pub(crate) connected: Vec<Connected>,
    /// The files.
    pub(crate) changes: Vec<Change>,
    /// What there is to say beside them.
    pub(crate) notes: Vec<String>,
}

/// Refuses a root whose files are a person's own.
pub(crate) fn check_root(root: &Path) -> Result<(), Failure> {
    let real = |path: &Path| std::fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    let home = std::env::var_os("HOME").map(PathBuf::from);
    let is_home = home.is_some_and(|home| real(&home) == real(root));
    if is_home || real(root).parent().is_none() {
        return Err(Failure::unusable(format!("`{}` is no project's folder", root.display()))
            .hint("go to a project's folder, or name it with --project"));
    }
    Ok(())
}

/// Connects the assistants to the project at `root`.
pub(crate) fn connect(root: &Path, data_dir: &Path, wish: &Wish) -> Result<Done, Failure> {
    let site = Site::new(root, Surroundings::read()?);
    let connected = chosen(&site, wish);
    let mut tasks = Vec::new();
    for one in &connected {
        for placement in (one.assistant.placements)(&site, one.scope) {
            add(&mut tasks, placement, one.assistant);
        }
        if wish.scope != Some(Scope::User) {
            add(&mut tasks, site.instructions(), one.assistant);
        }
    }
    let mut notes = Vec::new();
    add_sub_agents(&site, wish, &connected, &mut tasks, &mut notes);
    let is_shared = tasks.iter().any(|task| task.placement.scope == Scope::Project);
    if is_shared && site.is_bound_to_this_machine() {
        notes.push(
            "the project's files name this program by its place on this machine; to share them, \
             put it on PATH as `codecontext` and run `codecontext init` again"
                .into(),
        );
    }
    let mut ledger = opened(data_dir, wish.mode)?;
    let clash = if wish.force { Clash::Replace } else { Clash::Keep };
    let changes = writing::connect(&site, &tasks, &mut ledger, wish.mode, clash)?;
    Ok(Done { connected, changes, notes })
}

/// Takes out of the project, and out of a person's files, what connecting put
/// there.
pub(crate) fn disconnect(root: &Path, data_dir: &Path, wish: &Wish) -> Result<Done, Failure> {
    let site = Site::new(root, Surroundings::read()?);
    let mut ledger = opened(data_dir, wish.mode)?;
    let noted: Vec<PathBuf> = ledger.files_of(&site.real_root).map(Path::to_path_buf).collect();
    let everyone = wish.assistants.is_empty();
    let assistants = if everyone { ALL.to_vec() } else { wish.assistants.clone() };
    let mut tasks = Vec::new();
    for assistant in assistants {
        let scope = assistant.scope(wish.scope);
        for placement in (assistant.placements)(&site, scope) {
            add(&mut tasks, placement, assistant);
        }
        if wish.scope.is_none() && scope == Scope::Project {
            // Of a person's files only those that were written for this project.
            let own = (assistant.placements)(&site, Scope::User).into_iter();
            for placement in own.filter(|placement| is_noted(&site, placement, &noted)) {
                add(&mut tasks, placement, assistant);
            }
        }
        if wish.scope != Some(Scope::User) {
            add(&mut tasks, site.instructions(), assistant);
        }
    }
    if wish.scope != Some(Scope::User) && tasks.iter().any(is_claudes) {
        for placement in assistants::sub_agent_tools(&site) {
            add(&mut tasks, placement, ALL[0]);
        }
    }
    let changes = undoing::disconnect(&site, &tasks, &mut ledger, wish.mode)?;
    Ok(Done { connected: Vec::new(), changes, notes: Vec::new() })
}

/// Projects whose assistants were connected.
pub(crate) fn connected_roots(data_dir: &Path) -> Vec<PathBuf> {
    Ledger::seen(data_dir).roots().into_iter().collect()
}

/// Whether a path in a data folder is one that connecting made.
pub(crate) fn belongs(path: &Path) -> bool {
    ledger::belongs(path)
}

/// Undoes everything that connecting did to a project, whoever it was for.
pub(crate) fn disconnect_whole(root: &Path, data_dir: &Path) -> Result<Done, Failure> {
    let wish = Wish {
        assistants: Vec::new(),
        scope: None,
        sub_agents: false,
        force: false,
        mode: Mode::Write,
    };
    disconnect(root, data_dir, &wish)
}

fn opened(data_dir: &Path, mode: Mode) -> Result<Ledger, Failure> {
    match mode {
        Mode::Write => Ledger::open(data_dir),
        Mode::Look => Ok(Ledger::seen(data_dir)),
    }
}

/// The assistants that were asked for, else those that are found.
fn chosen(site: &Site, wish: &Wish) -> Vec<Connected> {
    let asked = !wish.assistants.is_empty();
    let assistants = if asked { wish.assistants.clone() } else { ALL.to_vec() };
    let described = assistants.into_iter().map(|assistant| Connected {
        assistant,
        sign: assistant.sign(site),
        scope: assistant.scope(wish.scope),
        next: match (assistant.scope(wish.scope), assistant.reads_project) {
            (Scope::Project, false) => None,
            // Its next step is about trusting a project's files.
            (Scope::User, true) => Some("start it again: it reads its own file when it starts"),
            _ => Some(assistant.next),
        },
    });
    described.filter(|one| asked || one.sign.is_some()).collect()
}

/// Adds a piece in its file; several assistants may read the same.
fn add(tasks: &mut Vec<Task>, placement: Placement, assistant: &'static Assistant) {
    match tasks.iter_mut().find(|task| task.placement.file == placement.file) {
        Some(task) if task.assistants.iter().all(|one| one.name != assistant.name) => {
            task.assistants.push(assistant);
        }
        Some(_) => {}
        None => tasks.push(Task { placement, assistants: vec![assistant] }),
    }
}

fn add_sub_agents(
    site: &Site,
    wish: &Wish,
    connected: &[Connected],
    tasks: &mut Vec<Task>,
    notes: &mut Vec<String>,
) {
    let claude = connected.iter().find(|one| one.assistant.name == ALL[0].name);
    let Some(claude) = claude.filter(|one| one.scope == Scope::Project) else { return };
    let lists = assistants::sub_agent_tools(site);
    if wish.sub_agents {
        lists.into_iter().for_each(|placement| add(tasks, placement, claude.assistant));
        return;
    }
    let lacks = |placement: &Placement| {
        let text = files::resolved(&placement.file, placement.scope, &site.root)
            .and_then(|file| files::read(&file))
            .ok()
            .flatten()
            .unwrap_or_default();
        placement.piece.put(&text, Clash::Keep) != Ok(pieces::Put::Same)
    };
    let lacking = lists.iter().filter(|placement| lacks(placement)).count();
    if lacking > 0 {
        let agents = crate::output::counted(lacking as u64, "sub-agent");
        let verb = if lacking == 1 { "lists its tools" } else { "list their tools" };
        notes.push(format!("{agents} of Claude Code {verb} without ours; --agents adds them"));
    }
}

fn is_noted(site: &Site, placement: &Placement, noted: &[PathBuf]) -> bool {
    let file = files::resolved(&placement.file, placement.scope, &site.root);
    file.is_ok_and(|file| noted.contains(&file))
}

fn is_claudes(task: &Task) -> bool {
    task.assistants.iter().any(|one| one.name == ALL[0].name)
}
