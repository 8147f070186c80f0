//! What follows `Authorization` and `Bearer`: a scheme and its credentials
//! (RFC 9110).

use super::entropy::{encodes_pair, looks_named, looks_placed, looks_random};
use super::{Found, SecretKind, run};

/// Longest credentials that are looked at, in bytes.
const LONGEST: usize = 4096;

/// Least length of credentials of any scheme, in bytes.
const SHORTEST: usize = 12;

/// The credentials after a header's name, which ends at `at`.
pub(super) fn after_header(bytes: &[u8], at: usize) -> Option<Found> {
    let at = at + run(bytes, at, 4, |byte| b"\\\"'`".contains(&byte));
    let at = at + run(bytes, at, 4, |byte| b" \t:=".contains(&byte));
    let at = at + run(bytes, at, 4, |byte| b"\\\"'`".contains(&byte));
    let scheme = run(bytes, at, 12, |byte| byte.is_ascii_alphabetic());
    let is_scheme = |name: &[u8]| bytes[at..at + scheme].eq_ignore_ascii_case(name);
    let is_known = [&b"bearer"[..], b"basic", b"token", b"digest", b"apikey"]
        .iter()
        .any(|known| is_scheme(known));
    if is_known && bytes.get(at + scheme) == Some(&b' ') {
        let start = at + scheme + 1;
        let end = start + run(bytes, start, LONGEST, is_part);
        let credentials = &bytes[start..end];
        let is_secret = is_given(credentials) || is_scheme(b"basic") && encodes_pair(credentials);
        return is_secret.then_some(found(start, end));
    }
    // Some services take a key alone, without a scheme.
    let end = at + run(bytes, at, LONGEST, is_part);
    (end - at >= 16 && looks_random(&bytes[at..end])).then_some(found(at, end))
}

/// The credentials after the word `Bearer`, which ends at `at`.
pub(super) fn after_bearer(bytes: &[u8], at: usize) -> Option<Found> {
    let start = at + run(bytes, at, 1, |byte| byte == b' ');
    let end = start + run(bytes, start, LONGEST, is_part);
    // A dot or so ends the sentence.
    let trailing = bytes[start..end].iter().rev().take_while(|byte| b".-".contains(byte));
    let end = end - trailing.count();
    let is_long = end - start >= 16;
    (start > at && is_long && looks_random(&bytes[start..end])).then_some(found(start, end))
}

fn is_given(credentials: &[u8]) -> bool {
    let is_word = credentials.iter().all(|byte| byte.is_ascii_lowercase() || *byte == b'_');
    // `ACCESS_TOKEN` stands for one.
    let is_constant = credentials.contains(&b'_')
        && looks_named(credentials)
        && !credentials.iter().any(u8::is_ascii_lowercase);
    credentials.len() >= SHORTEST && !is_word && !is_constant && !looks_placed(credentials)
}

fn is_part(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"_-.~+/=".contains(&byte)
}

fn found(start: usize, end: usize) -> Found {
    Found { kind: SecretKind::Authorization, start, end }
}
