//! Redaction: secrets found in free text and taken out of it.
//!
//! Looks for what gives a secret away by its form: key blocks, tokens with a
//! known prefix, values assigned to names like `password`, credentials in
//! addresses, connection strings, command lines and `.netrc`. Every detector reads the text once and looks ahead by a bounded
//! number of bytes, so that no input makes it slow. What a name or a form does
//! not give away is not found: redaction lowers the risk, it proves nothing.

mod address;
mod assignment;
mod authorization;
mod block;
mod command;
mod connection;
mod entropy;
mod entry;
mod netrc;
mod token;
mod web_token;

#[cfg(test)]
mod tests;

use std::fmt;

pub use entry::{redact_entry, redact_memory};

/// What kind of secret was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SecretKind {
    /// A private key in PEM or OpenSSH form.
    PrivateKey,
    /// An access key of AWS.
    AwsKey,
    /// A token of GitHub.
    GithubToken,
    /// A token of GitLab.
    GitlabToken,
    /// A token or webhook of Slack.
    SlackToken,
    /// A secret key of Stripe.
    StripeKey,
    /// A key or token of Google.
    GoogleKey,
    /// A key of OpenAI.
    OpenaiKey,
    /// A key of Anthropic.
    AnthropicKey,
    /// A token of a package registry: npm, PyPI, crates.io, RubyGems.
    RegistryToken,
    /// A token of another provider with a known prefix.
    ProviderToken,
    /// A JSON web token.
    Jwt,
    /// What follows `Authorization: Bearer` or `Basic`.
    Authorization,
    /// A password in an address.
    AddressPassword,
    /// A password in a command's options.
    CommandPassword,
    /// What is assigned to a name like `password` or `token`, and looks it.
    AssignedSecret,
}

impl SecretKind {
    /// The name that stands in place of the secret.
    pub fn name(self) -> &'static str {
        match self {
            SecretKind::PrivateKey => "private-key",
            SecretKind::AwsKey => "aws-key",
            SecretKind::GithubToken => "github-token",
            SecretKind::GitlabToken => "gitlab-token",
            SecretKind::SlackToken => "slack-token",
            SecretKind::StripeKey => "stripe-key",
            SecretKind::GoogleKey => "google-key",
            SecretKind::OpenaiKey => "openai-key",
            SecretKind::AnthropicKey => "anthropic-key",
            SecretKind::RegistryToken => "registry-token",
            SecretKind::ProviderToken => "provider-token",
            SecretKind::Jwt => "jwt",
            SecretKind::Authorization => "authorization",
            SecretKind::AddressPassword => "address-password",
            SecretKind::CommandPassword => "command-password",
            SecretKind::AssignedSecret => "assigned-secret",
        }
    }
}

impl fmt::Display for SecretKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Where a secret was; not what it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// What kind of secret.
    pub kind: SecretKind,
    /// Where it began in the original text, in bytes.
    pub start: usize,
    /// Where it ended in the original text, in bytes.
    pub end: usize,
}

/// A text without the secrets that were found in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redaction {
    /// The text, with `[redacted:KIND]` for each secret.
    pub text: String,
    /// What was found, in the order of the text.
    pub found: Vec<Found>,
}

/// Takes every secret that is recognised out of `text`.
pub fn redact(text: &str) -> Redaction {
    let found = find(text);
    let mut redacted = String::with_capacity(text.len());
    let mut at = 0;
    for found in &found {
        redacted.push_str(&text[at..found.start]);
        redacted.push_str("[redacted:");
        redacted.push_str(found.kind.name());
        redacted.push(']');
        at = found.end;
    }
    redacted.push_str(&text[at..]);
    Redaction { text: redacted, found }
}

/// Every secret that is recognised in `text`, in its order, none overlapping.
pub fn find(text: &str) -> Vec<Found> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    block::find(bytes, &mut found);
    token::find(bytes, &mut found);
    address::find(bytes, &mut found);
    assignment::find(bytes, &mut found);
    command::find(bytes, &mut found);
    netrc::find(bytes, &mut found);
    // The earliest wins, then the longest; a later one that reaches beyond it
    // lends it its end, so that no rest of a secret stays.
    found.sort_by_key(|found| (found.start, usize::MAX - found.end));
    let mut kept: Vec<Found> = Vec::new();
    for next in found {
        match kept.last_mut() {
            Some(last) if next.start < last.end => last.end = last.end.max(next.end),
            _ => kept.push(next),
        }
    }
    // Every detector stops at ASCII, but a boundary inside a character must
    // never reach the caller.
    kept.retain(|found| text.is_char_boundary(found.start) && text.is_char_boundary(found.end));
    kept
}

/// Whether a byte can be part of a word: ASCII letters, digits and `_`.
fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Whether the byte before `at` does not continue a word.
fn starts_word(bytes: &[u8], at: usize) -> bool {
    at == 0 || !bytes[at - 1].is_ascii_alphanumeric()
}

/// How many bytes from `at` on, at most `limit`, satisfy `is_part`.
fn run(bytes: &[u8], at: usize, limit: usize, is_part: impl Fn(u8) -> bool) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    rest.iter().take(limit).take_while(|byte| is_part(**byte)).count()
}
