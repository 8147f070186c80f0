//! ZIP archives that are the same bytes every time (PKWARE's APPNOTE 6.3.3;
//! no encryption, no ZIP64: nothing here is above 4 GiB).

use std::io::Write;

use anyhow::Context;
use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};

/// Bytes as a ZIP holds them.
pub(super) struct Deflated {
    bytes: Vec<u8>,
    crc: u32,
    plain_size: usize,
}

impl Deflated {
    pub(super) fn of(plain: &[u8]) -> Deflated {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
        let deflated = encoder.write_all(plain).and_then(|()| encoder.finish());
        let mut crc = Crc::new();
        crc.update(plain);
        Deflated {
            bytes: deflated.expect("writing to memory does not fail"),
            crc: crc.sum(),
            plain_size: plain.len(),
        }
    }
}

/// A ZIP that grows file by file, in the order in which they are added.
#[derive(Default)]
pub(super) struct Zip {
    bytes: Vec<u8>,
    directory: Vec<u8>,
    count: u16,
}

/// Version 2.0 of the format: what deflate needs.
const VERSION: u16 = 20;
/// Made on Unix, so that rights are told.
const MADE_BY: u16 = 3 << 8 | VERSION;
/// Names are UTF-8.
const FLAGS: u16 = 1 << 11;
const DEFLATE: u16 = 8;
/// Midnight.
const TIME: u16 = 0;
/// 1980-01-01: year 0, month 1, day 1.
const DATE: u16 = 1 << 5 | 1;
/// A regular file, in the upper half of the external attributes.
const REGULAR: u32 = 0o100_000;

impl Zip {
    /// Adds a file with these rights.
    pub(super) fn add(&mut self, path: &str, mode: u32, file: &Deflated) -> anyhow::Result<()> {
        let too_large = || format!("`{path}` is too large for a ZIP");
        let name_size = u16::try_from(path.len()).with_context(too_large)?;
        let at = u32::try_from(self.bytes.len()).with_context(too_large)?;
        let packed_size = u32::try_from(file.bytes.len()).with_context(too_large)?;
        let plain_size = u32::try_from(file.plain_size).with_context(too_large)?;
        self.count = self.count.checked_add(1).with_context(too_large)?;

        let mut shared = Vec::with_capacity(26);
        for number in [VERSION, FLAGS, DEFLATE, TIME, DATE] {
            shared.extend(number.to_le_bytes());
        }
        for number in [file.crc, packed_size, plain_size] {
            shared.extend(number.to_le_bytes());
        }
        // The size of the name, and of the extra field.
        shared.extend(name_size.to_le_bytes());
        shared.extend(0u16.to_le_bytes());

        self.bytes.extend(b"PK\x03\x04");
        self.bytes.extend(&shared);
        self.bytes.extend(path.as_bytes());
        self.bytes.extend(&file.bytes);

        self.directory.extend(b"PK\x01\x02");
        self.directory.extend(MADE_BY.to_le_bytes());
        self.directory.extend(&shared);
        // The size of the comment, the disk, and the internal attributes.
        self.directory.extend([0; 6]);
        self.directory.extend(((REGULAR | mode) << 16).to_le_bytes());
        self.directory.extend(at.to_le_bytes());
        self.directory.extend(path.as_bytes());
        Ok(())
    }

    /// The whole archive.
    pub(super) fn finish(mut self) -> anyhow::Result<Vec<u8>> {
        let at = u32::try_from(self.bytes.len()).context("the ZIP is too large")?;
        let size = u32::try_from(self.directory.len()).context("the ZIP is too large")?;
        self.bytes.extend(self.directory);
        self.bytes.extend(b"PK\x05\x06");
        // This disk, and the disk on which the directory begins.
        self.bytes.extend([0; 4]);
        self.bytes.extend(self.count.to_le_bytes());
        self.bytes.extend(self.count.to_le_bytes());
        self.bytes.extend(size.to_le_bytes());
        self.bytes.extend(at.to_le_bytes());
        // The size of the comment.
        self.bytes.extend([0; 2]);
        Ok(self.bytes)
    }
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use expect_test::expect;

    use super::*;

    #[test]
    fn another_program_reads_it() {
        let mut zip = Zip::default();
        zip.add("bin/run", 0o755, &Deflated::of(&b"run ".repeat(100))).unwrap();
        zip.add("naïve.txt", 0o644, &Deflated::of(b"")).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.zip");
        std::fs::write(&file, zip.finish().unwrap()).unwrap();
        let script = "import sys, zipfile\n\
                      archive = zipfile.ZipFile(sys.argv[1])\n\
                      print(archive.testzip())\n\
                      for file in archive.infolist():\n    \
                          mode, time = file.external_attr >> 16, file.date_time[:3]\n    \
                          print(file.filename, oct(mode), time, len(archive.read(file)))\n";
        let read = Command::new("python3").args(["-c", script]).arg(file).output().unwrap();
        expect![[r#"
            None
            bin/run 0o100755 (1980, 1, 1) 400
            naïve.txt 0o100644 (1980, 1, 1) 0
        "#]]
        .assert_eq(&String::from_utf8_lossy(&read.stdout));
    }
}
