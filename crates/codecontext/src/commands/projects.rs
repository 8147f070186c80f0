//! `projects`: every project that the store knows.

use clap::Args;
use ctx_server::wire::v1::project::ProjectsAnswer;

use crate::client::Question;
use crate::exit::{Exit, Failure};
use crate::output::count;
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
                        format!("{} files", count(project.files)),
                        project.indexed_at.clone().unwrap_or_else(|| "never indexed".into()),
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
