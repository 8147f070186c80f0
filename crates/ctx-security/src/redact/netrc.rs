//! Passwords in lines of `.netrc`: `machine HOST login NAME password WORD`.

use memchr::memmem;

use super::entropy::looks_placed;
use super::{Found, SecretKind, run, starts_word};

/// Longest word that is looked at, in bytes.
const LONGEST: usize = 256;

/// Most words that an entry has after its host.
const WORDS: usize = 8;

/// Finds the passwords of entries, which may go over several lines.
pub(super) fn find(bytes: &[u8], found: &mut Vec<Found>) {
    for at in memmem::find_iter(bytes, b"machine") {
        if !starts_word(bytes, at) {
            continue;
        }
        let mut words = Words { bytes, at: at + "machine".len() };
        // Prose speaks of machines, too, but hardly names a host next.
        let is_host = |host: &[u8]| host.contains(&b'.') || host == b"localhost";
        if !words.next().is_some_and(|(start, end)| is_host(&bytes[start..end])) {
            continue;
        }
        found.extend(password(bytes, words));
    }
}

fn password(bytes: &[u8], words: Words<'_>) -> Option<Found> {
    let mut words = words.take(WORDS);
    while let Some((start, end)) = words.next() {
        let (value, value_end) = match &bytes[start..end] {
            b"login" | b"user" | b"account" | b"password" => words.next()?,
            _ => return None,
        };
        if &bytes[start..end] == b"password" {
            let is_secret = !looks_placed(&bytes[value..value_end]);
            return is_secret.then_some(Found {
                kind: SecretKind::AssignedSecret,
                start: value,
                end: value_end,
            });
        }
    }
    None
}

/// The words of a text, each by its beginning and end.
struct Words<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Iterator for Words<'_> {
    type Item = (usize, usize);

    fn next(&mut self) -> Option<(usize, usize)> {
        let blanks = run(self.bytes, self.at, LONGEST, |byte| byte.is_ascii_whitespace());
        let start = self.at + blanks;
        let length = run(self.bytes, start, LONGEST, |byte| byte.is_ascii_graphic());
        self.at = start + length;
        (blanks > 0 && length > 0).then_some((start, self.at))
    }
}
