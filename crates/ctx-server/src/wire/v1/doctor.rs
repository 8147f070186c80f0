//! What is installed, what is missing, how to mend it.

use serde::{Deserialize, Serialize};

use ctx_engine::answer;

/// Something that was looked at.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Finding {
    /// What was looked at.
    pub name: String,
    /// `good`, `limited`, `missing` or `broken`.
    pub health: String,
    /// What was seen.
    pub detail: String,
    /// How to mend it.
    pub remedy: Option<String>,
}

impl From<answer::Finding> for Finding {
    fn from(finding: answer::Finding) -> Finding {
        Finding {
            name: finding.name,
            health: finding.health.name().into(),
            detail: finding.detail,
            remedy: finding.remedy,
        }
    }
}

/// Everything that was looked at.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct DoctorAnswer {
    /// Findings.
    pub findings: Vec<Finding>,
}

impl From<Vec<answer::Finding>> for DoctorAnswer {
    fn from(findings: Vec<answer::Finding>) -> DoctorAnswer {
        DoctorAnswer { findings: findings.into_iter().map(Finding::from).collect() }
    }
}
