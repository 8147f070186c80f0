//! Recall: find the memories worth repeating to an assistant.

use ctx_model::memory::{Memory, MemoryKind};
use ctx_model::{Action, Timestamp};
use ctx_security::{Permit, WrongPermit};

use crate::index::Field;
use crate::query::{Question, Scored};
use crate::standing::{CodeState, Status, balance, judge};
use crate::view::MemoryView;
use crate::when;

/// The best memory must cover this share of a question, by the rarity of its
/// words, or nothing is recalled: a wrong memory costs more than none.
const LEAST_COVERAGE: f32 = 0.12;

/// Memories with less than this share of the best score are left out.
const LEAST_SCORE: f32 = 0.15;

/// What recency and outcomes can add or take: enough to part equals only.
const TIE_BREAK: f32 = 0.02;

/// What a memory that cannot be fully believed keeps of its score.
const DOUBTED: f32 = 0.6;

/// A question to the memories.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RecallQuery {
    /// Prose or words. Empty with `about` set: everything about that.
    pub text: String,
    /// At most this many.
    pub limit: usize,
    /// Only those about one of these symbols or paths (a folder's path stands
    /// for all in it, a symbol's last names for the whole); all if empty.
    pub about: Vec<String>,
    /// Only of these kinds; all if empty.
    pub kinds: Vec<MemoryKind>,
    /// As they stood then, instead of now.
    pub as_of: Option<Timestamp>,
}

/// A memory, and how much it is worth to the question.
#[derive(Debug, Clone, PartialEq)]
pub struct Recalled {
    /// The memory.
    pub memory: Memory,
    /// Higher is better; comparable within one answer only.
    pub score: f64,
    /// What spoke for it and what speaks against it, weightiest first.
    pub why: Vec<String>,
    /// Whether it can still be believed.
    pub status: Status,
}

/// Finds the memories that answer a question, best first. Nothing at all if none
/// answers it well enough. The permit must cover `ReadProject`. `now` is the time
/// of asking; `code` tells what has become of what the memories speak of.
pub fn recall(
    permit: &Permit,
    view: &MemoryView,
    query: &RecallQuery,
    now: Timestamp,
    code: &CodeState<'_>,
) -> Result<Vec<Recalled>, WrongPermit> {
    permit.covers(Action::ReadProject, view.project())?;
    let question = Question::new(view, &query.text, now);
    if question.terms.is_empty() {
        let asked = query.text.trim().is_empty() && !query.about.is_empty();
        let found = if asked { newest_first(view, query, code) } else { Vec::new() };
        return Ok(found);
    }
    let mut scored = question.score(view);
    scored.retain(|scored| {
        let memory = &view.memories[scored.memory as usize];
        // Only talk is answered by what stands beside the words asked for.
        let answers = scored.own || memory.kind == MemoryKind::Conversation;
        answers && !view.hidden[scored.memory as usize] && admitted(memory, query)
    });
    if !good_enough(view, &question, &scored) {
        return Ok(Vec::new());
    }
    let mut ranked: Vec<(f32, Scored)> =
        scored.into_iter().map(|scored| (adjusted(view, scored, query, now), scored)).collect();
    // Newer before older among equals.
    ranked.sort_by(|(a, left), (b, right)| {
        b.total_cmp(a).then_with(|| right.memory.cmp(&left.memory))
    });
    let least = ranked.first().map_or(0.0, |(best, _)| best * LEAST_SCORE);
    // Staleness is asked for few memories only, so some more than wanted are
    // judged before the doubted ones go down.
    let judged = query.limit.saturating_mul(2).min(query.limit.saturating_add(20));
    let mut recalled: Vec<Recalled> = ranked
        .into_iter()
        .take_while(|(score, _)| *score >= least)
        .take(judged)
        .map(|(score, scored)| explained(view, &question, query, (score, scored), code))
        .collect();
    recalled.sort_by(|a, b| b.score.total_cmp(&a.score));
    recalled.truncate(query.limit);
    Ok(recalled)
}

/// Decisions about some symbols or paths, newest first; all decisions if none
/// are given. The permit must cover `ReadProject`.
pub fn decisions(
    permit: &Permit,
    view: &MemoryView,
    about: &[String],
    code: &CodeState<'_>,
) -> Result<Vec<Recalled>, WrongPermit> {
    let query = RecallQuery {
        limit: usize::MAX,
        about: about.to_vec(),
        kinds: vec![MemoryKind::Decision],
        ..RecallQuery::default()
    };
    memories(permit, view, &query, code)
}

/// Every memory that a query admits, whatever its text, newest first. The permit
/// must cover `ReadProject`.
pub fn memories(
    permit: &Permit,
    view: &MemoryView,
    query: &RecallQuery,
    code: &CodeState<'_>,
) -> Result<Vec<Recalled>, WrongPermit> {
    permit.covers(Action::ReadProject, view.project())?;
    Ok(newest_first(view, query, code))
}

fn newest_first(view: &MemoryView, query: &RecallQuery, code: &CodeState<'_>) -> Vec<Recalled> {
    let shown = view.memories.iter().zip(&view.hidden).filter(|(_, hidden)| !**hidden);
    let mut found: Vec<&Memory> =
        shown.map(|(memory, _)| memory).filter(|memory| admitted(memory, query)).collect();
    found.reverse();
    found.sort_by_key(|memory| std::cmp::Reverse(memory.provenance.at));
    let judged = found.into_iter().take(query.limit).map(|memory| {
        let (status, reason) = judge(view, memory, query.as_of, code);
        Recalled { memory: memory.clone(), score: 0.0, why: reason.into_iter().collect(), status }
    });
    judged.collect()
}

