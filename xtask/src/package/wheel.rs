//! The wheel for PyPI: the program as a script, for any Python 3 (the binary
//! distribution format 1.0, with `manylinux` tags by PEP 600).

use sha2::{Digest, Sha256};

use super::zip::{Deflated, Zip};
use super::{Entry, Ingredients, Made, template};

/// Packs it.
pub(super) fn make(from: &Ingredients<'_>) -> anyhow::Result<Made> {
    let stem = format!("{}-{}", from.facts["name"], from.facts["version"]);
    let about = format!("{stem}.dist-info");
    let mut facts = from.facts.clone();
    facts.insert("readme", from.readme.trim_end().to_owned());
    let metadata = template::text(from.root, "pypi/METADATA", &facts)?;
    let wheel = template::text(from.root, "pypi/WHEEL", from.facts)?;

    let program = Entry::program(format!("{stem}.data/scripts/codecontext"), &from.program.bytes);
    let texts = [
        Entry::plain(format!("{about}/licenses/LICENSE"), &from.license),
        Entry::plain(format!("{about}/METADATA"), metadata.into_bytes()),
        Entry::plain(format!("{about}/WHEEL"), wheel.into_bytes()),
    ];
    let record = record(std::iter::once(&program).chain(&texts), &about);
    let record = Entry::plain(format!("{about}/RECORD"), record.into_bytes());

    let mut zip = Zip::default();
    zip.add(&program.path, program.mode(), &from.program.deflated)?;
    for entry in texts.iter().chain([&record]) {
        zip.add(&entry.path, entry.mode(), &Deflated::of(&entry.bytes))?;
    }
    let name = format!("{stem}-{}.whl", from.facts["wheel_tag"]);
    Ok(Made { name, bytes: zip.finish()? })
}

/// Each file with its digest and size; the record itself has neither.
fn record<'a>(entries: impl Iterator<Item = &'a Entry<'a>>, about: &str) -> String {
    let line = |entry: &Entry<'_>| {
        let digest = base64_url(&Sha256::digest(&entry.bytes));
        format!("{},sha256={digest},{}\n", entry.path, entry.bytes.len())
    };
    let mut lines: String = entries.map(line).collect();
    lines += &format!("{about}/RECORD,,\n");
    lines
}

/// Base64 with the alphabet for URLs and without padding (RFC 4648, section 5).
fn base64_url(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let byte = |at: usize| u32::from(group.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for digit in 0..=group.len() {
            let index = (bits >> (18 - 6 * digit)) & 63;
            text.push(char::from(ALPHABET[index as usize]));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    #[test]
    fn base64_is_as_the_standard_has_it() {
        let encoded = ["", "f", "fo", "foo", "foob", "\u{3ff}\u{3ff}"]
            .map(|text| base64_url(text.as_bytes()));
        assert_eq!(encoded, ["", "Zg", "Zm8", "Zm9v", "Zm9vYg", "z7_Pvw"]);
    }

    #[test]
    fn the_record_has_a_line_a_file_and_names_itself() {
        let entry = Entry::plain("x.dist-info/WHEEL", b"abc".as_slice());
        expect![[r#"
            x.dist-info/WHEEL,sha256=ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0,3
            x.dist-info/RECORD,,
        "#]]
        .assert_eq(&record([entry].iter(), "x.dist-info"));
    }
}
