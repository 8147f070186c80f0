//! `index`: bring a project's index up to date.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use ctx_engine::ErrorKind;
use ctx_server::wire::v1::index::{IndexEvent, IndexProgress, IndexReport, IndexRequest};

use crate::client::Question;
use crate::config::Key;
use crate::exit::{Exit, Failure};
use crate::output::{BOLD, DIM, Page, RESET, bytes, count, counted, duration};
use crate::session::Session;

/// Index a project, or bring its index up to date
#[derive(Debug, Args)]
pub(crate) struct Index {
    /// The project's root; without it the project around the current folder
    dir: Option<PathBuf>,
}

impl Index {
    pub(super) fn run(self, session: &mut Session) -> Result<Exit, Failure> {
        if let Some(folder) = &self.dir {
            session.use_root(folder)?;
        }
        let root = session.root()?;
        let report = bring_up_to_date(session, &root)?;
        if session.output.json {
            session.output.value(&report)?;
        } else {
            let mut page = Page::new();
            write(&report, &mut page);
            session.output.page(&page)?;
        }
        Ok(Exit::Done)
    }
}

/// Brings a project's index up to date, and shows how far it is meanwhile.
pub(super) fn bring_up_to_date(session: &mut Session, root: &Path) -> Result<IndexReport, Failure> {
    let config = session.config.with_project(root);
    for warning in &config.warnings {
        session.output.note(warning);
    }
    let request = IndexRequest {
        max_file_bytes: config.set_number(Key::MaxFileBytes),
        history_commits: config
            .set_number(Key::HistoryCommits)
            .map(|commits| u32::try_from(commits).unwrap_or(u32::MAX)),
    };
    let question = Question::with_body("/index", &request).about(root);
    let bar = Bar::new(session.output.shows_progress());
    let mut stream = Lines::default();
    let mut report = None;
    session.client()?.stream(&question, &mut |piece| {
        stream.push(piece, |event| match event {
            IndexEvent::Progress(progress) => {
                bar.show(&progress);
                Ok(())
            }
            IndexEvent::Result { result } => {
                report = Some(result);
                Ok(())
            }
            IndexEvent::Error { error } => Err(Failure::Told(error)),
        })
    })?;
    bar.clear();
    let report: IndexReport = report.ok_or_else(|| {
        Failure::new(ErrorKind::Unavailable, "indexing ended before it was done")
            .hint("run the command again: it goes on where it was")
    })?;
    if report.languages.keys().all(|language| language == "text") {
        session.output.note(
            "there is no source code here in a language that is parsed: \
             words can be searched, but there are no symbols",
        );
    }
    Ok(report)
}

/// Cuts a stream into lines, each an event.
#[derive(Debug, Default)]
struct Lines {
    rest: Vec<u8>,
}

impl Lines {
    fn push(
        &mut self,
        piece: &[u8],
        mut take: impl FnMut(IndexEvent) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        self.rest.extend_from_slice(piece);
        while let Some(end) = self.rest.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = self.rest.drain(..=end).collect();
            take(crate::session::read(&line)?)?;
        }
        Ok(())
    }
}

/// A progress bar, or nothing.
#[derive(Debug)]
struct Bar {
    bar: ProgressBar,
}

impl Bar {
    fn new(shown: bool) -> Bar {
        let bar = if shown { ProgressBar::no_length() } else { ProgressBar::hidden() };
        bar.enable_steady_tick(Duration::from_millis(120));
        Bar { bar }
    }

    fn show(&self, progress: &IndexProgress) {
        let template = match progress.total {
            Some(_) => "{spinner} {msg:10} {wide_bar} {human_pos}/{human_len} {elapsed}",
            None => "{spinner} {msg:10} {human_pos} {elapsed}",
        };
        let style = ProgressStyle::with_template(template).expect("the templates are ours");
        self.bar.set_style(style);
        self.bar.set_message(progress.phase.clone());
        if let Some(total) = progress.total {
            self.bar.set_length(total);
        }
        self.bar.set_position(progress.done);
    }

    fn clear(&self) {
        self.bar.finish_and_clear();
    }
}

pub(super) fn write(report: &IndexReport, page: &mut Page) {
    let (files, lines) = (counted(report.files, "file"), counted(report.lines, "line"));
    let elapsed = duration(report.elapsed_ms);
    page.line(format!("{BOLD}Indexed {files}, {lines}{RESET} in {elapsed}"));
    let languages: Vec<String> = report
        .languages
        .iter()
        .map(|(name, counts)| format!("{name} {}", count(counts.files)))
        .collect();
    let edges = &report.edges;
    let mut rows = vec![
        vec!["  languages".into(), languages.join(", ")],
        vec!["  symbols".into(), count(report.symbols)],
        vec!["  references".into(), count(report.references)],
        vec![
            "  edges".into(),
            format!(
                "{} in the project, {} uses leave it, {} uses unresolved",
                count(edges.resolved),
                count(edges.external),
                count(edges.unresolved)
            ),
        ],
        vec!["  reused".into(), format!("{} known already", counted(report.reused_files, "text"))],
        vec![
            "  cost".into(),
            format!(
                "{} of CPU, at most {} of memory",
                duration(report.cpu_ms),
                bytes(report.peak_rss_bytes)
            ),
        ],
    ];
    if let Some(commit) = &report.commit {
        let branch = report.branch.as_deref().unwrap_or("no branch");
        let short: String = commit.chars().take(12).collect();
        rows.push(vec!["  commit".into(), format!("{short} on {branch}")]);
    }
    page.table(&rows);
    if !report.skipped.is_empty() {
        let mut reasons: BTreeMap<&str, u64> = BTreeMap::new();
        for skipped in &report.skipped {
            *reasons.entry(&skipped.reason).or_default() += 1;
        }
        let reasons: Vec<String> =
            reasons.iter().map(|(reason, files)| format!("{} {reason}", count(*files))).collect();
        page.line(format!("  {DIM}skipped {}{RESET}", reasons.join(", ")));
    }
}
