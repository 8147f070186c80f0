//! Tokens that give themselves away by how they begin.

use super::{Found, SecretKind, run, starts_word};

/// What a token is made of after its prefix.
#[derive(Clone, Copy)]
enum Body {
    /// Letters and digits.
    Alphanumeric,
    /// Capital letters and digits.
    Capital,
    /// Small hexadecimal digits.
    Hex,
    /// Letters, digits, `_` and `-`.
    UrlSafe,
    /// As [`Body::UrlSafe`], and `.` and `=`.
    Dotted,
}

impl Body {
    fn holds(self, byte: u8) -> bool {
        match self {
            Body::Alphanumeric => byte.is_ascii_alphanumeric(),
            Body::Capital => byte.is_ascii_uppercase() || byte.is_ascii_digit(),
            Body::Hex => byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte),
            Body::UrlSafe => byte.is_ascii_alphanumeric() || b"_-".contains(&byte),
            Body::Dotted => byte.is_ascii_alphanumeric() || b"_-.=".contains(&byte),
        }
    }
}

/// A token's form: prefix, body, and its least and greatest length.
struct Form {
    kind: SecretKind,
    prefix: &'static str,
    body: Body,
    least: usize,
    most: usize,
}

const fn form(
    kind: SecretKind,
    prefix: &'static str,
    body: Body,
    least: usize,
    most: usize,
) -> Form {
    Form { kind, prefix, body, least, most }
}

/// Longest body that any open-ended token has; what is longer is still taken
/// whole, but no further than this at a time.
const OPEN: usize = 512;

/// The forms, as their providers document them. Where two prefixes fit, the
/// first that matches is taken.
const FORMS: &[Form] = &[
    form(SecretKind::AwsKey, "AKIA", Body::Capital, 16, 16),
    form(SecretKind::AwsKey, "ASIA", Body::Capital, 16, 16),
    form(SecretKind::AwsKey, "ABIA", Body::Capital, 16, 16),
    form(SecretKind::AwsKey, "ACCA", Body::Capital, 16, 16),
    form(SecretKind::GithubToken, "ghp_", Body::Alphanumeric, 36, OPEN),
    form(SecretKind::GithubToken, "gho_", Body::Alphanumeric, 36, OPEN),
    form(SecretKind::GithubToken, "ghu_", Body::Alphanumeric, 36, OPEN),
    form(SecretKind::GithubToken, "ghs_", Body::Alphanumeric, 36, OPEN),
    form(SecretKind::GithubToken, "ghr_", Body::Alphanumeric, 36, OPEN),
    form(SecretKind::GithubToken, "github_pat_", Body::UrlSafe, 22, OPEN),
    form(SecretKind::GitlabToken, "glpat-", Body::Dotted, 20, OPEN),
    form(SecretKind::GitlabToken, "gldt-", Body::UrlSafe, 20, OPEN),
    form(SecretKind::GitlabToken, "glrt-", Body::Dotted, 20, OPEN),
    form(SecretKind::GitlabToken, "glcbt-", Body::UrlSafe, 20, OPEN),
    form(SecretKind::GitlabToken, "glptt-", Body::UrlSafe, 20, OPEN),
    form(SecretKind::SlackToken, "xoxb-", Body::UrlSafe, 20, OPEN),
    form(SecretKind::SlackToken, "xoxp-", Body::UrlSafe, 20, OPEN),
    form(SecretKind::SlackToken, "xoxa-", Body::UrlSafe, 20, OPEN),
    form(SecretKind::SlackToken, "xoxr-", Body::UrlSafe, 20, OPEN),
    form(SecretKind::SlackToken, "xoxs-", Body::UrlSafe, 20, OPEN),
    form(SecretKind::SlackToken, "xapp-", Body::UrlSafe, 20, OPEN),
    form(SecretKind::StripeKey, "sk_live_", Body::Alphanumeric, 16, OPEN),
    form(SecretKind::StripeKey, "sk_test_", Body::Alphanumeric, 16, OPEN),
    form(SecretKind::StripeKey, "rk_live_", Body::Alphanumeric, 16, OPEN),
    form(SecretKind::StripeKey, "rk_test_", Body::Alphanumeric, 16, OPEN),
    form(SecretKind::StripeKey, "whsec_", Body::Alphanumeric, 24, OPEN),
    form(SecretKind::GoogleKey, "AIza", Body::UrlSafe, 35, 35),
    form(SecretKind::GoogleKey, "GOCSPX-", Body::UrlSafe, 28, 28),
    form(SecretKind::GoogleKey, "ya29.", Body::UrlSafe, 30, OPEN),
    form(SecretKind::AnthropicKey, "sk-ant-", Body::UrlSafe, 20, OPEN),
    form(SecretKind::OpenaiKey, "sk-proj-", Body::UrlSafe, 20, OPEN),
    form(SecretKind::OpenaiKey, "sk-svcacct-", Body::UrlSafe, 20, OPEN),
    form(SecretKind::OpenaiKey, "sk-admin-", Body::UrlSafe, 20, OPEN),
    form(SecretKind::OpenaiKey, "sk-", Body::Alphanumeric, 32, OPEN),
    form(SecretKind::RegistryToken, "npm_", Body::Alphanumeric, 36, 36),
    form(SecretKind::RegistryToken, "pypi-AgE", Body::UrlSafe, 50, OPEN),
    form(SecretKind::RegistryToken, "rubygems_", Body::Hex, 48, 48),
    form(SecretKind::RegistryToken, "cio", Body::Alphanumeric, 32, 32),
    form(SecretKind::ProviderToken, "hf_", Body::Alphanumeric, 30, 40),
    form(SecretKind::ProviderToken, "dop_v1_", Body::Hex, 64, 64),
    form(SecretKind::ProviderToken, "dckr_pat_", Body::UrlSafe, 20, OPEN),
    form(SecretKind::ProviderToken, "shpat_", Body::Alphanumeric, 32, 32),
    form(SecretKind::ProviderToken, "SG.", Body::Dotted, 60, OPEN),
    form(SecretKind::ProviderToken, "hvs.", Body::UrlSafe, 24, OPEN),
    form(SecretKind::ProviderToken, "lin_api_", Body::Alphanumeric, 32, OPEN),
    form(SecretKind::ProviderToken, "ATATT3", Body::Dotted, 60, OPEN),
    form(SecretKind::ProviderToken, "AGE-SECRET-KEY-1", Body::Capital, 50, 60),
];

