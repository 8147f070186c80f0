//! A store in a folder of its own, with one project registered.

use std::path::Path;

use ctx_model::memory::MemoryKind;
use ctx_model::{
    Action, Actor, Draft, Event, Outcome, ProjectId, Record, RecordId, Remembered, Timestamp,
};
use ctx_security::{Permit, Policy, Secret, decide};
use ctx_storage::{Store, StoreOptions};

pub(crate) const ROOT: &str = "/home/ada/src/site";

pub(crate) struct Setup {
    pub(crate) dir: tempfile::TempDir,
    pub(crate) store: Store,
    pub(crate) project: ProjectId,
}

impl Setup {
    pub(crate) fn new() -> Setup {
        Setup::with(options())
    }

    pub(crate) fn with(options: StoreOptions) -> Setup {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path(), options).unwrap();
        let project = register(&store, ROOT);
        Setup { dir, store, project }
    }

    /// Closes the store and opens it again.
    pub(crate) fn reopened(self) -> Setup {
        let Setup { dir, store, project } = self;
        drop(store);
        Setup { store: open(dir.path()), dir, project }
    }

    pub(crate) fn permit(&self, action: Action) -> Permit {
        permit(action, self.project)
    }

    pub(crate) fn remember(&self, text: &str) -> RecordId {
        let draft = remembered(text);
        self.store.journal().append(&self.permit(Action::WriteMemory), draft).unwrap().id
    }

    pub(crate) fn records(&self) -> Vec<Record> {
        self.store.journal().records(self.project).unwrap().map(Result::unwrap).collect()
    }

    /// A line for each record of the project.
    pub(crate) fn log(&self) -> String {
        self.records().iter().map(line).collect::<Vec<_>>().join("\n")
    }

    /// What an audit says, in words.
    pub(crate) fn audit(&self) -> String {
        let report = self.store.journal().verify().unwrap();
        let mut text = format!(
            "{} records, {} purged, {} unchecked",
            report.records, report.purged, report.unchecked
        );
        for finding in report.findings {
            let sequence = finding.place.map_or_else(|| "?".into(), |(_, at)| at.to_string());
            text += &format!("\n{sequence}: {}", finding.fault);
        }
        text
    }

    pub(crate) fn secret() -> Secret {
        Secret::new([42; 32])
    }

    /// Whether any file below the data folder holds `text` as it stands.
    pub(crate) fn is_on_disk(&self, text: &str) -> bool {
        fn search(path: &Path, text: &[u8]) -> bool {
            std::fs::read_dir(path).unwrap().any(|entry| {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    search(&path, text)
                } else {
                    let bytes = std::fs::read(path).unwrap();
                    memchr::memmem::find(&bytes, text).is_some()
                }
            })
        }
        search(self.dir.path(), text.as_bytes())
    }
}

pub(crate) fn open(dir: &Path) -> Store {
    Store::open(dir, options()).unwrap()
}

pub(crate) fn options() -> StoreOptions {
    StoreOptions { reserve_bytes: 0, ..StoreOptions::default() }
}

pub(crate) fn permit(action: Action, project: ProjectId) -> Permit {
    decide(&Policy::local(), &Actor::person("ada"), action, project, Timestamp(1_000)).unwrap()
}

pub(crate) fn register(store: &Store, root: &str) -> ProjectId {
    let project = store.project_id(root);
    store.register_project(&permit(Action::IndexProject, project), root).unwrap()
}

pub(crate) fn remembered(text: &str) -> Draft {
    let event = Event::Remembered(Remembered {
        kind: MemoryKind::Decision,
        text: text.into(),
        about: Vec::new(),
        tags: Vec::new(),
        external_id: None,
        said_by: None,
        said_at: None,
    });
    Draft::bare(event, Timestamp(2_000))
}

pub(crate) fn line(record: &Record) -> String {
    let said = match record.entry.as_ref().map(|entry| &entry.event) {
        None => "(purged)".into(),
        Some(Event::Remembered(remembered)) => format!("remembered {:?}", remembered.text),
        Some(Event::Forgotten { reason, .. }) => format!("forgotten {reason:?}"),
        Some(Event::Superseded { .. }) => "superseded".into(),
        Some(Event::FeedbackGiven { outcome, .. }) => format!("feedback {}", outcome.name()),
        Some(Event::ProjectSealed) => "sealed".into(),
        Some(Event::ProjectUnsealed) => "unsealed".into(),
        Some(Event::RecordPurged { .. }) => "purged a record".into(),
        Some(Event::ProjectDeleted) => "deleted".into(),
    };
    format!("{} #{} {said}", record.ordinal, record.sequence)
}

pub(crate) fn feedback(id: RecordId, outcome: Outcome) -> Draft {
    Draft::bare(Event::FeedbackGiven { id, outcome }, Timestamp(3_000))
}
