//! Values assigned to names that promise a secret: `password = …`,
//! `"api_key": "…"`, `--token …`, `?sig=…`, `the password is …`.

use super::entropy::{encodes_pair, looks_chosen, looks_placed, looks_random};
use super::{Found, SecretKind, authorization, connection, is_word, run};

/// How much of a name or a value is looked at before it is known to matter, in bytes.
const LONGEST: usize = 192;

/// Words that make the name they end promise a password: people choose these.
const PASSWORDS: [&[u8]; 6] =
    [b"password", b"passwd", b"passphrase", b"passcode", b"pwd", b"_pass"];

/// Words that make the name they end promise a key: chance makes these.
const KEYS: [&[u8]; 33] = [
    b"secret",
    b"token",
    b"credentials",
    b"apikey",
    b"api_key",
    b"api-key",
    b"accesskey",
    b"access_key",
    b"access-key",
    b"accountkey",
    b"account_key",
    b"account-key",
    b"authkey",
    b"auth_key",
    b"auth-key",
    b"encryptionkey",
    b"encryption_key",
    b"encryption-key",
    b"masterkey",
    b"master_key",
    b"master-key",
    b"privatekey",
    b"private_key",
    b"private-key",
    b"secretkey",
    b"secret_key",
    b"secret-key",
    b"sharedaccesssignature",
    b"signingkey",
    b"signing_key",
    b"signing-key",
    b"subscription-key",
    b"secret_key_base",
];

/// What may follow those words: `API_KEY_PROD`, `password2`.
const ENDINGS: [&[u8]; 10] = [
    b"base",
    b"dev",
    b"development",
    b"live",
    b"prod",
    b"production",
    b"stage",
    b"staging",
    b"test",
    b"value",
];

/// What a name promises of its value.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Promise {
    Password,
    Key,
}

/// How much its place says of a value.
#[derive(Clone, Copy)]
enum Place {
    /// It may be code: only what looks random is a secret.
    Code,
    /// It is meant literally: what a person chose is a password, too.
    Literal,
    /// Nothing else can stand there.
    Certain,
}

