//! A file that is ours alone.

use super::{Clash, Problem, Put, Removed};

pub(super) fn put(content: &str, text: &str, clash: Clash) -> Result<Put, Problem> {
    let is_same = text.lines().eq(content.lines());
    match clash {
        _ if is_same => Ok(Put::Same),
        Clash::Keep if !text.trim().is_empty() => Err(Problem::Changed),
        _ => Ok(Put::Text { text: content.to_owned(), made: 0 }),
    }
}

pub(super) fn remove(content: &str, text: &str) -> Option<Removed> {
    let is_same = text.lines().eq(content.lines());
    is_same.then(|| Removed { text: String::new(), is_bare: true })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_file_stays_unless_told_otherwise() {
        assert_eq!(put("a\n", "a\r\n", Clash::Keep), Ok(Put::Same));
        assert_eq!(put("a\n", "b\n", Clash::Keep), Err(Problem::Changed));
        let new = Ok(Put::Text { text: "a\n".into(), made: 0 });
        assert_eq!(put("a\n", "b\n", Clash::Replace), new);
        assert_eq!(put("a\n", "", Clash::Keep), new);
        assert_eq!(remove("a\n", "b\n"), None);
    }
}
