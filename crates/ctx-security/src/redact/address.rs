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
    // A password may hold more than a name may: the last `@` before the host's
    // end ends it, if what follows the first can be part of it.
    let is_part = |byte: u8| byte.is_ascii_graphic() && !b"/@\"'`<> ".contains(&byte);
    let mut end = start + run(bytes, start, LONGEST, is_part);
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"!$%^&*_~+=.-".contains(&byte);
    while bytes.get(end) == Some(&b'@') && end < start + LONGEST {
        let next = end + 1 + run(bytes, end + 1, LONGEST, is_part);
        if bytes.get(next) != Some(&b'@') {
            break;
        }
        end = next;
    }
    let value = bytes.get(start..end)?;
    let is_password = !value.is_empty() && bytes.get(end) == Some(&b'@');
    (is_password && !looks_placed(value)).then_some(Found {
        kind: SecretKind::AddressPassword,
        start,
        end,
    })
}

fn webhook(bytes: &[u8], authority: usize) -> Option<Found> {
    const HOOKS: [(&[u8], SecretKind); 4] = [
        (b"hooks.slack.com/services/", SecretKind::SlackToken),
        (b"hooks.slack.com/workflows/", SecretKind::SlackToken),
        (b"discord.com/api/webhooks/", SecretKind::ProviderToken),
        (b"discordapp.com/api/webhooks/", SecretKind::ProviderToken),
    ];
    let rest = &bytes[authority..];
    let (hook, kind) = HOOKS.into_iter().find(|(hook, _)| rest.starts_with(hook))?;
    let start = authority + hook.len();
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"/_-".contains(&byte);
    let length = run(bytes, start, LONGEST, is_part);
    let path = &bytes[start..start + length];
    let is_secret = length >= 24 && path.iter().any(u8::is_ascii_digit);
    is_secret.then_some(Found { kind, start, end: start + length })
}
