//! What every command has at hand: configuration, output, the project it is
//! about and a way to ask.

use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;

use ctx_engine::ErrorKind;
use ctx_server::wire::v1::project::ProjectsAnswer;

use crate::cli::Globals;
use crate::client::{Client, Question};
use crate::config::Config;
use crate::exit::{Exit, Failure};
use crate::output::{Output, Page};
use crate::project;

/// What a command has at hand.
#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) globals: Globals,
    pub(crate) output: Output,
    pub(crate) config: Config,
    client: Option<Client>,
    root: Option<PathBuf>,
}

impl Session {
    /// Reads the configuration; asks nobody yet.
    pub(crate) fn new(globals: Globals, output: Output) -> Result<Session, Failure> {
        let config = Config::load(globals.data_dir.as_deref())?;
        Ok(Session { globals, output, config, client: None, root: None })
    }

    /// The way to ask, made at first use.
    pub(crate) fn client(&mut self) -> Result<&mut Client, Failure> {
        let client = match self.client.take() {
            Some(client) => client,
            None if self.globals.no_daemon => Client::in_process(&self.config)?,
            None => Client::to_daemon(&self.config)?,
        };
        Ok(self.client.insert(client))
    }

    /// Lets go of the way to ask; the next use makes a new one.
    pub(crate) fn disconnect(&mut self) {
        self.client = None;
    }

    /// Makes `folder` the project, whatever the flags say.
    pub(crate) fn use_root(&mut self, folder: &Path) -> Result<(), Failure> {
        self.root = Some(project::given(folder)?);
        Ok(())
    }

    /// The project's root: as given, or around the current folder by its
    /// marks, or the nearest that the store knows, or the current folder.
    pub(crate) fn root(&mut self) -> Result<PathBuf, Failure> {
        if let Some(root) = &self.root {
            return Ok(root.clone());
        }
        let root = match self.globals.project.clone() {
            Some(folder) => project::given(&folder)?,
            None => {
                let current = project::current()?;
                match project::marked_around(&current) {
                    Some(root) => root,
                    None => self.known_around(&current)?.unwrap_or(current),
                }
            }
        };
        Ok(self.root.insert(root).clone())
    }

    fn known_around(&mut self, folder: &Path) -> Result<Option<PathBuf>, Failure> {
        let question = Question::plain("/projects");
        let Ok(body) = self.client()?.ask(&question) else { return Ok(None) };
        let known: ProjectsAnswer = read(&body)?;
        let roots = known.projects.into_iter().filter_map(|project| project.root);
        let around = roots.map(PathBuf::from).filter(|root| folder.starts_with(root));
        Ok(around.max_by_key(|root| root.components().count()))
    }

    /// Asks a verb about the project; the answer is JSON.
    pub(crate) fn ask(
        &mut self,
        path: &'static str,
        request: &impl Serialize,
    ) -> Result<Vec<u8>, Failure> {
        let root = self.root()?;
        self.client()?.ask(&Question::with_body(path, request).about(&root))
    }

    /// Asks a verb that takes nothing but the project; the answer is JSON.
    pub(crate) fn ask_plain(&mut self, path: &'static str) -> Result<Vec<u8>, Failure> {
        let root = self.root()?;
        self.client()?.ask(&Question::plain(path).about(&root))
    }

    /// Prints an answer: as it is with `--json`, else as `write` has it.
    pub(crate) fn print<T: DeserializeOwned>(
        &self,
        body: &[u8],
        write: impl FnOnce(&T, &mut Page),
    ) -> Result<Exit, Failure> {
        if self.output.json {
            self.output.document(body)?;
            return Ok(Exit::Done);
        }
        let answer: T = read(body)?;
        let mut page = Page::new();
        write(&answer, &mut page);
        self.output.page(&page)?;
        Ok(Exit::Done)
    }
}

/// Reads an answer.
pub(crate) fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Failure> {
    serde_json::from_slice(body).map_err(|error| {
        Failure::new(ErrorKind::Incompatible, "the daemon's answer does not fit this version")
            .because(error)
            .hint("`codecontext daemon stop`, then try again")
    })
}
