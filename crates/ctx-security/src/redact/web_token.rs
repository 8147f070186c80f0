//! JSON web tokens, signed (RFC 7515) and encrypted (RFC 7516).

use super::{Found, SecretKind, run};

/// Longest part that is looked at, in bytes.
const LONGEST: usize = 8192;

/// A web token at `start`: parts in base64 for URLs, the first of which encodes
/// a JSON object. Signed ones have three, the second an object too; encrypted
/// ones have five, the second of which may be empty.
pub(super) fn at(bytes: &[u8], start: usize) -> Option<Found> {
    // What continues a part was looked at with its beginning.
    let is_inside = start > 0 && b"_-".contains(&bytes[start - 1]);
    if is_inside || !encodes_object(bytes, start) {
        return None;
    }
    let header = part(bytes, start);
    if header < 10 {
        return None;
    }
    let mut parts = [0; 4];
    let (mut count, mut end) = (0, start + header);
    while count < parts.len() && bytes.get(end) == Some(&b'.') {
        parts[count] = part(bytes, end + 1);
        end += 1 + parts[count];
        count += 1;
    }
    let signed_end = start + header + 2 + parts[0] + parts[1];
    let end = match parts {
        // An unsigned token (`alg: none`) ends with the second dot.
        [claims, signature, ..]
            if count >= 2
                && encodes_object(bytes, start + header + 1)
                && claims >= 10
                && (signature >= 10 || signature == 0) =>
        {
            signed_end
        }
        [_, vector, text, tag] if count == 4 && vector >= 8 && text >= 2 && tag >= 10 => end,
        _ => return None,
    };
    Some(Found { kind: SecretKind::Jwt, start, end })
}

fn part(bytes: &[u8], at: usize) -> usize {
    run(bytes, at, LONGEST, |byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte))
}

/// Whether the base64 at `at` begins as an object does: `{"`, `{ ` or `{` and a
/// new line.
fn encodes_object(bytes: &[u8], at: usize) -> bool {
    let rest = bytes.get(at..).unwrap_or_default();
    [&b"eyJ"[..], b"eyA", b"ewo", b"ew0"].iter().any(|begin| rest.starts_with(begin))
}
