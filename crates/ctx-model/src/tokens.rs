//! About how many tokens a language model takes for a text.

/// About how many tokens a text takes, rather too many than too few: who keeps
/// a budget by it stays within it.
///
/// A byte-pair encoding is imitated without its vocabulary: words are cut where
/// identifiers are (`camelCase`, `snake_case`), a common word is one token and a
/// long part a token for every five letters, digits go by threes, punctuation by
/// twos, other scripts by the character. `cargo xtask eval mcp` compares it with
/// the encoding `o200k_base`.
pub fn estimate(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut tokens = 0;
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let length = match byte {
            b'a'..=b'z' | b'A'..=b'Z' => {
                let length = word_at(bytes, at);
                tokens += letters(&bytes[at..at + length]);
                length
            }
            b'0'..=b'9' => {
                let length = run_of(bytes, at, |byte| byte.is_ascii_digit());
                tokens += length.div_ceil(3);
                length
            }
            b' ' | b'\t' => {
                let length = run_of(bytes, at, |byte| matches!(byte, b' ' | b'\t'));
                // One space belongs to the word behind it.
                tokens += usize::from(length > 1) + length / 32;
                length
            }
            b'\n' | b'\r' => {
                tokens += 1;
                run_of(bytes, at, |byte| matches!(byte, b'\n' | b'\r'))
            }
            0x80.. => {
                let character = text[at..].chars().next().unwrap_or(' ');
                tokens += other_script(character);
                character.len_utf8()
            }
            _ => {
                let length = run_of(bytes, at, is_punctuation);
                tokens += length.div_ceil(2);
                length
            }
        };
        at += length;
    }
    tokens
}

/// About how many tokens so many bytes of code take, or of an answer about code,
/// where the text itself is not at hand: some three and a half bytes a token.
pub fn of_bytes(bytes: u64) -> u64 {
    bytes.saturating_mul(2) / 7
}

/// Tokens of one part of an identifier, or of a word. A part that looks like no
/// word (four small consonants in a row, or several rare letters) is not in any
/// vocabulary and comes to pieces; capitals stand for themselves.
fn letters(part: &[u8]) -> usize {
    let rare = part.iter().filter(|byte| b"qzxjkvwQZXJKVW".contains(byte)).count();
    let breaks = |byte: &u8| byte.is_ascii_uppercase() || b"aeiouy".contains(byte);
    let consonants = part.split(breaks).map(<[u8]>::len).max();
    let is_word = rare < 2 && consonants.unwrap_or(0) < 4;
    match part.len() {
        length if !is_word => (length * 2).div_ceil(3),
        0..=7 => 1,
        length => length.div_ceil(5),
    }
}

/// Tokens of a character of another script: fewer where models have read much.
fn other_script(character: char) -> usize {
    match character {
        '\u{80}'..='\u{24f}' | '\u{370}'..='\u{52f}' | '\u{590}'..='\u{6ff}' => 1,
        '\u{2010}'..='\u{2027}' => 2,
        '\u{3040}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' => 2,
        _ => character.len_utf8(),
    }
}

/// Length of the part of an identifier at `start`: capitals, then small letters.
fn word_at(bytes: &[u8], start: usize) -> usize {
    let capitals = run_of(bytes, start, |byte| byte.is_ascii_uppercase());
    let small = run_of(bytes, start + capitals, |byte| byte.is_ascii_lowercase());
    capitals + small
}

fn is_punctuation(byte: u8) -> bool {
    byte.is_ascii()
        && !byte.is_ascii_alphanumeric()
        && !matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

fn run_of(bytes: &[u8], start: usize, belongs: impl Fn(u8) -> bool) -> usize {
    bytes[start..].iter().take_while(|byte| belongs(**byte)).count()
}

#[cfg(test)]
mod tests {
    use super::estimate;

    #[test]
    fn every_kind_of_text_is_counted_to_its_end() {
        let counted = |text: &str| format!("{text:?} {}", estimate(text));
        assert_eq!(counted(""), "\"\" 0");
        assert_eq!(estimate("return value"), 2);
        assert_eq!(estimate("getHTTPResponse"), 4);
        assert_eq!(estimate("12345"), 2);
        assert_eq!(estimate("a\n\n\nb"), 3);
        assert_eq!(estimate("{\"path\":\"a\"}"), 6);
        assert_eq!(estimate("Grüße, 世界"), 9);
    }

    #[test]
    fn more_text_never_takes_fewer_tokens() {
        let text = "def wordwrap(value, arg):\n    \"\"\"Wrap — at `arg` characters.\"\"\"\n";
        let mut last = 0;
        for (end, _) in text.char_indices() {
            let tokens = estimate(&text[..end]);
            assert!(tokens >= last, "{:?}", &text[..end]);
            last = tokens;
        }
    }
}
