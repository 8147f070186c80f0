//! The memories of a project, folded from the journal's records.

use ctx_model::memory::Memory;
use ctx_model::{Event, Outcome, ProjectId, Record, RecordId, Timestamp};
use rustc_hash::FxHashMap;

use crate::index::{Field, Index, MemoryNumber};
use crate::when;

/// The memories of one project and what has become of them. Holds everything
/// that recall needs; nothing that cannot be folded again.
#[derive(Debug, Clone)]
pub struct MemoryView {
    project: ProjectId,
    checkpoint: u64,
    pub(crate) memories: Vec<Memory>,
    pub(crate) index: Index,
    pub(crate) sessions: Vec<Session>,
    /// The session and the place in it of each memory.
    pub(crate) places: Vec<Option<(u32, u32)>>,
    /// Which memories were forgotten, by number.
    pub(crate) hidden: Vec<bool>,
    numbers: FxHashMap<RecordId, MemoryNumber>,
    session_numbers: FxHashMap<String, u32>,
    external: FxHashMap<String, MemoryNumber>,
    fates: FxHashMap<RecordId, Fate>,
}

/// Memories of one session, in the order in which they were recorded.
#[derive(Debug, Clone, Default)]
pub(crate) struct Session {
    pub(crate) memories: Vec<MemoryNumber>,
}

/// What became of a memory. Kept apart from it, because a record that speaks of
/// a memory can arrive before the record that made it, from another writer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Fate {
    pub(crate) forgotten: bool,
    pub(crate) superseded: Option<(RecordId, Timestamp)>,
    pub(crate) outcomes: [u32; Outcome::ALL.len()],
}

impl MemoryView {
    /// The view of a project without records.
    pub fn new(project: ProjectId) -> MemoryView {
        MemoryView {
            project,
            checkpoint: 0,
            memories: Vec::new(),
            index: Index::default(),
            sessions: Vec::new(),
            places: Vec::new(),
            hidden: Vec::new(),
            numbers: FxHashMap::default(),
            session_numbers: FxHashMap::default(),
            external: FxHashMap::default(),
            fates: FxHashMap::default(),
        }
    }

    /// The project that it is a view of.
    pub fn project(&self) -> ProjectId {
        self.project
    }

    /// The ordinal of the last record folded in; 0 if none was.
    pub fn checkpoint(&self) -> u64 {
        self.checkpoint
    }

    /// Folds the next record in. A record at or before the checkpoint was
    /// folded before and changes nothing.
    pub fn apply(&mut self, record: &Record) {
        if record.ordinal <= self.checkpoint {
            return;
        }
        self.checkpoint = record.ordinal;
        let Some(entry) = &record.entry else { return };
        match &entry.event {
            Event::Remembered(_) => {
                if let Some(memory) = record.memory() {
                    self.add(memory);
                }
            }
            Event::Forgotten { id, .. } => self.forget(*id),
            Event::RecordPurged { id } => self.purge(*id),
            Event::Superseded { id, by } => {
                self.fates.entry(*id).or_default().superseded = Some((*by, record.at));
            }
            Event::FeedbackGiven { id, outcome } => {
                let place = Outcome::ALL.iter().position(|other| other == outcome);
                let outcomes = &mut self.fates.entry(*id).or_default().outcomes;
                if let Some(count) = place.and_then(|place| outcomes.get_mut(place)) {
                    *count += 1;
                }
            }
            Event::ProjectDeleted => {
                let checkpoint = self.checkpoint;
                *self = MemoryView { checkpoint, ..MemoryView::new(self.project) };
            }
            Event::ProjectSealed | Event::ProjectUnsealed => {}
        }
    }