/// Finds values of secret names. Reads each word once: a name ends at most one
/// assignment.
pub(super) fn find(bytes: &[u8], found: &mut Vec<Found>) {
    let mut at = 0;
    while at < bytes.len() {
        if !is_name(bytes[at]) {
            at += 1;
            continue;
        }
        let start = at;
        at += run(bytes, at, LONGEST, is_name);
        let name = &bytes[start..at];
        let secret = if let Some(promise) = promise(name) {
            Assignment { bytes, start, end: at, promise }.secret()
        } else if ends_with(name, b"authorization") {
            authorization::after_header(bytes, at)
        } else if name.eq_ignore_ascii_case(b"bearer") {
            authorization::after_bearer(bytes, at)
        } else if name.eq_ignore_ascii_case(b"auth") || name == b"_auth" {
            encoded_pair(bytes, at)
        } else {
            signature(bytes, start, at)
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

fn promise(name: &[u8]) -> Option<Promise> {
    let digits = name.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
    let name = &name[..name.len() - digits];
    let ending = ENDINGS.iter().find(|ending| {
        let rest = name.len().saturating_sub(ending.len());
        ends_with(name, ending) && rest > 0 && b"_-".contains(&name[rest - 1])
    });
    let shorter = ending.map_or(0, |ending| ending.len() + 1);
    [name, &name[..name.len() - shorter]].into_iter().find_map(|name| {
        let is_password = PASSWORDS.iter().any(|word| ends_with(name, word));
        if is_password || name.eq_ignore_ascii_case(b"pass") {
            return Some(Promise::Password);
        }
        KEYS.iter().any(|word| ends_with(name, word)).then_some(Promise::Key)
    })
}

fn ends_with(name: &[u8], word: &[u8]) -> bool {
    name.len() >= word.len() && name[name.len() - word.len()..].eq_ignore_ascii_case(word)
}

/// A name that promises a secret, from `start` to `end`.
#[derive(Clone, Copy)]
struct Assignment<'a> {
    bytes: &'a [u8],
    start: usize,
    end: usize,
    promise: Promise,
}

impl Assignment<'_> {
    fn secret(self) -> Option<Found> {
        let bytes = self.bytes;
        let at = self.end + run(bytes, self.end, 4, |byte| b"\\\"'`".contains(&byte));
        let spaces = run(bytes, at, 8, |byte| b" \t".contains(&byte));
        let sign = at + spaces;
        let signs = run(bytes, sign, 2, |byte| b":=>".contains(&byte));
        if signs == 0 {
            return self
                .option(at, spaces)
                .or_else(|| self.said(sign))
                .or_else(|| self.typed(sign));
        }
        // A part of a path with colons names what it belongs to: `…:secret:name`.
        let before = self.start.checked_sub(1).map_or(b'\n', |at| bytes[at]);
        if before == b':' && bytes[sign] == b':' {
            return None;
        }
        let after = sign + signs;
        let blanks = run(bytes, after, 8, |byte| b" \t".contains(&byte));
        match &bytes[sign..after] {
            b"=" if spaces == 0 && blanks == 0 => self.joined(after),
            b">" if spaces == 0 => self.element(after),
            b":" => self.value(after + blanks, Place::Literal).or_else(|| self.typed(after)),
            _ => self.value(after + blanks, Place::Code),
        }
    }

    /// An option takes its value after a blank alone: `--token abc`.
    fn option(self, at: usize, spaces: usize) -> Option<Found> {
        let is_option = spaces > 0 && self.bytes[self.start..].starts_with(b"--");
        is_option.then(|| self.value(at + spaces, Place::Literal)).flatten()
    }

    /// What somebody says: `the password is …`.
    fn said(self, at: usize) -> Option<Found> {
        let verb = [&b"is "[..], b"was ", b"is: "].into_iter();
        let verb = verb.filter(|verb| self.bytes[at..].starts_with(verb)).map(<[u8]>::len).max()?;
        (at > self.end).then(|| self.value(at + verb, Place::Literal)).flatten()
    }

    /// What is assigned behind a type: `password: &str = "…"`.
    fn typed(self, at: usize) -> Option<Found> {
        let is_type = |byte: u8| is_word(byte) || b"&<>'[] |:.?\t".contains(&byte);
        let sign = at + run(self.bytes, at, 48, is_type);
        let value = sign + 1 + run(self.bytes, sign + 1, 8, |byte| b" \t".contains(&byte));
        let is_text = self.bytes.get(value).is_some_and(|byte| b"\"'`".contains(byte));
        let is_assigned = sign > at && self.bytes.get(sign) == Some(&b'=');
        (is_assigned && is_text).then(|| self.value(value, Place::Literal)).flatten()
    }

    /// The text of an XML element: `<password>…</password>`.
    fn element(self, at: usize) -> Option<Found> {
        let is_opened = self.start > 0 && self.bytes[self.start - 1] == b'<';
        let end = at + run(self.bytes, at, LONGEST, |byte| byte.is_ascii_graphic() && byte != b'<');
        let is_closed = self.bytes[end..].starts_with(b"</");
        let is_secret =
            is_opened && is_closed && self.is_secret(&self.bytes[at..end], Place::Literal);
        is_secret.then_some(found(at, end))
    }

    /// What follows `=` without a blank: a variable of the environment, a
    /// parameter of an address, a part of a connection string, or code.
    fn joined(self, at: usize) -> Option<Found> {
        let bytes = self.bytes;
        let before = self.start.checked_sub(1).map_or(b'\n', |at| bytes[at]);
        if b"?&".contains(&before) {
            return self.until(at, b"&#\"'`<>()[]{};,\\", Place::Literal);
        }
        let is_bare = bytes.get(at).is_some_and(|byte| !b"\"'`".contains(byte));
        if is_bare && self.promise == Promise::Password {
            let end = at + run(bytes, at, LONGEST, |byte| is_bare_part(byte) && byte != b';');
            if let Some(separator) = connection::separator(bytes, self.start, end) {
                let stops = [b'"', b'\'', b'`', b'\n', separator];
                return self.until(at, &stops, Place::Certain);
            }
        }
        let name = &bytes[self.start..self.end];
        let is_variable = |byte: &u8| is_word(*byte) && !byte.is_ascii_lowercase();
        if is_bare && name.iter().all(is_variable) && b"\n\r\t \"'".contains(&before) {
            return self.until(at, b"\"'`", Place::Literal);
        }
        // An argument of a call or a statement is code.
        let end = at + run(bytes, at, LONGEST, is_bare_part);
        let is_code = bytes.get(end).is_some_and(|byte| b",;".contains(byte));
        self.value(at, if is_code { Place::Code } else { Place::Literal })
    }

    /// A bare value that reaches to a blank or one of `stops`.
    fn until(self, at: usize, stops: &[u8], place: Place) -> Option<Found> {
        let is_part = |byte: u8| byte.is_ascii_graphic() && !stops.contains(&byte);
        let seen = run(self.bytes, at, LONGEST, is_part);
        self.is_secret(&self.bytes[at..at + seen], place).then_some(())?;
        Some(found(at, at + run(self.bytes, at, usize::MAX, is_part)))
    }

    /// A quoted or bare value at `at` that can be a secret. Its beginning tells;
    /// only then is it read to its end, so that nothing is read to its end twice.
    fn value(self, at: usize, place: Place) -> Option<Found> {
        let bytes = self.bytes;
        let slashes = run(bytes, at, 2, |byte| byte == b'\\');
        let quote = *bytes.get(at + slashes)?;
        if b"\"'`".contains(&quote) {
            let is_part = |byte: u8| byte != quote && byte.is_ascii_graphic();
            let start = at + slashes + 1;
            let seen = run(bytes, start, LONGEST, is_part);
            let is_whole = seen == LONGEST || bytes.get(start + seen) == Some(&quote);
            // A literal is meant, whatever stands around it.
            let is_secret = self.is_secret(unescaped(&bytes[start..start + seen]), Place::Literal);
            (is_whole && is_secret).then_some(())?;
            let length = run(bytes, start, usize::MAX, is_part);
            return Some(found(start, start + unescaped(&bytes[start..start + length]).len()));
        }
        let seen = run(bytes, at, LONGEST, is_bare_part);
        let trailing = bytes[at..at + seen].iter().rev().take_while(|byte| b".:!?".contains(byte));
        let seen = seen - trailing.count();
        let value = &bytes[at..at + seen];
        // Brackets and the like make it an expression rather than a value, and a
        // list of arguments has commas.
        let is_code = value.iter().any(|byte| b"()[]{}<>|\\".contains(byte));
        let place = match bytes.get(at + seen) {
            Some(b',' | b';') => Place::Code,
            _ => place,
        };
        (!is_code && self.is_secret(value, place)).then_some(())?;
        let rest = if seen < LONGEST { 0 } else { run(bytes, at + seen, usize::MAX, is_bare_part) };
        Some(found(at, at + seen + rest))
    }

    fn is_secret(self, value: &[u8], place: Place) -> bool {
        match (place, self.promise) {
            (Place::Certain, _) => !value.is_empty() && !looks_placed(value),
            (Place::Literal, Promise::Password) => looks_random(value) || looks_chosen(value),
            (Place::Literal, Promise::Key) | (Place::Code, _) => looks_random(value),
        }
    }
}

fn is_bare_part(byte: u8) -> bool {
    byte.is_ascii_graphic() && !b"\"'`,;".contains(&byte)
}

/// A value without the backslashes that escape the quote after it.
fn unescaped(value: &[u8]) -> &[u8] {
    let slashes = value.iter().rev().take_while(|byte| **byte == b'\\').count();
    &value[..value.len() - slashes]
}

/// What a registry's configuration has: `"auth": "…"` with `name:password` in base64.
fn encoded_pair(bytes: &[u8], at: usize) -> Option<Found> {
    let start = at + run(bytes, at, 12, |byte| b"\\\"' \t:=".contains(&byte));
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte);
    let end = start + run(bytes, start, LONGEST, is_part);
    (start > at && encodes_pair(&bytes[start..end])).then_some(found(start, end))
}

/// The signature of an address that grants access to who has it: `&sig=…`.
fn signature(bytes: &[u8], start: usize, at: usize) -> Option<Found> {
    let is_parameter = start > 0 && b"?&".contains(&bytes[start - 1]);
    let is_signature = [&b"sig"[..], b"signature", b"x-amz-signature", b"x-goog-signature"]
        .iter()
        .any(|name| bytes[start..at].eq_ignore_ascii_case(name));
    if !is_parameter || !is_signature || bytes.get(at) != Some(&b'=') {
        return None;
    }
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"%+/=_-.~".contains(&byte);
    let end = at + 1 + run(bytes, at + 1, usize::MAX, is_part);
    let value = &bytes[at + 1..end];
    (value.len() >= 16 && looks_random(value)).then_some(found(at + 1, end))
}

fn found(start: usize, end: usize) -> Found {
    Found { kind: SecretKind::AssignedSecret, start, end }
}