/// Finds tokens by their prefixes, and JSON web tokens.
pub(super) fn find(bytes: &[u8], found: &mut Vec<Found>) {
    let mut at = 0;
    while at < bytes.len() {
        let token = starts_word(bytes, at)
            .then(|| token_at(bytes, at).or_else(|| web_token_at(bytes, at)))
            .flatten();
        match token {
            Some(token) => {
                at = token.end;
                found.push(token);
            }
            None => at += 1,
        }
    }
}

fn token_at(bytes: &[u8], start: usize) -> Option<Found> {
    // Every prefix begins with one of these: most places are left at once.
    if !matches!(bytes[start], b'A' | b'S' | b'G' | b'a'..=b'z') {
        return None;
    }
    let rest = &bytes[start..];
    FORMS.iter().find_map(|form| {
        if !rest.starts_with(form.prefix.as_bytes()) {
            return None;
        }
        let body = start + form.prefix.len();
        // Looking one further tells a token of fixed length from a longer word.
        let length = run(bytes, body, form.most + 1, |byte| form.body.holds(byte));
        let is_open = form.most == OPEN;
        if length < form.least || (!is_open && length > form.most) {
            return None;
        }
        let end = trim_end(bytes, body, body + length);
        let token = &bytes[body..end];
        (end - body >= form.least && is_mixed(token)).then_some(Found {
            kind: form.kind,
            start,
            end,
        })
    })
}

/// A token has digits, and letters that are not all of one word: `sk-` before a
/// long dashed name is no key.
fn is_mixed(body: &[u8]) -> bool {
    let digits = body.iter().filter(|byte| byte.is_ascii_digit()).count();
    let letters = body.iter().filter(|byte| byte.is_ascii_alphabetic()).count();
    digits >= 2 && letters >= 2
}

/// Leaves out what ends a sentence or a list rather than a token.
fn trim_end(bytes: &[u8], start: usize, end: usize) -> usize {
    let trailing = bytes[start..end].iter().rev().take_while(|byte| b".-_".contains(byte)).count();
    end - trailing
}

/// Three parts in base64 for URLs, the first two of which encode JSON objects
/// (RFC 7519): both begin with `eyJ`.
fn web_token_at(bytes: &[u8], start: usize) -> Option<Found> {
    const MOST: usize = 8192;
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"_-".contains(&byte);
    if !bytes[start..].starts_with(b"eyJ") {
        return None;
    }
    let header = run(bytes, start, MOST, is_part);
    let claims_at = start + header + 1;
    if header < 10 || bytes.get(claims_at - 1) != Some(&b'.') {
        return None;
    }
    if !bytes[claims_at..].starts_with(b"eyJ") {
        return None;
    }
    let claims = run(bytes, claims_at, MOST, is_part);
    let signature_at = claims_at + claims + 1;
    if bytes.get(signature_at - 1) != Some(&b'.') {
        return None;
    }
    let signature = run(bytes, signature_at, MOST, is_part);
    (signature >= 10).then_some(Found {
        kind: SecretKind::Jwt,
        start,
        end: signature_at + signature,
    })
}
