//! Compressed tar archives that are the same bytes every time: sorted, and
//! with one time, owner and set of rights.

use std::collections::BTreeSet;

use anyhow::Context;
use flate2::{Compression, GzBuilder};

use super::entry::{Entry, WRITTEN_AT};

/// Packs files and the folders around them.
pub(super) fn pack(mut entries: Vec<Entry<'_>>) -> anyhow::Result<Vec<u8>> {
    entries.sort_by(|a, b| a.path.cmp(&b.path));
    // No time and no name: they would differ.
    let packed = GzBuilder::new().mtime(0).write(Vec::new(), Compression::default());
    let mut tar = tar::Builder::new(packed);
    for folder in folders(&entries) {
        let mut header = header(0o755, tar::EntryType::Directory);
        tar.append_data(&mut header, &folder, std::io::empty())
            .with_context(|| format!("could not pack `{folder}`"))?;
    }
    for entry in &entries {
        let mut header = header(entry.mode(), tar::EntryType::Regular);
        header.set_size(entry.bytes.len() as u64);
        tar.append_data(&mut header, &entry.path, &*entry.bytes)
            .with_context(|| format!("could not pack `{}`", entry.path))?;
    }
    let packed = tar.into_inner().and_then(flate2::write::GzEncoder::finish);
    packed.context("could not finish the archive")
}

fn header(mode: u32, kind: tar::EntryType) -> tar::Header {
    let mut header = tar::Header::new_ustar();
    header.set_entry_type(kind);
    header.set_mode(mode);
    header.set_mtime(WRITTEN_AT);
    header.set_uid(0);
    header.set_gid(0);
    header.set_size(0);
    header
}

/// Every folder that holds one of the files, outer ones first.
fn folders(entries: &[Entry<'_>]) -> BTreeSet<String> {
    let above = |entry: &Entry<'_>| {
        let ends: Vec<usize> = entry.path.match_indices('/').map(|(at, _)| at + 1).collect();
        ends.into_iter().map(|end| entry.path[..end].to_owned()).collect::<Vec<_>>()
    };
    entries.iter().flat_map(above).collect()
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use expect_test::expect;

    use super::*;

    fn listing(packed: &[u8]) -> String {
        let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(packed));
        let mut lines = String::new();
        for entry in archive.entries().unwrap() {
            let mut entry = entry.unwrap();
            let mut text = String::new();
            entry.read_to_string(&mut text).unwrap();
            let header = entry.header();
            let (mode, time) = (header.mode().unwrap(), header.mtime().unwrap());
            let path = entry.path().unwrap().display().to_string();
            lines += format!("{mode:o} {time} {path} {text}").trim_end();
            lines.push('\n');
        }
        lines
    }

    #[test]
    fn files_are_sorted_and_have_one_time() {
        let pack = |paths: [&str; 2]| {
            let [first, second] = paths;
            let program = Entry::program(first, b"run".as_slice());
            super::pack(vec![program, Entry::plain(second, b"read".as_slice())]).unwrap()
        };
        let packed = pack(["x/bin/run", "x/a"]);
        expect![[r#"
            755 315532800 x/
            755 315532800 x/bin/
            644 315532800 x/a read
            755 315532800 x/bin/run run
        "#]]
        .assert_eq(&listing(&packed));
        assert_eq!(packed, pack(["x/bin/run", "x/a"]));
    }
}
