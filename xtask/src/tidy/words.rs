//! Words that finished code does not need.

use super::Finding;
use super::source::SourceText;

/// A text that is refused, and what to write in its place.
struct Word {
    text: &'static str,
    instead: &'static str,
    /// Whether tests may use it.
    allowed_in_tests: bool,
}

const WORDS: [Word; 7] = [
    Word {
        text: ".unwrap()",
        instead: "return the error, or `expect(\"why it cannot fail\")`",
        allowed_in_tests: true,
    },
    Word { text: "todo!", instead: "finish it, or leave it out", allowed_in_tests: false },
    Word { text: "unimplemented!", instead: "finish it, or leave it out", allowed_in_tests: false },
    Word { text: "dbg!", instead: "use `tracing`, or remove it", allowed_in_tests: false },
    Word {
        text: "#[ignore",
        instead: "start what the test needs, or say aloud that it was skipped",
        allowed_in_tests: false,
    },
    Word {
        text: "#[allow(",
        instead: "use `#[expect(…, reason = \"…\")]`",
        allowed_in_tests: false,
    },
    Word {
        text: "#![allow(",
        instead: "use `#![expect(…, reason = \"…\")]`",
        allowed_in_tests: false,
    },
];

/// Uses of refused words in Rust code.
pub(super) fn check(source: &SourceText) -> Vec<Finding> {
    if !source.is_rust() {
        return Vec::new();
    }
    let mut findings = Vec::new();
    for word in &WORDS {
        for at in source.words(word.text) {
            let line = source.line_of(at);
            if !(word.allowed_in_tests && source.is_test_line(line)) {
                let message = format!("no `{}`: {}", word.text, word.instead);
                findings.push(source.finding(line, "words", message));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(path: &str, text: &str) -> Vec<usize> {
        let source = SourceText::new(path, text.into());
        check(&source).into_iter().map(|finding| finding.line).collect()
    }

    #[test]
    fn unwrap_is_for_tests() {
        assert_eq!(lines("a.rs", "fn a() {\n    b.unwrap();\n}\n"), [2]);
        assert!(lines("a.rs", "#[cfg(test)]\nmod tests {\n    b.unwrap();\n}\n").is_empty());
        assert!(lines("crates/a/tests/b.rs", "b.unwrap();\n").is_empty());
        assert!(lines("a.rs", "b.unwrap_or(1); c.unwrap_or_default(); // .unwrap()\n").is_empty());
    }

    #[test]
    fn unfinished_code_and_silenced_lints_are_refused_in_tests_too() {
        assert_eq!(
            lines("tests/a.rs", "todo!()\ndbg!(x)\n#[ignore]\n#[allow(dead_code)]\n").len(),
            4
        );
        assert!(
            lines("a.rs", "#[expect(dead_code, reason = \"x\")]\nlet a = \"todo!\";\n").is_empty()
        );
    }
}
