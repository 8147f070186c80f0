//! The journal's chain: why tampering shows.
//!
//! Each writer's records form one chain. A record is named by the digest of its
//! header; the header names the one before it and holds a salted hash of the
//! payload. So a payload can be destroyed while the chain still verifies, and
//! nobody can test a guess of it against the hash once the salt is gone too.

use std::collections::HashMap;

use ctx_model::Digest;

/// Names a chain: the random number of the store that writes it.
pub type WriterId = [u8; 16];

/// The hash of a payload that its header holds.
pub fn salted_payload_hash(salt: &[u8; 32], payload: &[u8]) -> Digest {
    let mut hasher = blake3::Hasher::new();
    hasher.update(b"journal payload\0");
    hasher.update(salt);
    hasher.update(payload);
    Digest(*hasher.finalize().as_bytes())
}

/// The name of a record: the digest of its header exactly as it is stored.
pub fn header_digest(header: &[u8]) -> Digest {
    let mut hasher = blake3::Hasher::new();
    hasher.update(b"journal header\0");
    hasher.update(header);
    Digest(*hasher.finalize().as_bytes())
}

/// What became of a record's payload, as its reader found it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PayloadState {
    /// It is there and has the hash that the header holds.
    Intact,
    /// It is there and differs, or does not open.
    Tampered,
    /// It is not there.
    Missing,
    /// It is not there because a later record purged it.
    Purged,
    /// Its project is locked, so that it cannot be checked now.
    Locked,
}

/// One record as verification sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The name under which the record is stored.
    pub id: Digest,
    /// The digest of its stored header.
    pub header: Digest,
    /// Whose chain it belongs to.
    pub writer: WriterId,
    /// Its place in that chain, from 1.
    pub sequence: u64,
    /// The name of the record before it; none for the first.
    pub previous: Option<Digest>,
    /// What became of its payload.
    pub payload: PayloadState,
}

/// What is wrong with a chain, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Whose chain.
    pub writer: WriterId,
    /// The place in the chain at which it shows.
    pub sequence: u64,
    /// What is wrong there.
    pub fault: Fault,
}

/// What can be wrong with a record in a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The header's digest is not the record's name.
    #[error("header was changed: its digest is not the record's name")]
    HeaderChanged,
    /// Records before this one are missing.
    #[error("records {from} to {until} are missing")]
    Gap {
        /// First missing place.
        from: u64,
        /// Last missing place.
        until: u64,
    },
    /// Two records claim the same place, or they came out of order.
    #[error("place is taken twice or out of order")]
    OutOfOrder,
    /// The header names another record than the one before it.
    #[error("link to the record before is broken")]
    BrokenLink,
    /// The payload is not the one that the header was made for.
    #[error("payload was changed")]
    PayloadTampered,
    /// The payload is gone and no record says that it was purged.
    #[error("payload is missing though no record purged it")]
    PayloadMissing,
}

/// Checks records of one or more chains; each chain's records must come in the
/// order of their sequence.
#[derive(Debug, Default)]
pub struct ChainCheck {
    last: HashMap<WriterId, (u64, Digest)>,
    findings: Vec<Finding>,
}

impl ChainCheck {
    /// Takes the next record.
    pub fn next(&mut self, link: &Link) {
        let mut fault = |fault| {
            self.findings.push(Finding { writer: link.writer, sequence: link.sequence, fault })
        };
        if link.id != link.header {
            fault(Fault::HeaderChanged);
        }
        let last = self.last.get(&link.writer).copied();
        let (last_sequence, last_id) = last.map_or((0, None), |(at, id)| (at, Some(id)));
        if link.sequence <= last_sequence {
            fault(Fault::OutOfOrder);
        } else if link.sequence > last_sequence + 1 {
            fault(Fault::Gap { from: last_sequence + 1, until: link.sequence - 1 });
        } else if link.previous != last_id {
            fault(Fault::BrokenLink);
        }
        match link.payload {
            PayloadState::Tampered => fault(Fault::PayloadTampered),
            PayloadState::Missing => fault(Fault::PayloadMissing),
            PayloadState::Intact | PayloadState::Purged | PayloadState::Locked => {}
        }
        // The stored name, not the header's digest: one changed header is one
        // finding, not a broken link after it as well.
        self.last.insert(link.writer, (link.sequence.max(last_sequence), link.id));
    }

    /// Everything found, in the order in which it was met.
    pub fn finish(self) -> Vec<Finding> {
        self.findings
    }
}

/// Checks all of `links`, as [`ChainCheck`] does.
pub fn verify<'a>(links: impl IntoIterator<Item = &'a Link>) -> Vec<Finding> {
    let mut check = ChainCheck::default();
    links.into_iter().for_each(|link| check.next(link));
    check.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    fn chain(length: u64) -> Vec<Link> {
        let mut previous = None;
        (1..=length)
            .map(|sequence| {
                let id = header_digest(&sequence.to_le_bytes());
                Link {
                    id,
                    header: id,
                    writer: [1; 16],
                    sequence,
                    previous: previous.replace(id),
                    payload: PayloadState::Intact,
                }
            })
            .collect()
    }

    fn check(change: impl FnOnce(&mut Vec<Link>), expected: Expect) {
        let mut links = chain(5);
        change(&mut links);
        let findings: Vec<_> = verify(&links)
            .iter()
            .map(|finding| format!("{}: {}", finding.sequence, finding.fault))
            .collect();
        expected.assert_eq(&findings.join("\n"));
    }

    #[test]
    fn an_untouched_chain_is_clean_and_so_is_a_purged_one() {
        check(|_| {}, expect![""]);
        check(|links| links[2].payload = PayloadState::Purged, expect![""]);
    }

    #[test]
    fn removed_records_show_as_a_gap() {
        check(|links| drop(links.drain(1..3)), expect!["4: records 2 to 3 are missing"]);
        check(|links| drop(links.drain(..1)), expect!["2: records 1 to 1 are missing"]);
    }

    #[test]
    fn changed_headers_payloads_and_links_show_where_they_are() {
        check(
            |links| links[2].header = digest_of(9),
            expect!["3: header was changed: its digest is not the record's name"],
        );
        check(|links| links[3].payload = PayloadState::Tampered, expect!["4: payload was changed"]);
        check(
            |links| links[3].payload = PayloadState::Missing,
            expect!["4: payload is missing though no record purged it"],
        );
        check(|links| links[1].previous = None, expect!["2: link to the record before is broken"]);
    }

    #[test]
    fn a_replaced_record_breaks_the_link_after_it() {
        check(
            |links| {
                links[1].id = digest_of(7);
                links[1].header = digest_of(7);
            },
            expect!["3: link to the record before is broken"],
        );
    }

    #[test]
    fn a_repeated_place_shows() {
        check(
            |links| links.insert(2, links[1].clone()),
            expect!["2: place is taken twice or out of order"],
        );
    }

    #[test]
    fn chains_of_two_writers_do_not_disturb_each_other() {
        let mut links = chain(3);
        links.extend(chain(3).into_iter().map(|link| Link { writer: [2; 16], ..link }));
        links.sort_by_key(|link| link.sequence);
        assert_eq!(verify(&links), []);
    }

    fn digest_of(number: u8) -> Digest {
        header_digest(&[number])
    }
}
