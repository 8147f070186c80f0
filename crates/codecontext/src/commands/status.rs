//! `status`: how a project stands.

use clap::Args;
use ctx_server::wire::v1::status::StatusAnswer;

use crate::exit::{Exit, Failure};
use crate::output::{BOLD, DIM, Page, RESET, bytes, count, plain};
use crate::session::Session;

/// Show how fresh a project's index is, and what it takes
#[derive(Debug, Args)]
pub(crate) struct Status {}

impl Status {
    pub(super) fn run(self, session: &mut Session) -> Result<Exit, Failure> {
        let body = session.ask_plain("/status")?;
        session.print(&body, write)
    }
}

pub(super) fn write(status: &StatusAnswer, page: &mut Page) {
    page.line(format!("{BOLD}{}{RESET}", plain(&status.root)));
    let fresh = &status.freshness;
    let state = match (fresh.indexing, fresh.complete, fresh.stale_file_count) {
        (true, _, _) => "indexing is under way".to_owned(),
        (false, false, _) => "not indexed".to_owned(),
        (false, true, 0) => "up to date".to_owned(),
        (false, true, stale) => format!("{} files changed since", count(stale)),
    };
    let commit = fresh.indexed_commit.as_deref().unwrap_or("none");
    let branch = fresh.branch.as_deref().unwrap_or("none");
    page.table(&[
        vec!["  index".into(), state],
        vec![
            "  files".into(),
            format!("{} of {}", count(fresh.indexed_files), count(fresh.total_files)),
        ],
        vec!["  commit".into(), format!("{commit} on branch {branch}")],
        vec!["  indexed at".into(), status.indexed_at.clone().unwrap_or_else(|| "never".into())],
        vec!["  symbols".into(), count(status.symbols)],
        vec!["  edges".into(), count(status.edges.resolved)],
        vec!["  memories".into(), count(status.memories)],
        vec!["  on disk".into(), bytes(status.index_bytes)],
        vec!["  in memory".into(), bytes(status.rss_bytes)],
        vec!["  watched".into(), if status.watching { "yes" } else { "no" }.into()],
        vec!["  sealed".into(), status.seal.clone()],
    ]);
    for path in fresh.stale_files.iter().take(10) {
        page.line(format!("  {DIM}changed{RESET} {}", plain(path)));
    }
}