    fn add(&mut self, memory: Memory) {
        let number = self.memories.len() as MemoryNumber;
        let id = memory.id;
        if self.numbers.contains_key(&id) {
            return;
        }
        // The same thing said again under its own name is a revision.
        if let Some(external) = &memory.external_id
            && let Some(earlier) = self.external.insert(external.clone(), number)
        {
            let earlier = self.memories[earlier as usize].id;
            let fate = self.fates.entry(earlier).or_default();
            fate.superseded.get_or_insert((id, memory.provenance.at));
        }
        let place = memory.provenance.session.as_ref().map(|session| {
            let next = self.sessions.len() as u32;
            let at = *self.session_numbers.entry(session.clone()).or_insert(next);
            if at == next {
                self.sessions.push(Session::default());
            }
            let memories = &mut self.sessions[at as usize].memories;
            memories.push(number);
            (at, memories.len() as u32 - 1)
        });
        self.places.push(place);
        self.numbers.insert(id, number);
        self.index.add(number, &fields(&memory));
        self.memories.push(memory);
        self.hidden.push(false);
        if self.is_forgotten(id) {
            self.hide(number);
        }
    }

    fn forget(&mut self, id: RecordId) {
        let fate = self.fates.entry(id).or_default();
        let before = std::mem::replace(&mut fate.forgotten, true);
        if !before && let Some(&number) = self.numbers.get(&id) {
            self.hide(number);
        }
    }

    fn hide(&mut self, number: MemoryNumber) {
        self.index.remove(number, &fields(&self.memories[number as usize]));
        self.hidden[number as usize] = true;
    }

    /// Forgets a memory and lets go of its content.
    fn purge(&mut self, id: RecordId) {
        self.forget(id);
        if let Some(&number) = self.numbers.get(&id) {
            let memory = &mut self.memories[number as usize];
            memory.text.clear();
            memory.about.clear();
            memory.tags.clear();
            memory.external_id = None;
            self.external.retain(|_, other| *other != number);
        }
    }

    /// A memory that was not forgotten.
    pub fn get(&self, id: RecordId) -> Option<&Memory> {
        let number = *self.numbers.get(&id)?;
        self.memories.get(number as usize).filter(|_| !self.is_forgotten(id))
    }

    /// Memories whose id begins with some hexadecimal digits, forgotten ones left out.
    pub fn beginning_with(&self, digits: &str) -> Vec<RecordId> {
        let digits = digits.to_ascii_lowercase();
        let ids = self.memories.iter().map(|memory| memory.id);
        ids.filter(|id| id.to_string().starts_with(&digits) && !self.is_forgotten(*id)).collect()
    }

    /// How many memories there are that were not forgotten.
    pub fn len(&self) -> usize {
        self.index.memories() as usize
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether a record made a memory that was forgotten.
    pub fn is_forgotten(&self, id: RecordId) -> bool {
        self.fates.get(&id).is_some_and(|fate| fate.forgotten)
    }

    /// The latest memory that was given a name by the system it came from.
    pub(crate) fn with_external_id(&self, external: &str) -> Option<RecordId> {
        let number = *self.external.get(external)?;
        let id = self.memories[number as usize].id;
        (!self.is_forgotten(id)).then_some(id)
    }

    pub(crate) fn fate(&self, id: RecordId) -> Option<&Fate> {
        self.fates.get(&id)
    }

    /// Memories at a distance of `by` places in the same session.
    pub(crate) fn neighbour(&self, number: MemoryNumber, by: i64) -> Option<MemoryNumber> {
        let (session, place) = self.places[number as usize]?;
        let at = usize::try_from(i64::from(place) + by).ok()?;
        self.sessions[session as usize].memories.get(at).copied()
    }
}

/// The texts of a memory by the field that they are found under.
fn fields(memory: &Memory) -> [(Field, String); Field::COUNT] {
    let mut about = String::new();
    for thing in &memory.about {
        for text in [&thing.path, &thing.symbol].into_iter().flatten() {
            about.push_str(text);
            about.push(' ');
        }
    }
    let mut tags = memory.tags.join(" ");
    tags.push(' ');
    tags.push_str(memory.kind.name());
    let provenance = &memory.provenance;
    let who = format!("{} {}", provenance.actor.name, provenance.session.as_deref().unwrap_or(""));
    [
        (Field::Text, memory.text.clone()),
        (Field::About, about),
        (Field::Tags, tags),
        (Field::Who, who),
        (Field::Date, when::date_terms(provenance.at).join(" ")),
    ]
}
