//! The block comment that ends where a text ends, for languages whose doc
//! comments stand before what they document.

/// The last block comment of `text`, from its `/*` on without its `*/`; none if
/// `text` ends otherwise, white space aside.
///
/// No more is looked through than what follows the comment before, so that
/// asking before each definition of a file looks at every byte once.
pub(crate) fn ending(text: &str) -> Option<&str> {
    let inside = text.trim_end().strip_suffix("*/")?;
    let bytes = inside.as_bytes();
    let mut nearest = None;
    let mut end = bytes.len();
    while let Some(slash) = memchr::memrchr(b'/', &bytes[..end]) {
        end = slash;
        if slash > 0 && bytes[slash - 1] == b'*' && bytes.get(slash + 1) != Some(&b'*') {
            break;
        }
        if bytes.get(slash + 1) == Some(&b'*') {
            // Inside a comment `/*` may stand again, but seldom alone on its line.
            if is_first_of_line(&inside[..slash]) {
                return Some(&inside[slash..]);
            }
            nearest = nearest.or(Some(slash));
        }
    }
    nearest.map(|start| &inside[start..])
}

fn is_first_of_line(before: &str) -> bool {
    before.trim_end_matches([' ', '\t']).as_bytes().last().is_none_or(|last| *last == b'\n')
}

#[cfg(test)]
mod tests {
    use super::ending;

    #[test]
    fn the_comment_before_a_definition_is_the_last_whole_one() {
        assert_eq!(ending("/* a */\n/** b /* c\n */\n  "), Some("/** b /* c\n "));
        assert_eq!(ending("class A { /** b */ "), Some("/** b "));
        assert_eq!(ending("/** a */ int x;\n"), None);
        assert_eq!(ending("/** a */ x */"), None);
        assert_eq!(ending("*/"), None);
        assert_eq!(ending("/**/"), Some("/*"));
    }
}
