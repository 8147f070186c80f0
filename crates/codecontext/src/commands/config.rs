//! `config`: what is configured, and where.

use std::collections::BTreeMap;

use clap::{Args, Subcommand};
use serde::Serialize;

use crate::config::Value;
use crate::exit::{Exit, Failure};
use crate::output::Page;
use crate::project;
use crate::session::Session;

/// Show the configuration
#[derive(Debug, Subcommand)]
pub(crate) enum Config {
    Show(Show),
}

/// Show every setting
#[derive(Debug, Args)]
pub(crate) struct Show {
    /// Also show where each comes from
    #[arg(long)]
    origin: bool,
}

#[derive(Debug, Serialize)]
struct Setting {
    value: serde_json::Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    origin: Option<String>,
}

impl Config {
    pub(super) fn run(self, session: &mut Session) -> Result<Exit, Failure> {
        let Config::Show(show) = self;
        // Asks nobody: only marks of a project count here.
        let root = match &session.globals.project {
            Some(folder) => Some(project::given(folder)?),
            None => project::current().ok().and_then(|folder| project::marked_around(&folder)),
        };
        let config = match &root {
            Some(root) => session.config.with_project(root),
            None => session.config.clone(),
        };
        for warning in &config.warnings {
            session.output.note(warning);
        }
        if session.output.json {
            let mut settings = BTreeMap::new();
            for (key, value, origin) in config.entries() {
                let origin = show.origin.then(|| origin.to_string());
                let value = match value {
                    Value::Number(number) => (*number).into(),
                    Value::Path(_) | Value::Duration(_) => value.to_string().into(),
                };
                settings.insert(key.name(), Setting { value, origin });
            }
            session.output.value(&settings)?;
            return Ok(Exit::Done);
        }
        let rows: Vec<Vec<String>> = config
            .entries()
            .map(|(key, value, origin)| {
                let mut row = vec![format!("{} =", key.name()), value.to_string()];
                if show.origin {
                    row.push(format!("# {origin}"));
                }
                row
            })
            .collect();
        let mut page = Page::new();
        page.table(&rows);
        session.output.page(&page)?;
        Ok(Exit::Done)
    }
}
