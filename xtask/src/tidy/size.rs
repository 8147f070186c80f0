//! Size: a file has one noun, a function fits a screen.

use super::Finding;
use super::source::SourceText;

/// Lines outside tests after which a file is refused.
const FILE_LIMIT: usize = 800;
/// Lines outside tests after which a file is worth a question.
const FILE_QUESTION: usize = 400;
/// Lines of code that a function may have.
const FUNCTION_LIMIT: usize = 70;
/// What a comment above a long function starts with; a reason follows.
const LONG_BECAUSE: &str = "tidy: long because ";

/// Files and functions that are too long.
pub(super) fn refused(source: &SourceText) -> Vec<Finding> {
    let mut findings = Vec::new();
    let lines = lines_outside_tests(source);
    if lines > FILE_LIMIT {
        let message =
            format!("{lines} lines outside tests, {FILE_LIMIT} allowed: split it by noun");
        findings.push(source.finding(1, "file-size", message));
    }
    if source.is_rust() {
        findings.extend(long_functions(source));
    }
    findings
}

/// Files that may hide a second noun.
pub(super) fn worth_a_question(source: &SourceText) -> Option<Finding> {
    let lines = lines_outside_tests(source);
    let message = format!("{lines} lines outside tests: which second noun is hiding here?");
    (FILE_QUESTION < lines && lines <= FILE_LIMIT).then(|| source.finding(1, "file-size", message))
}

fn lines_outside_tests(source: &SourceText) -> usize {
    let counts = [".rs", ".py", ".sh"].iter().any(|ending| source.path.ends_with(ending));
    if !counts {
        return 0;
    }
    source.lines().filter(|line| !source.is_test_line(*line)).count()
}

fn long_functions(source: &SourceText) -> Vec<Finding> {
    let mut findings = Vec::new();
    for at in source.words("fn") {
        let line = source.line_of(at);
        let Some((name, open)) = body_of(source, at) else { continue };
        let Some(close) = source.closing(open) else { continue };
        if source.is_test_line(line) {
            continue;
        }
        let body = source.line_of(open) + 1..source.line_of(close);
        let length = body.filter(|line| source.has_code(*line)).count();
        if length > FUNCTION_LIMIT && !is_excused(source, line) {
            let message = format!(
                "`{name}` has {length} lines of code, {FUNCTION_LIMIT} allowed: split it, \
                 or write `// {LONG_BECAUSE}…` above it"
            );
            findings.push(source.finding(line, "function-length", message));
        }
    }
    findings
}

/// The name of the function whose `fn` stands at `at`, and where its body opens;
/// none for a function pointer type or a declaration without a body.
fn body_of(source: &SourceText, at: usize) -> Option<(&str, usize)> {
    let name_start = at + 2 + source.code[at + 2..].find(|c: char| !c.is_whitespace())?;
    let name_length = source.code[name_start..].find(|c: char| c != '_' && !c.is_alphanumeric())?;
    if name_length == 0 {
        return None;
    }
    let mut cursor = name_start + name_length;
    loop {
        cursor += source.code[cursor..].find(['(', '[', '{', ';'])?;
        match source.code.as_bytes()[cursor] {
            b'{' => return Some((&source.code[name_start..name_start + name_length], cursor)),
            b';' => return None,
            _ => cursor = source.closing(cursor)? + 1,
        }
    }
}

/// Whether the comments and attributes above `line` give a reason for a long function.
fn is_excused(source: &SourceText, line: usize) -> bool {
    (1..line)
        .rev()
        .map(|above| source.line(above).trim())
        .take_while(|text| text.starts_with("//") || text.starts_with('#'))
        .any(|text| text.split_once(LONG_BECAUSE).is_some_and(|(_, reason)| reason.len() > 8))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(path: &str, text: &str) -> Vec<(&'static str, usize)> {
        let source = SourceText::new(path, text.into());
        refused(&source).into_iter().map(|finding| (finding.rule, finding.line)).collect()
    }

    fn function(lines: usize) -> String {
        format!("fn long(a: [u8; 2]) -> [u8; 2] {{\n{}}}\n", "    a();\n".repeat(lines))
    }

    #[test]
    fn a_file_over_the_limit_is_refused_and_one_over_half_is_a_note() {
        let lines = |count| "// a\n".repeat(count);
        assert_eq!(rules("a.rs", &lines(801)), [("file-size", 1)]);
        assert!(rules("a.rs", &lines(800)).is_empty());
        assert!(worth_a_question(&SourceText::new("a.rs", lines(401))).is_some());
        assert!(worth_a_question(&SourceText::new("a.rs", lines(400))).is_none());
        assert!(worth_a_question(&SourceText::new("a.md", lines(500))).is_none());
    }

    #[test]
    fn tests_do_not_count() {
        let text = format!("#[cfg(test)]\nmod tests {{\n{}}}\n", "    // a\n".repeat(900));
        assert!(rules("a.rs", &text).is_empty());
        assert!(rules("crates/a/tests/b.rs", &function(99)).is_empty());
    }

    #[test]
    fn a_function_over_a_screen_is_refused() {
        assert!(rules("a.rs", &function(70)).is_empty());
        assert_eq!(rules("a.rs", &format!("\n{}", function(71))), [("function-length", 2)]);
    }

    #[test]
    fn braces_in_strings_and_comments_do_not_end_a_function() {
        let text = function(71).replacen("a();", "a('}', \"}\"); // }", 1);
        assert_eq!(rules("a.rs", &text), [("function-length", 1)]);
    }

    #[test]
    fn comments_and_blank_lines_do_not_count() {
        let text = function(60).replacen("    a();\n", &"    // why\n\n".repeat(30), 1);
        assert!(rules("a.rs", &text).is_empty());
    }

    #[test]
    fn a_reason_excuses_a_long_function() {
        let with = |comment| rules("a.rs", &format!("{comment}\n#[inline]\n{}", function(80)));
        assert!(with("// tidy: long because it is one table of every node kind").is_empty());
        assert_eq!(with("// tidy: long because "), [("function-length", 3)]);
    }

    #[test]
    fn declarations_without_a_body_are_skipped() {
        assert!(
            rules("a.rs", "trait A { fn b(&self) -> [u8; 3]; }\ntype F = fn(u8);\n").is_empty()
        );
    }
}
