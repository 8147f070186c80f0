//! Credentials in addresses: `scheme://user:password@host`, and webhooks whose
//! address is the secret.

use memchr::memmem;

use super::entropy::looks_placed;
use super::{Found, SecretKind, run};

/// Longest user name or password that is looked at, in bytes.
const LONGEST: usize = 256;

/// Finds passwords in addresses, and secret webhook addresses.
pub(super) fn find(bytes: &[u8], found: &mut Vec<Found>) {
    for at in memmem::find_iter(bytes, b"://") {
        if at == 0 || !bytes[at - 1].is_ascii_alphanumeric() {
            continue;
        }
        let authority = at + 3;
        if let Some(password) = password(bytes, authority) {
            found.push(password);
        } else if let Some(hook) = webhook(bytes, authority) {
            found.push(hook);
        }
    }
}

fn password(bytes: &[u8], authority: usize) -> Option<Found> {
    let is_part = |byte: u8| byte.is_ascii_graphic() && !b"/@:?#\"'`<>()[]{},;|\\".contains(&byte);
    let start = authority + run(bytes, authority, LONGEST, is_part) + 1;
    if bytes.get(start - 1) != Some(&b':') {
        return None;
    }
    // A password may hold more than a name may.
    let is_part = |byte: u8| byte.is_ascii_graphic() && !b"/@\"'`<> ".contains(&byte);
    let length = run(bytes, start, LONGEST, is_part);
    let end = start + length;
    let value = bytes.get(start..end)?;
    (length > 0 && bytes.get(end) == Some(&b'@') && !looks_placed(value)).then_some(Found {
        kind: SecretKind::AddressPassword,
        start,
        end,
    })
}

fn webhook(bytes: &[u8], authority: usize) -> Option<Found> {
    const SLACK: &[u8] = b"hooks.slack.com/services/";
    if !bytes[authority..].starts_with(SLACK) {
        return None;
    }
    let start = authority + SLACK.len();
    let length = run(bytes, start, LONGEST, |byte| byte.is_ascii_alphanumeric() || byte == b'/');
    let path = &bytes[start..start + length];
    (length >= 24 && path.iter().any(u8::is_ascii_digit)).then_some(Found {
        kind: SecretKind::SlackToken,
        start,
        end: start + length,
    })
}
