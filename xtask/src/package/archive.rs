//! The release archive: a prefix to unpack over `~/.local` or `/usr/local`.

use super::{Entry, Ingredients, Made, tarball};
use crate::man::Share;

/// Packs program, completions, manual pages, README and licence.
pub(super) fn make(from: &Ingredients<'_>, shares: Vec<Share>) -> anyhow::Result<Made> {
    let top = format!("{}-{}-{}", from.facts["name"], from.facts["version"], from.facts["triple"]);
    let mut entries = vec![
        Entry::program(format!("{top}/bin/codecontext"), &from.program.bytes),
        Entry::plain(format!("{top}/share/doc/codecontext/LICENSE"), &from.license),
        Entry::plain(format!("{top}/share/doc/codecontext/README.md"), from.readme.as_bytes()),
    ];
    for share in shares {
        entries.push(Entry::plain(format!("{top}/{}", share.path), share.text.into_bytes()));
    }
    Ok(Made { name: format!("{top}.tar.gz"), bytes: tarball::pack(entries)? })
}
