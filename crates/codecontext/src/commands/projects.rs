//! `projects`: every project that the store knows.

use clap::Args;
use ctx_server::wire::v1::project::{ProjectSummary, ProjectsAnswer};

use crate::client::Question;
use crate::exit::{Exit, Failure};
use crate::output::{counted, moment};
use crate::session::Session;

/// List the projects that the data folder knows
#[derive(Debug, Args)]
pub(crate) struct Projects {}

impl Projects {
    pub(super) fn run(self, session: &mut Session) -> Result<Exit, Failure> {
        let body = session.client()?.ask(&Question::plain("/projects"))?;
        session.print(&body, |answer: &ProjectsAnswer, page| {
            if answer.projects.is_empty() {
                page.line("no projects yet; `codecontext index` adds one");
            }
            let rows: Vec<Vec<String>> = answer
                .projects
                .iter()
                .map(|project| {
                    vec![
                        project.root.clone().unwrap_or_else(|| "(sealed)".into()),
                        project.files.map_or_else(String::new, |files| counted(files, "file")),
                        indexed(project),
                        counted(project.records, "record"),
                        if project.open { "in memory" } else { "" }.into(),
                        if project.watching { "watched" } else { "" }.into(),
                        if project.seal == "open" { "" } else { &project.seal }.into(),
                    ]
                })
                .collect();
            page.table(&rows);
        })
    }
}

fn indexed(project: &ProjectSummary) -> String {
    match (&project.indexed_at, project.files) {
        (Some(at), _) => moment(at),
        (None, Some(_)) => "never indexed".into(),
        // Its key is needed to tell.
        (None, None) => String::new(),
    }
}
