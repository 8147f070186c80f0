//! `init`: index a project, start the daemon, connect the assistants found here.

use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use ctx_engine::ErrorKind;
use ctx_server::wire::v1::daemon::DaemonAnswer;
use ctx_server::wire::v1::error::WireError;
use ctx_server::wire::v1::index::IndexReport;
use serde::Serialize;

use crate::client::DaemonClient;
use crate::config::{Key, Origin};
use crate::exit::{Exit, Failure};
use crate::init::{
    self, ALL, Assistant, Change, Connected, Done, Mode, Outcome, Scope, Wish, name_in,
};
use crate::output::{BOLD, DIM, GREEN, Page, RED, RESET, YELLOW, plain, tell_failure};
use crate::project;
use crate::session::Session;

/// Index a project, start the daemon, and connect the assistants found here
///
/// Writes each assistant's MCP configuration, instructions between two marks in AGENTS.md and,
/// where an assistant has them, a skill and a hook for the start of a session. Nothing else in
/// those files changes. `codecontext init --uninstall` undoes it, to the byte where nobody has
/// changed a file since.
///
/// Example: codecontext init --assistant claude codex --dry-run
#[derive(Debug, Args)]
pub(crate) struct Init {
    /// Connect these instead of those found here
    #[arg(long, num_args = 1.., value_delimiter = ',', value_name = "NAME", value_parser = names())]
    assistant: Vec<Choice>,
    /// Whose files: the project's, or your own for all projects [default: the project's; your own
    /// where an assistant reads no project's]
    #[arg(long, value_name = "WHOSE", value_parser = scope_names())]
    scope: Option<Scope>,
    /// Also let Claude Code's sub-agents use our tools that list those they may use
    #[arg(long)]
    agents: bool,
    /// Also replace what somebody else wrote under our name
    #[arg(long)]
    force: bool,
    /// Do not index
    #[arg(long)]
    no_index: bool,
    /// Show what would be written, and write nothing
    #[arg(long)]
    dry_run: bool,
    /// End with 1 if something is not as init would leave it, and write nothing
    #[arg(long, conflicts_with = "dry_run")]
    check: bool,
    /// Undo it: give every file back as it was, or take only our part out of it
    #[arg(long, conflicts_with_all = ["check", "agents", "force", "no_index"])]
    uninstall: bool,
}

/// An assistant by its name, or every one.
#[derive(Debug, Clone, Copy)]
enum Choice {
    One(&'static Assistant),
    All,
}

fn names() -> impl TypedValueParser<Value = Choice> {
    let names = ALL.map(|one| PossibleValue::new(one.name).aliases(one.other_names));
    let all = PossibleValue::new("all").help("every assistant in this list");
    PossibleValuesParser::new(names.into_iter().chain([all])).map(|name| {
        let named =
            |one: &&&Assistant| one.name == name || one.other_names.contains(&name.as_str());
        ALL.iter().find(named).map_or(Choice::All, |one| Choice::One(one))
    })
}

fn scope_names() -> impl TypedValueParser<Value = Scope> {
    let names = [Scope::Project, Scope::User].map(Scope::name);
    PossibleValuesParser::new(names).map(|name| match name == Scope::User.name() {
        true => Scope::User,
        false => Scope::Project,
    })
}

impl Init {
    pub(super) fn run(self, session: &mut Session) -> Result<Exit, Failure> {
        // Looking must not start a daemon, so only marks of a project count.
        let root = match &session.globals.project {
            Some(folder) => project::given(folder)?,
            None => {
                let current = project::current()?;
                project::marked_around(&current).unwrap_or(current)
            }
        };
        init::check_root(&root)?;
        session.use_root(&root)?;
        let looks_only = self.dry_run || self.check;
        let wish = Wish {
            assistants: self.assistants(),
            scope: self.scope,
            sub_agents: self.agents,
            force: self.force,
            mode: if looks_only { Mode::Look } else { Mode::Write },
        };
        let data_dir = session.config.data_dir().to_path_buf();
        let done = match self.uninstall {
            true => init::disconnect(&root, &data_dir, &wish)?,
            false => init::connect(&root, &data_dir, &wish)?,
        };
        let mut report = Report { root: &root, init: &self, done, index: None, daemon: None };
        report.note_data_dir(session);
        let mut failure = None;
        if !looks_only && !self.uninstall {
            failure = report.bring_to_life(session).err();
        }
        report.print(session)?;
        match failure {
            Some(failure) if session.output.json => {
                if let Failure::Told(error) = &failure {
                    tell_failure(error);
                }
                Ok(failure.exit())
            }
            Some(failure) => Err(failure),
            None => Ok(report.exit()),
        }
    }

