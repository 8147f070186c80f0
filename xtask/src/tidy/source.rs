//! Source text with what a rule needs to know of it: which bytes are code and
//! which lines are tests. A scanner of its own, because the rules must hold in
//! files that do not parse yet.

use super::Finding;

/// What stands before an item that only tests see.
const TEST_MARKER: &str = "#[cfg(test)]";

/// What a byte of Rust source is part of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Code,
    Comment,
    Literal,
}

/// A file of the project.
pub(super) struct SourceText {
    /// Relative to the root, with `/`.
    pub(super) path: String,
    pub(super) text: String,
    /// `text` with everything but code blanked out; line and column agree.
    /// Equal to `text` in files that are not Rust.
    pub(super) code: String,
    parts: Vec<Part>,
    line_starts: Vec<usize>,
    test_lines: Vec<bool>,
    is_test_file: bool,
}

impl SourceText {
    pub(super) fn new(path: &str, text: String) -> SourceText {
        let parts = if path.ends_with(".rs") {
            Scanner::parts(text.as_bytes())
        } else {
            vec![Part::Code; text.len()]
        };
        let blanked: Vec<u8> = text
            .bytes()
            .zip(&parts)
            .map(|(byte, part)| if byte == b'\n' || *part == Part::Code { byte } else { b' ' })
            .collect();
        let code = String::from_utf8(blanked).expect("a character is wholly code or wholly not");
        let line_starts = std::iter::once(0)
            .chain(text.match_indices('\n').map(|(at, _)| at + 1))
            .filter(|start| *start < text.len() || text.is_empty())
            .collect();
        let mut source = SourceText {
            path: path.into(),
            text,
            code,
            parts,
            line_starts,
            test_lines: vec![],
            is_test_file: is_test_path(path),
        };
        source.test_lines = source.find_test_lines();
        source
    }

    pub(super) fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }

    /// Whether the whole file serves tests, by its place, its name or the
    /// module that declares it.
    pub(super) fn is_test_file(&self) -> bool {
        self.is_test_file
    }

    /// Marks the file as one that another declares for tests alone.
    pub(super) fn mark_as_test(&mut self) {
        self.is_test_file = true;
    }

    /// Paths that the modules may have which this file declares for tests alone.
    pub(super) fn test_modules(&self) -> Vec<String> {
        let (folder, name) = self.path.rsplit_once('/').unwrap_or(("", &self.path));
        let folder = match name {
            "mod.rs" | "lib.rs" | "main.rs" => folder.to_owned(),
            _ => self.path.trim_end_matches(".rs").to_owned(),
        };
        let mut paths = Vec::new();
        for (at, marker) in self.code.match_indices(TEST_MARKER) {
            let item = self.code[at + marker.len()..].trim_start();
            let name = item.strip_prefix("mod ").and_then(|rest| rest.split_once(';'));
            if let Some((name, _)) = name.filter(|(name, _)| !name.contains('{')) {
                paths.push(format!("{folder}/{name}.rs"));
                paths.push(format!("{folder}/{name}/mod.rs"));
            }
        }
        paths
    }

    /// The line, from 1, of a byte offset.
    pub(super) fn line_of(&self, offset: usize) -> usize {
        self.line_starts.partition_point(|start| *start <= offset)
    }

    /// The text of a line, counted from 1, without its line break.
    pub(super) fn line(&self, line: usize) -> &str {
        let start = self.line_starts[line - 1];
        let end = self.line_starts.get(line).copied().unwrap_or(self.text.len());
        self.text[start..end].trim_end_matches('\n')
    }

    /// Every line number, from 1.
    pub(super) fn lines(&self) -> std::ops::RangeInclusive<usize> {
        1..=self.line_starts.len()
    }

    /// Whether a line, counted from 1, is part of a test.
    pub(super) fn is_test_line(&self, line: usize) -> bool {
        self.is_test_file() || self.test_lines[line - 1]
    }

    /// Whether a line holds code or part of a literal, not only comments.
    pub(super) fn has_code(&self, line: usize) -> bool {
        let start = self.line_starts[line - 1];
        self.line(line).bytes().enumerate().any(|(at, byte)| {
            !byte.is_ascii_whitespace() && self.parts[start + at] != Part::Comment
        })
    }

    /// Whether a line's last byte belongs to a string.
    pub(super) fn ends_in_literal(&self, line: usize) -> bool {
        let end = self.line_starts[line - 1] + self.line(line).len();
        end > 0 && self.parts[end - 1] == Part::Literal
    }

    /// The offset of the bracket that closes the one at `open`, in code.
    pub(super) fn closing(&self, open: usize) -> Option<usize> {
        let mut depth = 0usize;
        for (at, byte) in self.code.bytes().enumerate().skip(open) {
            match byte {
                b'{' | b'(' | b'[' => depth += 1,
                b'}' | b')' | b']' => depth = depth.saturating_sub(1),
                _ => continue,
            }
            if depth == 0 {
                return Some(at);
            }
        }
        None
    }

    /// Offsets at which `word` stands in code as a whole word.
    pub(super) fn words<'a>(&'a self, word: &'a str) -> impl Iterator<Item = usize> + 'a {
        let is_name = |byte: u8| byte == b'_' || byte.is_ascii_alphanumeric();
        let code = self.code.as_bytes();
        self.code.match_indices(word).map(|(at, _)| at).filter(move |at| {
            let end = at + word.len();
            let starts = *at == 0 || !is_name(code[at - 1]) || !is_name(code[*at]);
            let ends = end >= code.len() || !is_name(code[end]) || !is_name(code[end - 1]);
            starts && ends
        })
    }

    pub(super) fn finding(&self, line: usize, rule: &'static str, message: String) -> Finding {
        Finding { path: self.path.clone(), line, rule, message }
    }

    fn find_test_lines(&self) -> Vec<bool> {
        let mut lines = vec![false; self.line_starts.len()];
        if !self.is_rust() {
            return lines;
        }
        if self.code.contains("#![cfg(test)]") {
            lines.fill(true);
        }
        for (at, marker) in self.code.match_indices(TEST_MARKER) {
            let body = at + marker.len();
            let Some(open) = self.code[body..].find(['{', ';']).map(|found| body + found) else {
                continue;
            };
            let end = match self.code.as_bytes()[open] {
                b'{' => self.closing(open).unwrap_or(self.text.len() - 1),
                _ => open,
            };
            lines[self.line_of(at) - 1..self.line_of(end)].fill(true);
        }
        lines
    }
}

