//! `SHA256SUMS`: one line a package, as `sha256sum --check` reads them.

use sha2::{Digest, Sha256};

use super::Made;

/// Its name.
pub(super) const FILE: &str = "SHA256SUMS";

/// The sums of what was made, sorted by name.
pub(super) fn make(made: &[Made]) -> Made {
    let line = |made: &Made| format!("{}  {}\n", hex(&made.bytes), made.name);
    let mut lines: Vec<(&str, String)> =
        made.iter().map(|made| (made.name.as_str(), line(made))).collect();
    lines.sort();
    let text: String = lines.into_iter().map(|(_, line)| line).collect();
    Made { name: FILE.into(), bytes: text.into_bytes() }
}

/// The SHA-256 of some bytes in hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    #[test]
    fn lines_are_as_sha256sum_reads_them() {
        let made = |name: &str, text: &str| Made { name: name.into(), bytes: text.into() };
        let sums = make(&[made("b", "abc"), made("a", "")]);
        expect![[r#"
            e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  a
            ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  b
        "#]]
        .assert_eq(&String::from_utf8_lossy(&sums.bytes));
    }
}
