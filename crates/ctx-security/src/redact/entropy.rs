//! Does a value look like chance made it, or like a person or a program named it?

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
    let has = |is_kind: fn(&u8) -> bool| value.iter().any(is_kind);
    value.len() >= 8
        && has(u8::is_ascii_alphabetic)
        && (has(u8::is_ascii_digit) || has(u8::is_ascii_punctuation))
        && !looks_named(value)
        && !looks_placed(value)
        && entropy(value) >= 2.9
}

/// Whether every word of `value` is letters with at most three digits after
/// them, or a plain number: `get_user2`, `v1.2.3`, `us-east-1`, `oauth2-proxy`;
/// or `value` is a constant's name: `D3D10_MAX_128BITS`.
fn looks_named(value: &[u8]) -> bool {
    let separators = b"._-/:+ ,=&|";
    let is_constant =
        |byte: &u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'_';
    if value.contains(&b'_') && value.iter().all(is_constant) {
        return true;
    }
    value.split(|byte| separators.contains(byte)).all(|word| {
        let letters = word.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
        let rest = &word[letters..];
        let is_number = rest.iter().all(u8::is_ascii_digit);
        is_number && (rest.len() <= 3 || letters == 0) && !is_shuffled(&word[..letters])
    })
}

/// Whether letters change between small and capital as in no `camelCase` or
/// `CONSTANT`: more often than every third letter.
fn is_shuffled(letters: &[u8]) -> bool {
    let changes = letters
        .windows(2)
        .filter(|pair| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase())
        .count();
    letters.len() >= 12 && changes * 5 > letters.len()
}

/// Whether `value` only stands where a secret would: `changeme`, `<token>`,
/// `${TOKEN}`, `xxxx1234`, `your-api-key-1`.
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
    let lower = value[..value.len().min(ENOUGH)].to_ascii_lowercase();
    let starts_as_reference = lower.first().is_some_and(|byte| b"$<{%[@&*#!~".contains(byte))
        || lower.starts_with(b"env.");
    starts_as_reference || WORDS.iter().any(|word| memchr::memmem::find(&lower, word).is_some())
}
