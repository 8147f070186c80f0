//! Values assigned to names that promise a secret: `password = …`,
//! `"api_key": "…"`, `--token …`, `Authorization: Bearer …`.

use super::entropy::looks_random;
use super::{Found, SecretKind, is_word, run};

/// How much of a name or a value is looked at before it is known to matter, in bytes.
const LONGEST: usize = 192;

/// Words that make the name they end promise a secret.
const NAMES: [&[u8]; 16] = [
    b"password",
    b"passwd",
    b"passphrase",
    b"pwd",
    b"secret",
    b"token",
    b"apikey",
    b"api_key",
    b"api-key",
    b"accesskey",
    b"access_key",
    b"access-key",
    b"secret_key",
    b"private_key",
    b"signing_key",
    b"credentials",
];

/// Finds values of secret names. Reads each word once: a name ends at most one
/// assignment.
pub(super) fn find(bytes: &[u8], found: &mut Vec<Found>) {
    let mut at = 0;
    while at < bytes.len() {
        if !is_name(bytes[at]) {
            at += 1;
            continue;
        }
        let length = run(bytes, at, LONGEST, is_name);
        let name = &bytes[at..at + length];
        at += length;
        let secret = if ends_secret_name(name) {
            assigned(bytes, name, at)
        } else if ends_with(name, b"authorization") {
            authorization(bytes, at)
        } else {
            None
        };
        if let Some(secret) = secret {
            at = secret.end;
            found.push(secret);
        }
    }
}

fn is_name(byte: u8) -> bool {
    is_word(byte) || byte == b'-'
}

fn ends_secret_name(name: &[u8]) -> bool {
    NAMES.iter().any(|word| ends_with(name, word))
}

fn ends_with(name: &[u8], word: &[u8]) -> bool {
    name.len() >= word.len() && name[name.len() - word.len()..].eq_ignore_ascii_case(word)
}

/// The value assigned to `name`, which ends at `at`.
fn assigned(bytes: &[u8], name: &[u8], at: usize) -> Option<Found> {
    let at = at + run(bytes, at, 1, |byte| b"\"'`".contains(&byte));
    let spaces = run(bytes, at, 8, |byte| b" \t".contains(&byte));
    let sign = at + spaces;
    let signs = run(bytes, sign, 2, |byte| b":=>".contains(&byte));
    // An option takes its value after a blank alone: `--token abc`.
    let is_option = signs == 0 && spaces > 0 && name.starts_with(b"--");
    if signs == 0 && !is_option {
        return None;
    }
    let at = sign + signs;
    let at = at + run(bytes, at, 8, |byte| b" \t".contains(&byte));
    value(bytes, at, SecretKind::AssignedSecret)
}

/// A quoted or bare value at `at` that looks random. Its beginning tells; only
/// then is it read to its end, so that nothing is read to its end twice.
fn value(bytes: &[u8], at: usize, kind: SecretKind) -> Option<Found> {
    let quote = *bytes.get(at)?;
    let (start, end) = if b"\"'`".contains(&quote) {
        let is_part = |byte: u8| byte != quote && byte.is_ascii_graphic();
        let start = at + 1;
        let seen = run(bytes, start, LONGEST, is_part);
        let is_whole = seen == LONGEST || bytes.get(start + seen) == Some(&quote);
        (is_whole && looks_random(&bytes[start..start + seen])).then_some(())?;
        (start, start + run(bytes, start, usize::MAX, is_part))
    } else {
        let is_part = |byte: u8| byte.is_ascii_graphic() && !b"\"'`,;".contains(&byte);
        let seen = run(bytes, at, LONGEST, is_part);
        // Brackets and the like make it an expression rather than a value.
        let is_code = |byte: &u8| b"()[]{}<>|\\".contains(byte);
        let trailing = bytes[at..at + seen].iter().rev().take_while(|byte| b".:!?".contains(byte));
        let seen = seen - trailing.count();
        let value = &bytes[at..at + seen];
        (!value.iter().any(is_code) && looks_random(value)).then_some(())?;
        let rest = if seen < LONGEST { 0 } else { run(bytes, at + seen, usize::MAX, is_part) };
        (at, at + seen + rest)
    };
    Some(Found { kind, start, end })
}

/// What follows `Authorization`: a scheme and its credentials.
fn authorization(bytes: &[u8], at: usize) -> Option<Found> {
    let at = at + run(bytes, at, 1, |byte| b"\"'".contains(&byte));
    let at = at + run(bytes, at, 4, |byte| b" \t:=".contains(&byte));
    let at = at + run(bytes, at, 1, |byte| b"\"'".contains(&byte));
    let scheme = run(bytes, at, 12, |byte| byte.is_ascii_alphabetic());
    let is_known = [&b"bearer"[..], b"basic", b"token", b"digest", b"apikey"]
        .iter()
        .any(|known| bytes[at..at + scheme].eq_ignore_ascii_case(known));
    let start = at + scheme + 1;
    if !is_known || bytes.get(start - 1) != Some(&b' ') {
        return None;
    }
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.~+/=".contains(&byte);
    let length = run(bytes, start, 4096, is_part);
    let credentials = bytes.get(start..start + length)?;
    let is_named = credentials.iter().all(|byte| byte.is_ascii_lowercase() || *byte == b'_');
    (length >= 12 && !is_named && !super::entropy::looks_placed(credentials)).then_some(Found {
        kind: SecretKind::Authorization,
        start,
        end: start + length,
    })
}
