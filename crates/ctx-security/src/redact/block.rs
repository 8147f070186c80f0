//! Private keys in PEM form (RFC 7468), OpenSSH's included.

use memchr::memmem;

use super::{Found, SecretKind};

const BEGIN: &[u8] = b"-----BEGIN ";
const END: &[u8] = b"-----END ";
const DASHES: &[u8] = b"-----";
/// Longest label that is looked at, in bytes.
const LABEL: usize = 64;

/// Least base64 that makes a block without an end a cut key, in bytes.
const CUT: usize = 24;

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
        let end = match end.filter(|end| bytes[body..*end].iter().all(is_body)) {
            Some(end) => {
                let label = &bytes[end + END.len()..];
                let label = &label[..label.len().min(LABEL + DASHES.len())];
                let closing = memmem::find(label, DASHES).map_or(0, |at| at + DASHES.len());
                end + END.len() + closing
            }
            None => {
                let base64 =
                    |byte: &&u8| byte.is_ascii_alphanumeric() || b"+/=\r\n\\".contains(byte);
                let length = bytes[body..next].iter().take_while(base64).count();
                if length < CUT {
                    continue;
                }
                body + length
            }
        };
        found.push(Found { kind: SecretKind::PrivateKey, start, end });
    }
}

/// Whether a byte can stand between the two lines of dashes: base64, headers of
/// old forms, and what a block is written with inside other texts.
fn is_body(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || b"+/=\r\n\\ \t:,-.\"'>|".contains(byte)
}

/// Where the body begins, if the label at `at` is a private key's.
fn private_key_body(bytes: &[u8], at: usize) -> Option<usize> {
    let label = &bytes[at..bytes.len().min(at + LABEL + DASHES.len())];
    let length = memmem::find(label, DASHES)?;
    let is_private = memmem::find(&label[..length], b"PRIVATE KEY").is_some();
    is_private.then_some(at + length + DASHES.len())
}
