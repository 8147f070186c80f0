//! Tokens that give themselves away by how they begin.

use super::entropy::looks_named;
use super::{Found, SecretKind, run, starts_word, web_token};

/// What a token is made of after its prefix.
#[derive(Clone, Copy)]
enum Body {
    /// Letters and digits.
    Alphanumeric,
    /// Capital letters and digits.
    Capital,
    /// Small hexadecimal digits.
    Hex,
    /// As [`Body::Alphanumeric`], behind a prefix that words begin with, too.
    Shuffled,
    /// Letters, digits and `_`.
    Identifier,
    /// Letters, digits, `_` and `-`.
    UrlSafe,
    /// As [`Body::UrlSafe`], and `.` and `=`.
    Dotted,
}

impl Body {
    fn holds(self, byte: u8) -> bool {
        match self {
            Body::Alphanumeric | Body::Shuffled => byte.is_ascii_alphanumeric(),
            Body::Identifier => byte.is_ascii_alphanumeric() || byte == b'_',
            Body::Capital => byte.is_ascii_uppercase() || byte.is_ascii_digit(),
            Body::Hex => byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte),
            Body::UrlSafe => byte.is_ascii_alphanumeric() || b"_-".contains(&byte),
            Body::Dotted => byte.is_ascii_alphanumeric() || b"_-.=".contains(&byte),
        }
    }

    /// Whether chance rather than a person put these bytes together. Prefix and
    /// length say enough of a single run of letters and digits, unless it only
    /// fills the place; where words can be joined, there must be more than words.
    fn is_token(self, body: &[u8]) -> bool {
        let digits = body.iter().filter(|byte| byte.is_ascii_digit()).count();
        let letters = body.iter().filter(|byte| byte.is_ascii_alphabetic()).count();
        match self {
            Body::Alphanumeric | Body::Capital | Body::Hex => has_variety(body),
            Body::Shuffled => digits >= 2 && letters >= 2,
            Body::Identifier | Body::UrlSafe | Body::Dotted => {
                has_variety(body) && ((digits >= 2 && letters >= 2) || !looks_named(body))
            }
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
    form(SecretKind::GitlabToken, "gloas-", Body::UrlSafe, 20, OPEN),
    form(SecretKind::GitlabToken, "glsoat-", Body::UrlSafe, 20, OPEN),
    form(SecretKind::GitlabToken, "glimt-", Body::UrlSafe, 20, OPEN),
    form(SecretKind::GitlabToken, "glagent-", Body::UrlSafe, 20, OPEN),
    form(SecretKind::SlackToken, "xoxb-", Body::UrlSafe, 20, OPEN),
    form(SecretKind::SlackToken, "xoxp-", Body::UrlSafe, 20, OPEN),
    form(SecretKind::SlackToken, "xoxa-", Body::UrlSafe, 20, OPEN),
    form(SecretKind::SlackToken, "xoxr-", Body::UrlSafe, 20, OPEN),
    form(SecretKind::SlackToken, "xoxs-", Body::UrlSafe, 20, OPEN),
    form(SecretKind::SlackToken, "xoxc-", Body::UrlSafe, 20, OPEN),
    form(SecretKind::SlackToken, "xoxd-", Body::UrlSafe, 20, OPEN),
    form(SecretKind::SlackToken, "xoxe-", Body::UrlSafe, 20, OPEN),
    form(SecretKind::SlackToken, "xoxe.", Body::Dotted, 20, OPEN),
    form(SecretKind::SlackToken, "xapp-", Body::UrlSafe, 20, OPEN),
    form(SecretKind::StripeKey, "sk_live_", Body::Alphanumeric, 16, OPEN),
    form(SecretKind::StripeKey, "sk_test_", Body::Alphanumeric, 16, OPEN),
    form(SecretKind::StripeKey, "rk_live_", Body::Alphanumeric, 16, OPEN),
    form(SecretKind::StripeKey, "rk_test_", Body::Alphanumeric, 16, OPEN),
    form(SecretKind::StripeKey, "whsec_", Body::Alphanumeric, 24, OPEN),
    form(SecretKind::GoogleKey, "AIza", Body::UrlSafe, 35, 35),
    form(SecretKind::GoogleKey, "GOCSPX-", Body::UrlSafe, 28, 28),
    form(SecretKind::GoogleKey, "ya29.", Body::UrlSafe, 30, OPEN),
    form(SecretKind::GoogleKey, "1//0", Body::UrlSafe, 40, OPEN),
    form(SecretKind::AnthropicKey, "sk-ant-", Body::UrlSafe, 20, OPEN),
    form(SecretKind::OpenaiKey, "sk-proj-", Body::UrlSafe, 20, OPEN),
    form(SecretKind::OpenaiKey, "sk-svcacct-", Body::UrlSafe, 20, OPEN),
    form(SecretKind::OpenaiKey, "sk-admin-", Body::UrlSafe, 20, OPEN),
    form(SecretKind::ProviderToken, "sk-or-v1-", Body::Hex, 64, 64),
    form(SecretKind::OpenaiKey, "sk-", Body::Alphanumeric, 32, OPEN),
    form(SecretKind::RegistryToken, "npm_", Body::Alphanumeric, 36, 36),
    form(SecretKind::RegistryToken, "pypi-AgE", Body::UrlSafe, 50, OPEN),
    form(SecretKind::RegistryToken, "rubygems_", Body::Hex, 48, 48),
    form(SecretKind::RegistryToken, "cio", Body::Shuffled, 32, 32),
    form(SecretKind::ProviderToken, "hf_", Body::Alphanumeric, 30, 40),
    form(SecretKind::ProviderToken, "dop_v1_", Body::Hex, 64, 64),
    form(SecretKind::ProviderToken, "doo_v1_", Body::Hex, 64, 64),
    form(SecretKind::ProviderToken, "dor_v1_", Body::Hex, 64, 64),
    form(SecretKind::ProviderToken, "dckr_pat_", Body::UrlSafe, 20, OPEN),
    form(SecretKind::ProviderToken, "dckr_oat_", Body::UrlSafe, 20, OPEN),
    form(SecretKind::ProviderToken, "shpat_", Body::Alphanumeric, 32, 32),
    form(SecretKind::ProviderToken, "shpca_", Body::Alphanumeric, 32, 32),
    form(SecretKind::ProviderToken, "shppa_", Body::Alphanumeric, 32, 32),
    form(SecretKind::ProviderToken, "shpss_", Body::Alphanumeric, 32, 32),
    form(SecretKind::ProviderToken, "SG.", Body::Dotted, 60, OPEN),
    form(SecretKind::ProviderToken, "SK", Body::Hex, 32, 32),
    form(SecretKind::ProviderToken, "hvs.", Body::UrlSafe, 24, OPEN),
    form(SecretKind::ProviderToken, "hvb.", Body::UrlSafe, 24, OPEN),
    form(SecretKind::ProviderToken, "lin_api_", Body::Alphanumeric, 32, OPEN),
    form(SecretKind::ProviderToken, "ntn_", Body::Alphanumeric, 40, OPEN),
    form(SecretKind::ProviderToken, "figd_", Body::UrlSafe, 36, OPEN),
    form(SecretKind::ProviderToken, "gsk_", Body::Alphanumeric, 48, OPEN),
    form(SecretKind::ProviderToken, "xai-", Body::Alphanumeric, 60, OPEN),
    form(SecretKind::ProviderToken, "pplx-", Body::Alphanumeric, 40, OPEN),
    form(SecretKind::ProviderToken, "r8_", Body::Alphanumeric, 37, 37),
    form(SecretKind::ProviderToken, "dapi", Body::Hex, 32, 32),
    form(SecretKind::ProviderToken, "glsa_", Body::Identifier, 32, OPEN),
    form(SecretKind::ProviderToken, "sntrys_", Body::UrlSafe, 60, OPEN),
    form(SecretKind::ProviderToken, "pscale_tkn_", Body::UrlSafe, 32, OPEN),
    form(SecretKind::ProviderToken, "sq0atp-", Body::UrlSafe, 22, OPEN),
    form(SecretKind::ProviderToken, "sq0csp-", Body::UrlSafe, 40, OPEN),
    form(SecretKind::ProviderToken, "NRAK-", Body::Capital, 27, 27),
    form(SecretKind::ProviderToken, "PMAK-", Body::UrlSafe, 50, OPEN),
    form(SecretKind::ProviderToken, "ATATT3", Body::Dotted, 60, OPEN),
    form(SecretKind::ProviderToken, "ATCTT3", Body::Dotted, 60, OPEN),
    form(SecretKind::ProviderToken, "AGE-SECRET-KEY-1", Body::Capital, 50, 60),
];

/// Finds tokens by their prefixes, and JSON web tokens.
pub(super) fn find(bytes: &[u8], found: &mut Vec<Found>) {
    let mut at = 0;
    while at < bytes.len() {
        let token = starts_word(bytes, at)
            .then(|| {
                token_at(bytes, at)
                    .or_else(|| web_token::at(bytes, at))
                    .or_else(|| bot_token_at(bytes, at))
            })
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
    if !matches!(bytes[start], b'A' | b'G' | b'N' | b'P' | b'S' | b'a'..=b'z' | b'1') {
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
        (end - body >= form.least && form.body.is_token(token)).then_some(Found {
            kind: form.kind,
            start,
            end,
        })
    })
}

/// Whether there are more different bytes than in a row of `x`.
fn has_variety(body: &[u8]) -> bool {
    let mut seen = [false; 256];
    body.iter().for_each(|byte| seen[usize::from(*byte)] = true);
    seen.iter().filter(|seen| **seen).count() >= 7
}

/// Leaves out what ends a sentence or a list rather than a token.
fn trim_end(bytes: &[u8], start: usize, end: usize) -> usize {
    let trailing = bytes[start..end].iter().rev().take_while(|byte| b".-_".contains(byte)).count();
    end - trailing
}

/// A key of a Telegram bot: its number, a colon and 35 characters.
fn bot_token_at(bytes: &[u8], start: usize) -> Option<Found> {
    let number = run(bytes, start, 11, |byte| byte.is_ascii_digit());
    let key = start + number + 1;
    if !(8..=10).contains(&number) || !bytes[start + number..].starts_with(b":AA") {
        return None;
    }
    let length = run(bytes, key, 36, |byte| Body::UrlSafe.holds(byte));
    (length == 35).then_some(Found { kind: SecretKind::ProviderToken, start, end: key + length })
}
