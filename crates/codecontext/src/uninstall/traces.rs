//! Everything of CodeContext that is on this machine.

use std::path::{Path, PathBuf};

use ctx_engine::data_folder;
use ctx_server::wire::v1::project::ProjectsAnswer;

use super::data_folder::Content;
use super::kept::Kept;
use super::programs::Program;
use super::settings;
use super::sockets::Sockets;
use crate::client::{Client, DaemonClient, Question};
use crate::config::{self, Config};
use crate::daemon::Place;
use crate::exit::Failure;
use crate::{init, session};

/// How far to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    /// The data folder that was named, and nothing else.
    Folder,
    /// All that this user has.
    Everything,
}

/// What was found.
#[derive(Debug)]
pub(crate) struct Traces {
    pub(crate) scope: Scope,
    /// The data folder at hand, without links in its path; it may not be there.
    pub(crate) data_dir: PathBuf,
    pub(super) content: Content,
    /// The process of its daemon, if it runs.
    pub(crate) daemon: Option<u32>,
    /// Roots of the projects that it knows and that are not locked.
    pub(crate) roots: Vec<PathBuf>,
    /// Projects whose assistants were connected by `init`.
    pub(crate) connected: Vec<PathBuf>,
    /// Sockets and settings outside the data folder.
    pub(crate) files: Vec<PathBuf>,
    /// What stays in any case.
    pub(crate) kept: Vec<Kept>,
    pub(crate) programs: Vec<Program>,
    /// What could not be found out.
    pub(crate) notes: Vec<String>,
}

impl Traces {
    /// Looks for everything; changes nothing.
    pub(crate) fn find(config: &Config, scope: Scope) -> Result<Traces, Failure> {
        let place = Place::existing(config.data_dir())?;
        let data_dir = place.as_ref().map_or(config.data_dir(), Place::data_dir).to_path_buf();
        let content = Content::of(&data_dir).map_err(|error| {
            let shown = data_dir.display();
            Failure::unusable(format!("could not look into `{shown}`")).because(error)
        })?;
        let mut traces = Traces {
            scope,
            content,
            daemon: None,
            roots: Vec::new(),
            connected: init::connected_roots(&data_dir),
            files: Vec::new(),
            kept: Vec::new(),
            programs: Program::find(),
            notes: Vec::new(),
            data_dir,
        };
        if data_folder::is_marked(&traces.data_dir) {
            traces.ask(config)?;
        }
        let sockets = Sockets::find(&traces.data_dir);
        match scope {
            Scope::Everything => {
                traces.files = sockets.files;
                traces.files.extend(settings::users());
                traces.kept = settings::of_others(&traces.roots);
                traces.kept.extend(settings::beside_users());
                traces.kept.extend(other_data_folder(&traces.data_dir));
                traces.kept.extend(sockets.of_others);
            }
            Scope::Folder => {
                let socket = place.as_ref().map(Place::socket);
                traces.files = sockets.files;
                traces.files.retain(|file| Some(file.as_path()) == socket);
            }
        }
        let strange = &traces.content.strange;
        traces.kept.extend(strange.iter().map(|path| Kept::oddly(path, "is not ours")));
        Ok(traces)
    }

    /// Whether the data folder is there.
    pub(crate) fn has_data(&self) -> bool {
        self.data_dir.is_dir()
    }

    /// How many files of ours the data folder holds, and their bytes.
    pub(crate) fn data_size(&self) -> (u64, u64) {
        (self.content.files.len() as u64, self.content.bytes)
    }

    /// Every file that a purge removes.
    pub(crate) fn removable(&self) -> Vec<PathBuf> {
        self.content.files.iter().chain(&self.files).cloned().collect()
    }

    /// Refuses a data folder that holds other things and does not say that it
    /// is one: somebody may have named a folder by mistake.
    pub(crate) fn refuse_strangers(&self) -> Result<(), Failure> {
        if self.content.is_ours(&self.data_dir) {
            return Ok(());
        }
        let shown = self.data_dir.display();
        let strange = self.content.strange.len();
        let first = self.content.strange.first().map(|path| path.display().to_string());
        let message = format!("`{shown}` is not a data folder of CodeContext");
        Err(Failure::unusable(message)
            .because(format!("it holds {strange} that is not ours: {}", first.unwrap_or_default()))
            .hint("name the data folder with --data-dir; nothing was removed"))
    }

    /// Asks the store for its projects, through its daemon if one runs.
    fn ask(&mut self, config: &Config) -> Result<(), Failure> {
        let client = match DaemonClient::running(config)? {
            Some((client, daemon)) => {
                self.daemon = Some(daemon.pid);
                Ok(Client::Daemon(Box::new(client)))
            }
            None => Client::in_process(config),
        };
        let answer = client
            .and_then(|mut client| client.ask(&Question::plain("/projects")))
            .and_then(|body| session::read::<ProjectsAnswer>(&body));
        match answer {
            Ok(answer) => {
                let roots = answer.projects.into_iter().filter_map(|project| project.root);
                self.roots = roots.map(PathBuf::from).collect();
            }
            // A store that cannot be opened can still be removed.
            Err(Failure::Told(error)) => {
                self.notes.push(format!("its projects cannot be listed: {}", error.message));
            }
            Err(failure) => return Err(failure),
        }
        Ok(())
    }
}

/// The data folder that is used where nothing is said, if it is another one.
fn other_data_folder(data_dir: &Path) -> Option<Kept> {
    let usual = config::default_data_dir()?;
    let usual = std::fs::canonicalize(usual).ok()?;
    if usual == data_dir || !data_folder::is_marked(&usual) {
        return None;
    }
    let why = "is another data folder: `codecontext --data-dir … uninstall --purge` removes it";
    Some(Kept::rightly(usual, why))
}
