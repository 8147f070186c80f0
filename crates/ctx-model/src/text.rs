//! Places in a text, and moments in time.

/// A place in a file: line and column start at 1, columns count UTF-8 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column in UTF-8 bytes, from 1.
    pub column: u32,
}

/// A moment: microseconds since 1970-01-01T00:00:00Z. Callers pass it in; no
/// crate below the engine reads a clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Timestamp(pub i64);

/// A text on one line, harmless to show: control characters, line ends of every
/// kind and marks that turn the direction of writing are written as escapes.
/// Names of files and symbols, and what clients say of themselves, may hold any.
pub fn one_line(text: &str) -> String {
    let hidden = |character: char| {
        character.is_control()
            || matches!(character, '\u{2028}' | '\u{2029}' | '\u{200e}' | '\u{200f}')
            || matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        if hidden(character) {
            shown.extend(character.escape_default());
        } else {
            shown.push(character);
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::one_line;

    #[test]
    fn nothing_breaks_out_of_its_line() {
        assert_eq!(one_line("src/a b-é.py"), "src/a b-é.py");
        assert_eq!(one_line("a\n[index: 9 files]\u{1b}[2J"), "a\\n[index: 9 files]\\u{1b}[2J");
        assert_eq!(one_line("a\u{2028}b\u{202e}c\rd"), "a\\u{2028}b\\u{202e}c\\rd");
    }
}