    fn assistants(&self) -> Vec<&'static Assistant> {
        let mut chosen = Vec::new();
        for choice in &self.assistant {
            match choice {
                Choice::One(assistant) => chosen.push(*assistant),
                Choice::All => return ALL.to_vec(),
            }
        }
        chosen
    }
}

/// What was done, for people and as JSON.
struct Report<'a> {
    root: &'a std::path::Path,
    init: &'a Init,
    done: Done,
    index: Option<IndexReport>,
    daemon: Option<DaemonAnswer>,
}

#[derive(Debug, Serialize)]
struct JsonReport<'a> {
    root: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    index: &'a Option<IndexReport>,
    #[serde(skip_serializing_if = "Option::is_none")]
    daemon: &'a Option<DaemonAnswer>,
    /// Whether files were written, or only looked at.
    written: bool,
    assistants: Vec<JsonAssistant<'a>>,
    files: Vec<JsonFile<'a>>,
    notes: &'a [String],
}

#[derive(Debug, Serialize)]
struct JsonAssistant<'a> {
    name: &'a str,
    title: &'a str,
    found_by: Option<&'a str>,
    scope: &'a str,
    next: Option<&'a str>,
}

#[derive(Debug, Serialize)]
struct JsonFile<'a> {
    path: String,
    assistants: Vec<&'a str>,
    what: &'a str,
    outcome: &'a str,
    reason: Option<&'a str>,
    diff: &'a str,
}

