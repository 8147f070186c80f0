//! Private keys in PEM form (RFC 7468), OpenSSH's included.

use memchr::memmem;

use super::{Found, SecretKind, run};

const BEGIN: &[u8] = b"-----BEGIN ";
const END: &[u8] = b"-----END ";
const DASHES: &[u8] = b"-----";
/// Longest label that is looked at, in bytes.
const LABEL: usize = 64;

/// Least base64 that makes a block without an end a cut key, in bytes.
const CUT: usize = 24;

/// Least base64 that makes a block with an end a key, in bytes: what people
/// write about such blocks has none.
const SOME: usize = 8;

/// Finds private key blocks, from their first dashes to their last. A block that
/// does not end is taken as far as it can be a key's.
pub(super) fn find(bytes: &[u8], found: &mut Vec<Found>) {
    let mut ends = memmem::find_iter(bytes, END).peekable();
    let mut begins = memmem::find_iter(bytes, BEGIN).peekable();
    while let Some(start) = begins.next() {
        let Some(body) = private_key_body(bytes, start + BEGIN.len()) else { continue };
        while ends.next_if(|end| *end < body).is_some() {}
        let next = begins.peek().copied().unwrap_or(bytes.len());
        let end = ends.peek().copied().filter(|end| *end <= next);
        let end = match end.filter(|end| holds_key(&bytes[body..*end])) {
            Some(end) => {
                let label = &bytes[end + END.len()..];
                let label = &label[..label.len().min(LABEL + DASHES.len())];
                let closing = memmem::find(label, DASHES).map_or(0, |at| at + DASHES.len());
                end + END.len() + closing
            }
            None => match cut_length(&bytes[body..next]) {
                length if length < CUT => continue,
                length => body + length,
            },
        };
        found.push(Found { kind: SecretKind::PrivateKey, start, end });
    }
}

/// Whether what stands between the two lines of dashes is a key: base64, headers
/// of old forms, and what a block is written with inside other texts.
fn holds_key(body: &[u8]) -> bool {
    let is_body = |byte: &u8| is_base64(*byte) || b"\r\n\\ \t:,-.\"'>|#*;`".contains(byte);
    let is_digits =
        |part: &[u8]| part.len() >= SOME && part.iter().any(|byte| !byte.is_ascii_lowercase());
    body.iter().all(is_body) && body.split(|byte| !is_base64(*byte)).any(is_digits)
}

/// How far a block without an end reaches: over lines of base64, each perhaps
/// behind the signs of a comment or a quotation.
fn cut_length(body: &[u8]) -> usize {
    let is_key = |byte: u8| is_base64(byte) || byte == b'\\';
    let (mut length, mut at) = (0, 0);
    loop {
        at += run(body, at, LABEL, |byte| b"\r\n \t#*>|".contains(&byte));
        let line = run(body, at, usize::MAX, is_key);
        at += line;
        // Prose goes on after its first word.
        let is_whole = body.get(at).is_none_or(|byte| b"\r\n\"'`".contains(byte));
        if line == 0 || (line < CUT && !is_whole) {
            return length;
        }
        length = at;
    }
}

fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"+/=".contains(&byte)
}

/// Where the body begins, if the label at `at` is a private key's.
fn private_key_body(bytes: &[u8], at: usize) -> Option<usize> {
    let label = &bytes[at..bytes.len().min(at + LABEL + DASHES.len())];
    let length = memmem::find(label, DASHES)?;
    let is_private = memmem::find(&label[..length], b"PRIVATE KEY").is_some();
    is_private.then_some(at + length + DASHES.len())
}
