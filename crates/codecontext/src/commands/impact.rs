//! `impact`: what a change would touch.

use std::io::Read;
use std::path::{Path, PathBuf};

use clap::Args;
use ctx_server::wire::v1::freshness::Answer;
use ctx_server::wire::v1::impact::{AffectedSymbol, ImpactAnswer, ImpactRequest, ImpactStep};

use crate::exit::{Exit, Failure};
use crate::output::{BOLD, DIM, Page, RESET, place, plain};
use crate::session::Session;

/// Patches above this size, in bytes, are refused.
const PATCH_BYTES_MAX: u64 = 24 * 1024 * 1024;

/// Show what a change would touch: symbols, files and tests
#[derive(Debug, Args)]
pub(crate) struct Impact {
    /// Symbols or paths that change
    #[arg(required_unless_present = "patch", conflicts_with = "patch")]
    names: Vec<String>,
    /// A unified diff instead; `-` is standard input
    #[arg(long, value_name = "FILE")]
    patch: Option<PathBuf>,
    /// How many edges away at most
    #[arg(long, default_value = "3", value_parser = super::depth)]
    depth: u32,
    /// At most this many symbols, and as many files and tests
    #[arg(long, default_value = "200", value_parser = super::limit)]
    limit: usize,
}

impl Impact {
    pub(super) fn run(self, session: &mut Session) -> Result<Exit, Failure> {
        let patch = self.patch.as_deref().map(read_patch).transpose()?;
        let request =
            ImpactRequest { names: self.names, patch, depth: self.depth, limit: self.limit };
        let body = session.ask("/impact", &request)?;
        let output = session.output;
        session.print(&body, |answer: &Answer<ImpactAnswer>, page| {
            output.note_freshness(&answer.freshness);
            write(&answer.content, page);
        })
    }
}

fn read_patch(file: &Path) -> Result<String, Failure> {
    let shown = file.display();
    let unusable = |error: std::io::Error| {
        Failure::unusable(format!("could not read the patch `{shown}`")).because(error)
    };
    let input: Box<dyn Read> = if file == Path::new("-") {
        Box::new(std::io::stdin())
    } else {
        Box::new(std::fs::File::open(file).map_err(unusable)?)
    };
    let mut bytes = Vec::new();
    input.take(PATCH_BYTES_MAX + 1).read_to_end(&mut bytes).map_err(unusable)?;
    if bytes.len() as u64 > PATCH_BYTES_MAX {
        return Err(Failure::unusable(format!("the patch `{shown}` is larger than 24 MiB")));
    }
    // A patch may carry a file's bytes in any encoding; names and numbers of
    // lines are all that counts here.
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn write(answer: &ImpactAnswer, page: &mut Page) {
    heading("Changes", answer.changed.len(), page);
    for symbol in &answer.changed {
        let place = place(&symbol.path, symbol.line);
        page.line(format!("  {place}  {}", plain(&symbol.qualified)));
    }
    if answer.symbols.is_empty() && answer.files.is_empty() && answer.tests.is_empty() {
        page.line("nothing is known to depend on it");
    }
    heading("Touches", answer.symbols.len(), page);
    affected(&answer.symbols, page);
    heading("In files", answer.files.len(), page);
    for file in &answer.files {
        page.line(format!("  {}  {DIM}{}{RESET}", plain(&file.path), way(&file.via)));
    }
    heading("Tests to run", answer.tests.len(), page);
    affected(&answer.tests, page);
    for name in &answer.not_found {
        page.line(format!("{DIM}not in the project: {}{RESET}", plain(name)));
    }
    if !answer.complete {
        page.line(format!("{DIM}there may be more: calls of these names whose target is not known, or what --limit and --depth cut off{RESET}"));
    }
}

fn heading(title: &str, items: usize, page: &mut Page) {
    if items > 0 {
        page.line(format!("{BOLD}{title}{RESET} {DIM}({items}){RESET}"));
    }
}

fn affected(symbols: &[AffectedSymbol], page: &mut Page) {
    for affected in symbols {
        let symbol = &affected.symbol;
        let place = place(&symbol.path, symbol.line);
        let name = plain(&symbol.qualified);
        page.line(format!("  {place}  {name}  {DIM}{}{RESET}", way(&affected.via)));
    }
}

/// The way to what changes, the last step of which leads to it.
fn way(steps: &[ImpactStep]) -> String {
    let last = steps.len().saturating_sub(1);
    let steps: Vec<String> = steps
        .iter()
        .enumerate()
        .map(|(at, step)| {
            let to = if at == last { "it".into() } else { plain(&step.to) };
            format!("{} {to}", plain(&step.kind))
        })
        .collect();
    steps.join(", which ")
}