fn is_test_path(path: &str) -> bool {
    let (folders, name) = path.rsplit_once('/').unwrap_or(("", path));
    let stem = name.split('.').next().unwrap_or(name);
    folders.split('/').any(|folder| matches!(folder, "tests" | "benches" | "examples"))
        || stem == "tests"
        || stem.ends_with("_tests")
        || stem.starts_with("test_")
}

/// Walks Rust source and says what each byte is part of.
struct Scanner<'a> {
    bytes: &'a [u8],
    at: usize,
    parts: Vec<Part>,
}

impl Scanner<'_> {
    fn parts(bytes: &[u8]) -> Vec<Part> {
        let mut scanner = Scanner { bytes, at: 0, parts: Vec::with_capacity(bytes.len()) };
        while scanner.at < bytes.len() {
            scanner.step();
        }
        scanner.parts
    }

    fn step(&mut self) {
        let rest = &self.bytes[self.at..];
        if rest.starts_with(b"//") {
            let length = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
            return self.take(length, Part::Comment);
        }
        if rest.starts_with(b"/*") {
            return self.take(block_comment_length(rest), Part::Comment);
        }
        if rest[0] == b'"' {
            return self.take(string_length(rest), Part::Literal);
        }
        if rest[0] == b'\'' {
            return match char_length(rest) {
                Some(length) => self.take(length, Part::Literal),
                None => self.take(1, Part::Code),
            };
        }
        if let Some(length) = raw_string_length(rest)
            && !self.follows_name()
        {
            return self.take(length, Part::Literal);
        }
        self.take(1, Part::Code);
    }

    fn take(&mut self, length: usize, part: Part) {
        let length = length.min(self.bytes.len() - self.at);
        self.parts.extend(std::iter::repeat_n(part, length));
        self.at += length;
    }

    fn follows_name(&self) -> bool {
        self.at > 0
            && (self.bytes[self.at - 1] == b'_' || self.bytes[self.at - 1].is_ascii_alphanumeric())
    }
}

