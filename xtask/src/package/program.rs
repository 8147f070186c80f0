//! The program file: for which machine it is and what it needs there, read
//! from the file itself.

use std::collections::BTreeSet;
use std::fmt;
use std::path::Path;

use anyhow::{Context, bail};
use object::read::elf::{FileHeader, SectionTable};
use object::{Endianness, elf};

use super::zip::Deflated;

/// Names that package formats have for one kind of machine.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Platform {
    machine: elf::Machine,
    /// As Rust names it.
    pub(super) triple: &'static str,
    /// As Node names it; bundles name it alike.
    pub(super) npm_os: &'static str,
    pub(super) npm_cpu: &'static str,
    /// As wheels name the processor.
    wheel_cpu: &'static str,
}

const PLATFORMS: [Platform; 2] = [
    Platform {
        machine: elf::EM_X86_64,
        triple: "x86_64-unknown-linux-gnu",
        npm_os: "linux",
        npm_cpu: "x64",
        wheel_cpu: "x86_64",
    },
    Platform {
        machine: elf::EM_AARCH64,
        triple: "aarch64-unknown-linux-gnu",
        npm_os: "linux",
        npm_cpu: "arm64",
        wheel_cpu: "aarch64",
    },
];

/// Libraries that every Linux with glibc has, of those that PEP 600 lets a
/// `manylinux` wheel expect. Any other would have to be installed first.
const LIBRARIES: [&str; 8] = [
    "libc.so.6",
    "libdl.so.2",
    "libgcc_s.so.1",
    "libm.so.6",
    "libpthread.so.0",
    "librt.so.1",
    "libutil.so.1",
    "libz.so.1",
];

/// A version of glibc.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Glibc(u32, u32);

impl fmt::Display for Glibc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.0, self.1)
    }
}

/// A built program.
pub(super) struct Program {
    pub(super) bytes: Vec<u8>,
    /// Made once: two formats hold it.
    pub(super) deflated: Deflated,
    platform: &'static Platform,
    glibc: Glibc,
}

impl Program {
    /// Reads a program file; one for a machine that no format has a name for
    /// is refused, and one that needs a library that may not be there.
    pub(super) fn read(file: &Path) -> anyhow::Result<Program> {
        let shown = file.display();
        let bytes = std::fs::read(file).with_context(|| format!("could not read `{shown}`"))?;
        let (platform, glibc) =
            demands(&bytes).with_context(|| format!("`{shown}` cannot be packaged"))?;
        let deflated = Deflated::of(&bytes);
        Ok(Program { bytes, deflated, platform, glibc })
    }

    pub(super) fn platform(&self) -> &'static Platform {
        self.platform
    }

    /// As Rust names the machine.
    pub(super) fn triple(&self) -> &'static str {
        self.platform.triple
    }

    /// The oldest glibc that has everything the program asks for.
    pub(super) fn glibc(&self) -> Glibc {
        self.glibc
    }

    /// The tag of its wheel: any Python 3, no ABI, this machine and glibc.
    pub(super) fn wheel_tag(&self) -> String {
        let Glibc(major, minor) = self.glibc;
        format!("py3-none-manylinux_{major}_{minor}_{}", self.platform.wheel_cpu)
    }
}

fn demands(bytes: &[u8]) -> anyhow::Result<(&'static Platform, Glibc)> {
    let header = elf::FileHeader64::<Endianness>::parse(bytes)
        .context("it is not a 64-bit Linux program")?;
    let endian = header.endian()?;
    let machine = header.e_machine(endian);
    let platform = PLATFORMS.iter().find(|platform| platform.machine == machine);
    let platform = platform.with_context(|| format!("no package is made for {machine:?}"))?;
    let sections = header.sections(endian, bytes)?;
    refuse_strange_libraries(&sections, endian, bytes)?;
    Ok((platform, floor(&versions(&sections, endian, bytes)?)?))
}

type Sections<'a> = SectionTable<'a, elf::FileHeader64<Endianness>>;

fn refuse_strange_libraries(
    sections: &Sections<'_>,
    endian: Endianness,
    bytes: &[u8],
) -> anyhow::Result<()> {
    let table = sections.dynamic_table(endian, bytes)?;
    for entry in table.iter() {
        if entry.tag != elf::DT_NEEDED {
            continue;
        }
        let library = String::from_utf8_lossy(table.string(entry)?);
        // The loader's name holds the machine's.
        if !LIBRARIES.contains(&&*library) && !library.starts_with("ld-linux-") {
            bail!("it needs `{library}`, which not every Linux has");
        }
    }
    Ok(())
}

/// Names of the symbol versions without which the program does not start.
fn versions<'a>(
    sections: &Sections<'a>,
    endian: Endianness,
    bytes: &'a [u8],
) -> anyhow::Result<BTreeSet<String>> {
    let mut names = BTreeSet::new();
    let Some((mut needs, link)) = sections.gnu_verneed(endian, bytes)? else { return Ok(names) };
    let strings = sections.strings(endian, bytes, link)?;
    while let Some((_, mut versions)) = needs.next()? {
        while let Some(version) = versions.next()? {
            // The loader only warns where such a version is missing.
            if version.vna_flags.get(endian).contains(elf::VER_FLG_WEAK) {
                continue;
            }
            names.insert(String::from_utf8_lossy(version.name(endian, strings)?).into_owned());
        }
    }
    Ok(names)
}

/// The oldest glibc that has all of these symbol versions.
fn floor(versions: &BTreeSet<String>) -> anyhow::Result<Glibc> {
    let mut floor = None;
    for version in versions {
        let Some(number) = version.strip_prefix("GLIBC_") else { continue };
        let glibc = match number {
            // Marks of the loader, with the release that brought each.
            "ABI_DT_RELR" => Glibc(2, 36),
            _ => {
                let mut parts = number.split('.').map(str::parse::<u32>);
                match (parts.next(), parts.next()) {
                    (Some(Ok(major)), Some(Ok(minor))) => Glibc(major, minor),
                    _ => bail!("no release of glibc is known that has `{version}`"),
                }
            }
        };
        floor = floor.max(Some(glibc));
    }
    floor.context("it is not linked with glibc")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn floor_of(versions: &[&str]) -> Result<Glibc, String> {
        let versions = versions.iter().map(|&version| version.to_owned()).collect();
        floor(&versions).map_err(|error| error.to_string())
    }

    #[test]
    fn the_newest_symbol_decides_on_the_oldest_glibc() {
        assert_eq!(
            floor_of(&["GLIBC_2.2.5", "GLIBC_2.34", "GLIBC_2.9", "GCC_3.0"]),
            Ok(Glibc(2, 34))
        );
        assert_eq!(floor_of(&["GLIBC_2.17", "GLIBC_ABI_DT_RELR"]), Ok(Glibc(2, 36)));
    }

    #[test]
    fn what_cannot_be_told_is_not_guessed() {
        assert!(floor_of(&["GLIBC_PRIVATE"]).is_err());
        assert!(floor_of(&["GCC_3.0"]).is_err());
    }

    #[test]
    fn this_test_is_a_program_that_could_be_packaged() {
        let bytes = std::fs::read(std::env::current_exe().unwrap()).unwrap();
        let (platform, glibc) = demands(&bytes).unwrap();
        assert!(platform.triple.starts_with(std::env::consts::ARCH));
        assert!(glibc > Glibc(2, 2));
    }

    #[test]
    fn a_script_is_no_program() {
        let error = demands(b"#!/bin/sh\n").unwrap_err().to_string();
        assert_eq!(error, "it is not a 64-bit Linux program");
    }
}
