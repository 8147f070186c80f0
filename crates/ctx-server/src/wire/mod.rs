//! What travels: the JSON of every request and answer, by version.
//!
//! A version never changes its shape except by added fields; a shape that must
//! change gets a new version beside the old one. The command line prints these
//! same documents, so its `--json` output is the API's.

pub mod v1;

/// The version of the API that this build serves and speaks.
pub const API_VERSION: u32 = 1;

/// Where version 1 of the API starts.
pub const API_PREFIX: &str = "/api/v1";

/// Names of the headers that requests and answers carry.
pub mod header {
    /// Who asks: a name in UTF-8, percent-encoded.
    pub const ACTOR: &str = "codecontext-actor";
    /// What the one who asks is: `person` (the default) or `assistant`.
    pub const ACTOR_KIND: &str = "codecontext-actor-kind";
    /// The model behind an assistant, percent-encoded.
    pub const MODEL: &str = "codecontext-model";
    /// The session they ask in, percent-encoded.
    pub const SESSION: &str = "codecontext-session";
    /// The project that an assistant is connected to: an absolute path,
    /// percent-encoded. Verbs of the API take it in their query instead.
    pub const PROJECT: &str = "codecontext-project";
    /// The set of tools that an assistant is offered.
    pub const TOOLS: &str = "codecontext-tools";
    /// On answers: set when nothing was done because the daemon is about to
    /// end, so that any request may be sent again to its successor.
    pub const DRAINING: &str = "codecontext-draining";
}

/// Percent-encodes everything but letters, digits and `-._~/` (RFC 3986), for
/// query parameters and header values.
pub fn percent_encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

/// The text behind a percent-encoded one; none if it is malformed or not UTF-8.
pub fn percent_decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        if byte == b'%' {
            let digits = std::str::from_utf8(after.get(..2)?).ok()?;
            bytes.push(u8::from_str_radix(digits, 16).ok()?);
            rest = &after[2..];
        } else {
            bytes.push(byte);
            rest = after;
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_text_survives_percent_encoding() {
        for text in ["", "/home/a b/ü", "100% sure?\n", "a+b&c=d"] {
            assert_eq!(percent_decode(&percent_encode(text)).as_deref(), Some(text));
        }
        assert_eq!(percent_decode("%"), None);
        assert_eq!(percent_decode("%zz"), None);
        assert_eq!(percent_decode("%ff"), None);
    }
}
