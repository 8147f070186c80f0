//! Does a value look like chance or a person's care made it, or like a name?

use memchr::memmem;

/// Shannon entropy of the bytes of `value`, in bits a byte.
fn entropy(value: &[u8]) -> f64 {
    let mut counts = [0_u32; 256];
    for byte in value {
        counts[usize::from(*byte)] += 1;
    }
    let length = value.len() as f64;
    counts
        .iter()
        .filter(|count| **count > 0)
        .map(|count| {
            let share = f64::from(*count) / length;
            -share * share.log2()
        })
        .sum()
}

/// How much of a value is looked at, in bytes: enough to tell.
const ENOUGH: usize = 64;

/// Whether `value` looks random: letters and digits mixed as in no name, and
/// hardly any repetition.
pub(super) fn looks_random(value: &[u8]) -> bool {
    let value = &value[..value.len().min(ENOUGH)];
    value.len() >= 8
        && value.iter().any(u8::is_ascii_alphabetic)
        && !looks_named(value)
        && entropy(value) >= 2.9
        // Where a secret is got is none; one in an address is found there.
        && memmem::find(value, b"://").is_none()
        && !looks_placed(value)
}

/// Whether `value` looks like a password that a person chose: `hunter2`,
/// `Welcome123`, `Summer!Time`. Where a name is as likely, ask [`looks_random`].
pub(super) fn looks_chosen(value: &[u8]) -> bool {
    let value = &value[..value.len().min(ENOUGH)];
    let has = |is_kind: fn(&u8) -> bool| value.iter().any(is_kind);
    let is_mixed = has(u8::is_ascii_digit)
        || (has(u8::is_ascii_uppercase)
            && has(u8::is_ascii_lowercase)
            && has(|byte| b"!@#$%^&*?~".contains(byte)));
    value.len() >= 6
        && has(u8::is_ascii_alphabetic)
        && is_mixed
        // Parts, members and paths: what is named so is written in several words.
        && !(has(|byte| b"._-/:".contains(byte)) && looks_named(value))
        && !value.split(|byte| SEPARATORS.contains(byte)).any(is_technical)
        && !has(|byte| b"()<>".contains(byte))
        && !looks_placed(value)
}

const SEPARATORS: &[u8] = b"._-/:+ ,=&|";

/// Whether every word of `value` is letters with at most three digits after
/// them, or a plain number: `get_user2`, `v1.2.3`, `us-east-1`, `oauth2-proxy`;
/// or `value` is a constant's name: `D3D10_MAX_128BITS`.
pub(super) fn looks_named(value: &[u8]) -> bool {
    let is_constant =
        |byte: &u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'_';
    if value.contains(&b'_') && value.iter().all(is_constant) {
        return true;
    }
    value.split(|byte| SEPARATORS.contains(byte)).all(|word| {
        let letters = word.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
        let rest = &word[letters..];
        let is_number = rest.iter().all(u8::is_ascii_digit);
        let is_plain = is_number && (rest.len() <= 3 || letters == 0);
        (is_plain && !is_shuffled(&word[..letters])) || is_technical(word)
    })
}

/// Whether a word is a term of the trade that has digits: `sha256sum`,
/// `argon2id`, `Utf8String`, `base64`.
fn is_technical(word: &[u8]) -> bool {
    const TERMS: [&[u8]; 23] = [
        b"aes", b"argon", b"base", b"ed", b"es", b"float", b"hs", b"http", b"int", b"ipv", b"md",
        b"ntlmv", b"oauth", b"pbkdf", b"pkcs", b"rs", b"rsa", b"secp", b"sha", b"uint", b"utf",
        b"uuidv", b"x",
    ];
    let letters = word.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
    let digits = word[letters..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let rest = &word[letters + digits..];
    let is_plain = rest.len() <= 4 || rest.iter().all(u8::is_ascii_alphabetic);
    (1..=5).contains(&digits)
        && is_plain
        && !is_shuffled(rest)
        && TERMS.iter().any(|term| word[..letters].eq_ignore_ascii_case(term))
}

/// Whether letters follow each other as in no name: small and capital ones
/// change more often than in any `camelCase`, or nobody could pronounce them.
fn is_shuffled(letters: &[u8]) -> bool {
    let changes = letters
        .windows(2)
        .filter(|pair| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase())
        .count();
    let vowels = letters.iter().filter(|letter| is_vowel(letter)).count();
    let consonants = letters.split(is_vowel).map(<[u8]>::len).max().unwrap_or(0);
    (letters.len() >= 12 && changes * 13 > letters.len() * 3)
        || (letters.len() >= 16 && consonants >= 5 && vowels * 4 <= letters.len())
}

fn is_vowel(letter: &u8) -> bool {
    b"aeiouy".contains(&letter.to_ascii_lowercase())
}

/// Whether `value` only stands where a secret would: `changeme`, `<token>`,
/// `${TOKEN}`, `xxxx1234`, `your-api-key-1`. Random letters around such a word
/// make it a secret again.
pub(super) fn looks_placed(value: &[u8]) -> bool {
    const WORDS: [&[u8]; 12] = [
        b"example",
        b"changeme",
        b"change_me",
        b"placeholder",
        b"redacted",
        b"your",
        b"dummy",
        b"xxxx",
        b"****",
        b"....",
        b"insert",
        b"123456789",
    ];
    let value = &value[..value.len().min(ENOUGH)];
    let lower = value.to_ascii_lowercase();
    let starts_as_reference = lower.first().is_some_and(|byte| b"$<{%[@&*#!~".contains(byte))
        || lower.starts_with(b"env.");
    starts_as_reference
        || WORDS.iter().any(|word| {
            memmem::find(&lower, word).is_some_and(|at| {
                looks_named(&value[..at]) && looks_named(&value[at + word.len()..])
            })
        })
}

/// Whether `value` is base64 of `name:password` in plain letters, as HTTP's
/// `Basic` scheme has it (RFC 7617).
pub(super) fn encodes_pair(value: &[u8]) -> bool {
    let value = &value[..value.len().min(ENOUGH)];
    let Some(text) = decoded(value) else { return false };
    let colon = text.iter().position(|byte| *byte == b':');
    let is_plain = |byte: &u8| byte.is_ascii_graphic() || *byte == b' ';
    colon.is_some_and(|at| at + 1 < text.len()) && text.iter().all(is_plain)
}

/// Base64 (RFC 4648) without its last, incomplete bytes.
fn decoded(value: &[u8]) -> Option<Vec<u8>> {
    let padding = value.iter().rev().take_while(|byte| **byte == b'=').count();
    let digits = &value[..value.len() - padding];
    if digits.len() < 4 || padding > 2 {
        return None;
    }
    let mut text = Vec::with_capacity(digits.len());
    for four in digits.chunks(4) {
        let mut bits = 0_u32;
        for digit in four {
            let digit = match digit {
                b'A'..=b'Z' => digit - b'A',
                b'a'..=b'z' => digit - b'a' + 26,
                b'0'..=b'9' => digit - b'0' + 52,
                b'+' | b'-' => 62,
                b'/' | b'_' => 63,
                _ => return None,
            };
            bits = (bits << 6) | u32::from(digit);
        }
        let whole = four.len() * 6 / 8;
        bits <<= 32 - four.len() * 6;
        text.extend(&bits.to_be_bytes()[..whole]);
    }
    Some(text)
}