impl Report<'_> {
    /// Indexes, and starts the daemon. Files are written first, so that the
    /// index knows them too.
    fn bring_to_life(&mut self, session: &mut Session) -> Result<(), Failure> {
        if !self.init.no_index {
            self.index = Some(super::index::bring_up_to_date(session, self.root)?);
        }
        if !session.globals.no_daemon {
            self.daemon = Some(DaemonClient::new(&session.config)?.ensure()?);
        }
        Ok(())
    }

    /// An assistant starts the program without this command's flags.
    fn note_data_dir(&mut self, session: &Session) {
        let origin = session.config.entries().find(|(key, ..)| *key == Key::DataDir);
        let is_own = matches!(origin, Some((_, _, Origin::Flag(_) | Origin::Environment(_))));
        if is_own && !self.init.uninstall && !self.done.connected.is_empty() {
            self.done.notes.push(
                "assistants start this program by themselves: for them to use this data folder \
                 too, set `data_dir` in the configuration file"
                    .into(),
            );
        }
    }

    fn exit(&self) -> Exit {
        let any = |wanted: fn(Outcome) -> bool| {
            self.done.changes.iter().any(|change| wanted(change.outcome))
        };
        if any(|outcome| outcome == Outcome::Failed) {
            return Exit::Unusable;
        }
        let pending = self.init.check && any(Outcome::is_change);
        let skipped = any(|outcome| outcome == Outcome::Skipped);
        if pending || skipped { Exit::Found } else { Exit::Done }
    }

    fn print(&self, session: &Session) -> Result<(), Failure> {
        if session.output.json {
            session.output.value(&self.json())?;
        } else {
            let mut page = Page::new();
            if let Some(index) = &self.index {
                super::index::write(index, &mut page);
                page.line("");
            }
            self.write(&mut page);
            session.output.page(&page)?;
            for note in &self.done.notes {
                session.output.note(note);
            }
        }
        self.tell_failures();
        Ok(())
    }

    /// Tells every file that could not be used, with its place.
    fn tell_failures(&self) {
        let failed = self.done.changes.iter().filter(|change| change.outcome == Outcome::Failed);
        let causes: Vec<String> = failed
            .map(|change| {
                let reason = change.reason.as_deref().unwrap_or_default();
                format!("{}: {reason}", name_in(self.root, &change.file))
            })
            .collect();
        if !causes.is_empty() {
            let message = "some files cannot be used and are left as they are; the rest is done";
            let mut error = WireError::new(ErrorKind::UnusableProject, message)
                .with_hint("mend them and run the command again");
            error.causes = causes;
            tell_failure(&error);
        }
    }

    fn json(&self) -> JsonReport<'_> {
        let assistants = self.done.connected.iter().map(|one| JsonAssistant {
            name: one.assistant.name,
            title: one.assistant.title,
            found_by: one.sign.as_deref(),
            scope: one.scope.name(),
            next: one.next,
        });
        let files = self.done.changes.iter().map(|change| JsonFile {
            path: name_in(self.root, &change.file),
            assistants: change.assistants.iter().map(|one| one.name).collect(),
            what: change.noun,
            outcome: change.outcome.name(),
            reason: change.reason.as_deref(),
            diff: &change.diff,
        });
        JsonReport {
            root: self.root.to_string_lossy().into_owned(),
            index: &self.index,
            daemon: &self.daemon,
            written: !(self.init.dry_run || self.init.check),
            assistants: assistants.collect(),
            files: files.collect(),
            notes: &self.done.notes,
        }
    }

    fn write(&self, page: &mut Page) {
        if self.init.dry_run {
            for line in self.done.changes.iter().flat_map(|change| change.diff.lines()) {
                page.line(plain(line));
            }
        }
        let root = plain(&self.root.to_string_lossy());
        if self.init.uninstall {
            page.line(match self.done.changes.is_empty() {
                true => format!("nothing connects assistants to {root}"),
                false => format!("{BOLD}Disconnected from {root}{RESET}"),
            });
            self.write_changes(&self.done.changes.iter().collect::<Vec<_>>(), page);
            return;
        }
        if self.done.connected.is_empty() {
            let names: Vec<&str> = ALL.iter().map(|one| one.name).collect();
            page.line("no assistant was found here; name one to connect it all the same:");
            page.line(format!("  codecontext init --assistant {}", names.join("|")));
            return;
        }
        for one in &self.done.connected {
            self.write_assistant(one, page);
        }
        let for_all: Vec<&Change> =
            self.done.changes.iter().filter(|change| self.is_for_all(change)).collect();
        if !for_all.is_empty() {
            page.line(format!("{BOLD}All of them{RESET}"));
            self.write_changes(&for_all, page);
        }
        if !self.init.check && !self.init.dry_run {
            page.line("");
            page.line(format!("{BOLD}Try first{RESET}"));
            page.line("  codecontext map");
            page.line(
                "  ask an assistant: “Use codecontext: where is this project's main logic, and \
                 what would a change of it touch?”",
            );
        }
    }

    fn write_assistant(&self, one: &Connected, page: &mut Page) {
        let whose = match (one.scope, one.assistant.reads_project) {
            (Scope::Project, true) => "",
            (Scope::Project, false) => "  not connected: it reads no project's servers",
            (Scope::User, true) => "  in your own files",
            (Scope::User, false) => "  in your own files: it reads no project's",
        };
        page.line(format!("{BOLD}{}{RESET}{DIM}{whose}{RESET}", one.assistant.title));
        let name = one.assistant.name;
        let mine = |change: &&Change| {
            change.assistants.iter().any(|found| found.name == name) && !self.is_for_all(change)
        };
        self.write_changes(&self.done.changes.iter().filter(mine).collect::<Vec<_>>(), page);
        match one.next {
            Some(next) if !self.init.check => page.line(format!("  {DIM}next: {next}{RESET}")),
            _ => {}
        }
    }

    fn is_for_all(&self, change: &Change) -> bool {
        let all = self.done.connected.len();
        all > 1 && change.assistants.len() == all
    }

    fn write_changes(&self, changes: &[&Change], page: &mut Page) {
        let name = |change: &Change| plain(&name_in(self.root, &change.file));
        let widest = changes.iter().map(|change| name(change).chars().count()).max().unwrap_or(0);
        for change in changes {
            let color = match change.outcome {
                Outcome::Unchanged => DIM,
                Outcome::Skipped | Outcome::Kept => YELLOW,
                Outcome::Failed => RED,
                _ => GREEN,
            };
            let (outcome, name) = (change.outcome.name(), name(change));
            page.line(format!(
                "  {color}{outcome:9}{RESET}  {name:widest$}  {DIM}{}{RESET}",
                change.noun
            ));
            if let Some(reason) = &change.reason {
                page.line(format!("  {:9}  {DIM}{}{RESET}", "", plain(reason)));
            }
            if change.outcome == Outcome::Skipped {
                page.line(format!("  {:9}  {DIM}--force writes ours all the same{RESET}", ""));
            }
        }
    }
}
