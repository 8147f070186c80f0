//! Sealing: what opens a project, and whether it is open.

use std::fmt;

use serde::{Deserialize, Serialize};

use ctx_engine::request::SealSecret;
use ctx_engine::{ErrorKind, answer};
use ctx_model::Digest;

use super::error::WireError;

/// What opens a sealed project: either a passphrase or a key. Never logged.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SealRequest {
    /// Words that a person knows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub passphrase: Option<String>,
    /// 64 hexadecimal digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
}

impl fmt::Debug for SealRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SealRequest(…)")
    }
}

impl TryFrom<SealRequest> for SealSecret {
    type Error = WireError;

    fn try_from(request: SealRequest) -> Result<SealSecret, WireError> {
        let invalid = |message| WireError::new(ErrorKind::InvalidRequest, message);
        match (request.passphrase, request.key) {
            (Some(passphrase), None) if passphrase.is_empty() => {
                Err(invalid("a passphrase must not be empty"))
            }
            (Some(passphrase), None) => Ok(SealSecret::Passphrase(passphrase)),
            // The parse error would quote the key.
            (None, Some(key)) => key
                .parse::<Digest>()
                .map(|digest| SealSecret::Key(digest.0))
                .map_err(|_| invalid("a key has 64 hexadecimal digits")),
            _ => Err(invalid("sealing takes either a passphrase or a key")),
        }
    }
}

/// How a project is sealed now.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SealAnswer {
    /// `open`, `unlocked` or `locked`.
    pub seal: String,
}

impl From<answer::SealState> for SealAnswer {
    fn from(state: answer::SealState) -> SealAnswer {
        SealAnswer { seal: state.name().into() }
    }
}
