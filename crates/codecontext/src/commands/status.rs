//! `status`: how a project stands.

use clap::Args;
use ctx_server::wire::v1::status::StatusAnswer;
use ctx_server::wire::v1::value::ValueAnswer;

use crate::exit::{Exit, Failure};
use crate::output::{BOLD, DIM, Page, RESET, bytes, count, counted, moment, plain};
use crate::session::Session;

/// Show how fresh a project's index is, and what it takes
#[derive(Debug, Args)]
pub(crate) struct Status {
    /// Show instead what was asked so far and what the answers were; counted on
    /// this machine and sent nowhere
    #[arg(long)]
    value: bool,
}

impl Status {
    pub(super) fn run(self, session: &mut Session) -> Result<Exit, Failure> {
        if self.value {
            let body = session.ask_plain("/value")?;
            return session.print(&body, write_value);
        }
        let body = session.ask_plain("/status")?;
        session.print(&body, write)
    }
}

pub(super) fn write(status: &StatusAnswer, page: &mut Page) {
    page.line(format!("{BOLD}{}{RESET}", plain(&status.root)));
    let fresh = &status.freshness;
    let state = match (fresh.indexing, fresh.complete, fresh.stale_file_count) {
        (true, _, _) => "indexing is under way".to_owned(),
        _ if fresh.head_moved => "of another commit or branch than is checked out".to_owned(),
        (false, false, _) => "not indexed".to_owned(),
        (false, true, 0) => "up to date".to_owned(),
        (false, true, stale) => format!("{} changed since", counted(stale, "file")),
    };
    let commit = match (&fresh.indexed_commit, &fresh.branch) {
        (None, _) if status.indexed_at.is_none() => "not known until it is indexed".to_owned(),
        (None, _) => "none: no git, or nothing committed".to_owned(),
        (Some(commit), None) => format!("{commit}, on no branch"),
        (Some(commit), Some(branch)) => format!("{commit} on {branch}"),
    };
    let indexed_at = status.indexed_at.as_deref().map_or_else(|| "never".into(), moment);
    page.table(&[
        vec!["  index".into(), state],
        vec![
            "  files".into(),
            format!("{} of {}", count(fresh.indexed_files), count(fresh.total_files)),
        ],
        vec!["  commit".into(), commit],
        vec!["  indexed at".into(), indexed_at],
        vec!["  symbols".into(), count(status.symbols)],
        vec!["  edges".into(), count(status.edges.resolved)],
        vec!["  memories".into(), count(status.memories)],
        vec!["  on disk".into(), bytes(status.index_bytes)],
        vec!["  daemon".into(), format!("{} of memory", bytes(status.rss_bytes))],
        vec!["  watched".into(), if status.watching { "yes" } else { "no" }.into()],
        vec!["  sealed".into(), sealed(&status.seal).into()],
    ]);
    for path in fresh.stale_files.iter().take(10) {
        page.line(format!("  {DIM}changed{RESET} {}", plain(path)));
    }
}

fn write_value(value: &ValueAnswer, page: &mut Page) {
    page.line(format!("{BOLD}{}{RESET}", plain(&value.root)));
    let Some(since) = &value.since else {
        page.line("  nothing was counted yet");
        return;
    };
    let asked: u64 = value.questions.values().sum();
    let verbs: Vec<String> =
        value.questions.iter().map(|(verb, number)| format!("{} {verb}", count(*number))).collect();
    page.table(&[
        vec!["  counted since".into(), moment(since)],
        vec!["  answers".into(), [vec![count(asked)], verbs].concat().join(", ")],
        vec!["  of those about code".into(), tokens(value.answer_tokens)],
        vec!["  the whole files they point into".into(), tokens(value.pointed_tokens)],
        vec![
            "  memories recalled".into(),
            format!(
                "{}, {} of them marked stale",
                count(value.memories_recalled),
                count(value.memories_stale)
            ),
        ],
        vec![
            "  texts new to the project".into(),
            format!(
                "{}, {} of them known already and not parsed",
                count(value.texts_read),
                count(value.texts_reused)
            ),
        ],
    ]);
}

fn tokens(number: u64) -> String {
    format!("about {}", counted(number, "token"))
}

fn sealed(state: &str) -> &str {
    match state {
        "open" => "no",
        "unlocked" => "yes, unlocked",
        "locked" => "yes, locked",
        other => other,
    }
}
