//! placeholder
use ctx_model as _;

/// x
#[derive(Debug)]
pub struct Redaction {
    /// t
    pub text: String,
}

/// x
pub fn redact(text: &str) -> Redaction {
    Redaction { text: text.to_owned() }
}
