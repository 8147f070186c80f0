//! Passwords given to commands: `curl -u user:password`, `mysql -pPassword`.

use memchr::memmem;

use super::entropy::{looks_chosen, looks_placed};
use super::{Found, SecretKind, run};

/// How much of a command line is looked at, in bytes.
const LONGEST: usize = 1024;

/// How an option holds a password.
#[derive(Clone, Copy)]
enum Shape {
    /// `name:password`, as the next word, after `=`, or joined to the option.
    Pair,
    /// The next word is the password.
    Next,
    /// What is joined to the option is the password.
    Joined,
}

/// A command, the word that must follow it, its options, and how they hold a password.
struct Command {
    name: &'static [u8],
    verb: Option<&'static [u8]>,
    options: &'static [&'static [u8]],
    shape: Shape,
}

const fn command(
    name: &'static str,
    verb: Option<&'static [u8]>,
    options: &'static [&'static [u8]],
    shape: Shape,
) -> Command {
    Command { name: name.as_bytes(), verb, options, shape }
}

const COMMANDS: &[Command] = &[
    command("curl", None, &[b"--proxy-user", b"--user", b"-u", b"-U"], Shape::Pair),
    command("http", None, &[b"--auth", b"-a"], Shape::Pair),
    command("https", None, &[b"--auth", b"-a"], Shape::Pair),
    command("mysql", None, &[b"-p"], Shape::Joined),
    command("mysqldump", None, &[b"-p"], Shape::Joined),
    command("mysqladmin", None, &[b"-p"], Shape::Joined),
    command("mariadb", None, &[b"-p"], Shape::Joined),
    command("sshpass", None, &[b"-p"], Shape::Next),
    command("redis-cli", None, &[b"-a"], Shape::Next),
    command("docker", Some(b"login"), &[b"-p"], Shape::Next),
    command("podman", Some(b"login"), &[b"-p"], Shape::Next),
];

/// Finds passwords in the options of known commands.
pub(super) fn find(bytes: &[u8], found: &mut Vec<Found>) {
    for command in COMMANDS {
        let mut starts = memmem::find_iter(bytes, command.name).peekable();
        while let Some(start) = starts.next() {
            let end = start + command.name.len();
            let is_word = bytes.get(end).is_some_and(|byte| b" \t".contains(byte));
            if begins(bytes, start) && is_word {
                let next = starts.peek().copied().unwrap_or(bytes.len());
                command.find(&bytes[..next.min(end + LONGEST)], end, found);
            }
        }
    }
}

/// Whether a command's name may begin here: after nothing, a blank, what parts
/// commands or opens quotes, or a path. What stands for a secret is none of
/// these, so that a second look finds no command behind it.
fn begins(bytes: &[u8], start: usize) -> bool {
    start == 0 || b" \t\r\n;|&($`'\"/\\>:".contains(&bytes[start - 1])
}

impl Command {
    /// Finds the passwords among the words from `at` on, up to the command's end.
    fn find(&self, bytes: &[u8], at: usize, found: &mut Vec<Found>) {
        let mut words = Words { bytes, at };
        if self.verb.is_some_and(|verb| words.next().is_none_or(|word| word.of(bytes) != verb)) {
            return;
        }
        while let Some(word) = words.next() {
            let text = word.of(bytes);
            let Some(option) = self.options.iter().find(|option| text.starts_with(option)) else {
                continue;
            };
            let joined = Word { start: word.start + option.len(), end: word.end };
            let value = match self.shape {
                Shape::Joined => Some(joined),
                Shape::Next | Shape::Pair if joined.start == joined.end => words.next(),
                Shape::Next => None,
                Shape::Pair if bytes[joined.start] == b'=' => {
                    Some(Word { start: joined.start + 1, ..joined }.unquoted(bytes))
                }
                // A long option takes nothing but `=`.
                Shape::Pair => (!option.starts_with(b"--")).then_some(joined),
            };
            found.extend(value.and_then(|value| self.password(bytes, value)));
        }
    }

    fn password(&self, bytes: &[u8], value: Word) -> Option<Found> {
        let text = value.of(bytes);
        let start = match self.shape {
            Shape::Pair => value.start + text.iter().position(|byte| *byte == b':')? + 1,
            Shape::Next | Shape::Joined => value.start,
        };
        let password = &bytes[start..value.end];
        // Words are joined to other options that begin alike.
        let is_password = match self.shape {
            Shape::Joined => looks_chosen(password),
            Shape::Next | Shape::Pair => !password.is_empty() && !looks_placed(password),
        };
        is_password.then_some(Found { kind: SecretKind::CommandPassword, start, end: value.end })
    }
}

/// A word of a command line, without its quotes.
#[derive(Clone, Copy)]
struct Word {
    start: usize,
    end: usize,
}

impl Word {
    fn of(self, bytes: &[u8]) -> &[u8] {
        &bytes[self.start..self.end]
    }

    fn unquoted(self, bytes: &[u8]) -> Word {
        match self.of(bytes) {
            [first @ (b'"' | b'\''), .., last] if first == last => {
                Word { start: self.start + 1, end: self.end - 1 }
            }
            _ => self,
        }
    }
}

/// The words of one command line.
struct Words<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Iterator for Words<'_> {
    type Item = Word;

    fn next(&mut self) -> Option<Word> {
        // A backslash continues the line.
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let mut blanks = run(rest, 0, usize::MAX, |byte| b" \t".contains(&byte));
        while rest[blanks..].starts_with(b"\\\n") {
            blanks += 2;
            blanks += run(rest, blanks, usize::MAX, |byte| b" \t".contains(&byte));
        }
        let start = self.at + blanks;
        let quote = *self.bytes.get(start)?;
        if b"|;&\n\r".contains(&quote) {
            return None;
        }
        if b"\"'".contains(&quote) {
            let is_part = |byte: u8| byte != quote && byte != b'\n';
            let length = run(self.bytes, start + 1, usize::MAX, is_part);
            self.at = (start + length + 2).min(self.bytes.len());
            return Some(Word { start: start + 1, end: start + 1 + length });
        }
        let is_part = |byte: u8| byte.is_ascii_graphic() && !b"`|;".contains(&byte);
        let length = run(self.bytes, start, usize::MAX, is_part);
        self.at = start + length;
        (length > 0).then_some(Word { start, end: start + length })
    }
}
