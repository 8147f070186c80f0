//! `doctor`: what is there, what is missing, how to mend it.

use std::path::Path;

use crate::answer::{Finding, Health};
use crate::host::Engine;

impl Engine {
    /// What `doctor` can tell about a data folder without opening or writing anything.
    pub fn examine(data_dir: &Path) -> Vec<Finding> {
        vec![data_folder(data_dir), watches()]
    }

    /// What `doctor` can tell about the open store, and about a project in it.
    pub fn doctor(&self, root: Option<&Path>) -> Vec<Finding> {
        let mut findings = Engine::examine(&self.options.data_dir);
        findings.push(match self.inner.store.journal().verify() {
            Ok(report) if report.is_clean() => Finding {
                name: "journal".into(),
                health: Health::Good,
                detail: format!("{} records verify", report.records),
                remedy: None,
            },
            Ok(report) => Finding {
                name: "journal".into(),
                health: Health::Broken,
                detail: format!("{} faults found", report.findings.len()),
                remedy: Some("run `codecontext audit verify` and restore the data folder".into()),
            },
            Err(error) => Finding {
                name: "journal".into(),
                health: Health::Broken,
                detail: error.to_string(),
                remedy: Some(error.hint().to_string()),
            },
        });
        if let Some(root) = root {
            findings.extend(project(root));
        }
        findings
    }
}

fn data_folder(data_dir: &Path) -> Finding {
    let name = "data folder".to_string();
    match std::fs::metadata(data_dir) {
        Ok(metadata) if metadata.is_dir() => Finding {
            name,
            health: Health::Good,
            detail: data_dir.display().to_string(),
            remedy: None,
        },
        Ok(_) => Finding {
            name,
            health: Health::Broken,
            detail: format!("`{}` is not a folder", data_dir.display()),
            remedy: Some("name another with --data-dir".into()),
        },
        Err(_) => Finding {
            name,
            health: Health::Missing,
            detail: format!("`{}` is not there yet", data_dir.display()),
            remedy: Some("nothing to do: it is made when something is indexed".into()),
        },
    }
}

/// How many folders the system lets one user watch.
fn watches() -> Finding {
    let limit = std::fs::read_to_string("/proc/sys/fs/inotify/max_user_watches")
        .ok()
        .and_then(|text| text.trim().parse::<u64>().ok());
    let (health, detail, remedy) = match limit {
        Some(limit) if limit >= 65_536 => (Health::Good, format!("{limit} folders"), None),
        Some(limit) => (
            Health::Limited,
            format!("only {limit} folders"),
            Some("raise it: `sysctl fs.inotify.max_user_watches=524288`".to_string()),
        ),
        None => (Health::Limited, "the system does not say".to_string(), None),
    };
    Finding { name: "file watching".into(), health, detail, remedy }
}

fn project(root: &Path) -> Vec<Finding> {
    let git = ctx_workspace::git_state(root);
    let git = match (git.problem, git.commit) {
        (Some(problem), _) => Finding {
            name: "git".into(),
            health: Health::Limited,
            detail: problem,
            remedy: Some("run `git fsck`; indexing works without history meanwhile".into()),
        },
        (None, Some(commit)) => Finding {
            name: "git".into(),
            health: Health::Good,
            detail: format!("at {commit}"),
            remedy: None,
        },
        (None, None) => Finding {
            name: "git".into(),
            health: Health::Limited,
            detail: "no commits here".into(),
            remedy: Some("with git, past commit messages help to find code".into()),
        },
    };
    vec![git]
}