fn admitted(memory: &Memory, query: &RecallQuery) -> bool {
    (query.kinds.is_empty() || query.kinds.contains(&memory.kind))
        && query.as_of.is_none_or(|as_of| memory.provenance.at <= as_of)
        && (query.about.is_empty() || query.about.iter().any(|asked| is_about(memory, asked)))
}

/// Whether any memory speaks of a symbol or path, or of something in it.
pub fn speaks_of(view: &MemoryView, asked: &str) -> bool {
    let mut shown = view.memories.iter().zip(&view.hidden).filter(|(_, hidden)| !**hidden);
    shown.any(|(memory, _)| is_about(memory, asked))
}

/// Whether a memory speaks of a symbol or path, or of something in it.
fn is_about(memory: &Memory, asked: &str) -> bool {
    let asked = asked.trim_end_matches('/');
    let within = |whole: &str, part: &str, separators: &[&str]| {
        separators.iter().any(|separator| {
            whole.strip_prefix(part).is_some_and(|rest| rest.starts_with(separator))
        })
    };
    memory.about.iter().any(|about| {
        let path =
            about.path.as_deref().is_some_and(|path| path == asked || within(path, asked, &["/"]));
        path || about.symbol.as_deref().is_some_and(|symbol| {
            let ends = symbol.strip_suffix(asked);
            symbol == asked
                || ends.is_some_and(|rest| rest.ends_with(['.', ':', '#', '/']))
                || within(symbol, asked, &[".", "::", "#"])
        })
    })
}

/// Whether the best answers say enough of what was asked, or speak of something
/// that the question names.
fn good_enough(view: &MemoryView, question: &Question, scored: &[Scored]) -> bool {
    scored.iter().any(|scored| {
        let memory = &view.memories[scored.memory as usize];
        scored.own && (scored.coverage >= LEAST_COVERAGE || is_named(memory, question))
    })
}

/// Whether a question has the own name of something that a memory speaks of.
fn is_named(memory: &Memory, question: &Question) -> bool {
    let mut names = memory.about.iter().filter_map(|about| match (&about.symbol, &about.path) {
        (Some(symbol), _) => symbol.rsplit(['.', ':', '#', '/']).next(),
        (None, Some(path)) => path.rsplit('/').next()?.split('.').next(),
        (None, None) => None,
    });
    names.any(|name| question.terms.iter().any(|term| term.written.eq_ignore_ascii_case(name)))
}

/// A score with the little that recency and outcomes can add.
fn adjusted(view: &MemoryView, scored: Scored, query: &RecallQuery, now: Timestamp) -> f32 {
    const MONTH: f32 = 30.0 * 86_400_000_000.0;
    let memory = &view.memories[scored.memory as usize];
    let asked_at = query.as_of.unwrap_or(now);
    let age = asked_at.0.saturating_sub(memory.provenance.at.0).max(0) as f32 / MONTH;
    let recency = 1.0 / (1.0 + age);
    let (good, bad) = view.fate(memory.id).map_or((0, 0), balance);
    // The mean of a Beta distribution that starts even.
    let outcome = (good as f32 + 1.0) / ((good + bad) as f32 + 2.0) - 0.5;
    scored.score + TIE_BREAK * (recency + 2.0 * outcome)
}

fn explained(
    view: &MemoryView,
    question: &Question,
    query: &RecallQuery,
    (score, scored): (f32, Scored),
    code: &CodeState<'_>,
) -> Recalled {
    let memory = &view.memories[scored.memory as usize];
    let (status, reason) = judge(view, memory, query.as_of, code);
    let mut why = reasons(view, question, scored);
    why.extend(reason);
    let kept = match status {
        Status::Valid | Status::Stale => 1.0,
        Status::Superseded | Status::Disputed | Status::Tainted => DOUBTED,
    };
    Recalled { memory: memory.clone(), score: f64::from(score * kept), why, status }
}

/// Which words of the question stand where.
fn reasons(view: &MemoryView, question: &Question, scored: Scored) -> Vec<String> {
    let mut found: [Vec<&str>; Field::COUNT] = Default::default();
    let mut near = Vec::new();
    for term in &question.terms {
        let counts = view.index.counts(&term.text, scored.memory);
        for (field, count) in found.iter_mut().zip(counts) {
            if count > 0 && !field.contains(&term.written.as_str()) {
                field.push(&term.written);
            }
        }
        let around = [-1, 1, -2, 2].into_iter().filter_map(|by| view.neighbour(scored.memory, by));
        let around = around
            .into_iter()
            .any(|other| view.index.counts(&term.text, other)[Field::Text as usize] > 0);
        if counts == [0; Field::COUNT] && around {
            near.push(term.written.as_str());
        }
    }
    let memory = &view.memories[scored.memory as usize];
    let mut why = Vec::new();
    for field in [Field::About, Field::Text, Field::Tags, Field::Who, Field::Date] {
        let words = found[field as usize].join(" ");
        if words.is_empty() {
            continue;
        }
        why.push(match field {
            Field::Text => format!("says: {words}"),
            Field::About => format!("about: {words}"),
            Field::Tags => format!("tagged: {words}"),
            Field::Who => format!("said by {} in its session: {words}", memory.provenance.actor),
            Field::Date => format!("dated {}", when::date_text(memory.provenance.at)),
        });
    }
    if !near.is_empty() {
        why.push(format!("beside it in the session: {}", near.join(" ")));
    }
    why
}