fn block_comment_length(rest: &[u8]) -> usize {
    let mut depth = 0usize;
    let mut at = 0;
    while at < rest.len() {
        if rest[at..].starts_with(b"/*") {
            depth += 1;
            at += 2;
        } else if rest[at..].starts_with(b"*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    rest.len()
}

fn string_length(rest: &[u8]) -> usize {
    let mut at = 1;
    while at < rest.len() {
        match rest[at] {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    rest.len()
}

/// The length of a character literal, or none if the quote begins a lifetime.
fn char_length(rest: &[u8]) -> Option<usize> {
    if rest.get(1) == Some(&b'\\') {
        let close = rest.iter().skip(3).position(|byte| *byte == b'\'')?;
        return Some(close + 4);
    }
    let first = *rest.get(1)?;
    let width = match first {
        0x00..0x80 => 1,
        0x80..0xe0 => 2,
        0xe0..0xf0 => 3,
        _ => 4,
    };
    (rest.get(1 + width) == Some(&b'\'')).then_some(width + 2)
}

/// The length of a raw string (`r"…"`, `br#"…"#`, `cr"…"`), if one begins here.
fn raw_string_length(rest: &[u8]) -> Option<usize> {
    let prefix = [&b"br"[..], b"cr", b"r"].into_iter().find(|prefix| rest.starts_with(prefix))?;
    let hashes = rest[prefix.len()..].iter().take_while(|byte| **byte == b'#').count();
    let open = prefix.len() + hashes;
    if rest.get(open) != Some(&b'"') {
        return None;
    }
    let mut close = vec![b'"'];
    close.resize(hashes + 1, b'#');
    let body = &rest[open + 1..];
    let found = body.windows(close.len()).position(|window| window == close);
    Some(found.map_or(rest.len(), |found| open + 1 + found + close.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> String {
        SourceText::new("a.rs", text.into()).code
    }

    #[test]
    fn strings_characters_and_comments_are_no_code() {
        assert_eq!(code(r#"f("}", '}'); // }"#), r#"f(   ,    );     "#);
        assert_eq!(code("a /* { /* } */ { */ b"), "a                   b");
        assert_eq!(code("r#\"{ \" {\"# + x"), "           + x");
        assert_eq!(code(r"'\'' + '\u{7d}' + 'é'"), r"     +          +     ");
        assert_eq!(code("b\"{\" + br\"{\""), "b    +      ");
    }

    #[test]
    fn lifetimes_and_raw_identifiers_are_code() {
        assert_eq!(code("fn a<'a>(x: &'a str) {}"), "fn a<'a>(x: &'a str) {}");
        assert_eq!(code("let r#type = for_r\"x\";"), "let r#type = for_r   ;");
    }

    #[test]
    fn unfinished_text_is_no_trouble() {
        for text in ["\"", "'", "/*", "r#\"", "'\\", "", "\n", "#[cfg(test)] mod a {"] {
            SourceText::new("a.rs", text.into());
        }
    }

    #[test]
    fn test_modules_are_test_lines() {
        let text = "fn a() {}\n#[cfg(test)]\nmod tests {\n    \"}\";\n}\nfn b() {}\n";
        let source = SourceText::new("src/a.rs", text.into());
        let tests: Vec<usize> = source.lines().filter(|line| source.is_test_line(*line)).collect();
        assert_eq!(tests, [2, 3, 4, 5]);
    }

    #[test]
    fn modules_declared_for_tests_are_known() {
        let modules =
            |path| SourceText::new(path, "#[cfg(test)]\nmod a;\nmod b;\n".into()).test_modules();
        assert_eq!(modules("src/lib.rs"), ["src/a.rs", "src/a/mod.rs"]);
        assert_eq!(modules("src/c.rs"), ["src/c/a.rs", "src/c/a/mod.rs"]);
    }

    #[test]
    fn test_files_are_known_by_place_and_name() {
        let is_test = |path| SourceText::new(path, String::new()).is_test_file();
        assert!(is_test("crates/a/tests/b.rs"));
        assert!(is_test("crates/a/src/b/tests.rs"));
        assert!(!is_test("crates/a/src/attests.rs"));
    }
}
