//! Records without secrets: every text that a journal's entry holds.

use ctx_model::{Actor, Entry, Event, Remembered};

use super::redact;

/// Strikes secrets out of every text of `entry`: who acts, the session, the
/// branch and what happened. Returns how many texts held any.
pub fn redact_entry(entry: &mut Entry) -> u32 {
    // Named one by one, so that a new field is not forgotten.
    let Entry { event, actor, session, commit, branch } = entry;
    let texts = session.iter_mut().chain(commit).chain(branch);
    redact_event(event) + redact_actor(actor) + redact_all(texts)
}

/// Strikes secrets out of every text of a memory. Returns how many held any.
pub fn redact_memory(memory: &mut Remembered) -> u32 {
    let Remembered { kind: _, text, about, tags, external_id, said_by, said_at: _ } = memory;
    let names = about.iter_mut().flat_map(|about| about.path.iter_mut().chain(&mut about.symbol));
    let texts = [text].into_iter().chain(names).chain(tags).chain(external_id);
    redact_all(texts) + said_by.as_mut().map_or(0, redact_actor)
}

fn redact_event(event: &mut Event) -> u32 {
    match event {
        Event::Remembered(memory) => redact_memory(memory),
        Event::Forgotten { id: _, reason } => redact_all(reason),
        Event::Superseded { .. }
        | Event::FeedbackGiven { .. }
        | Event::ProjectSealed
        | Event::ProjectUnsealed
        | Event::RecordPurged { .. }
        | Event::ProjectDeleted => 0,
    }
}

fn redact_actor(actor: &mut Actor) -> u32 {
    let Actor { kind: _, name, model } = actor;
    redact_all([name].into_iter().chain(model))
}

fn redact_all<'a>(texts: impl IntoIterator<Item = &'a mut String>) -> u32 {
    let mut count = 0;
    for text in texts {
        let redacted = redact(text);
        if !redacted.found.is_empty() {
            *text = redacted.text;
            count += 1;
        }
    }
    count
}
