//! Sealing: what a stored value looks like outside this process.
//!
//! A plain value carries a short checksum, so that a damaged one is noticed; a
//! sealed one is encrypted and authenticated with XChaCha20-Poly1305
//! (draft-irtf-cfrg-xchacha). Both are bound to a context, so that a value
//! moved to another key does not open.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};

use crate::hash::Secret;

/// First byte of a plain, checksummed value.
const PLAIN: u8 = 1;
/// First byte of a sealed value.
const SEALED: u8 = 2;
/// Length of a plain value's checksum in bytes.
const CHECKSUM: usize = 8;
/// Length of a sealed value's nonce in bytes.
const NONCE: usize = 24;

/// Seals and opens values.
#[derive(Debug, Clone)]
pub struct Sealer {
    secret: Option<Secret>,
}

/// A value that could not be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unsealable {
    /// The bytes differ from those that were written, belong to another
    /// context, or were sealed with another key.
    #[error("value is damaged, moved, or sealed with another key")]
    Damaged,
    /// The value is sealed and this sealer has no key.
    #[error("value is sealed and no key was given")]
    NeedsKey,
    /// The value is plain though this sealer only opens sealed ones: taking it
    /// would let anyone slip in values of their own.
    #[error("value is not sealed though its project is")]
    NotSealed,
    /// Written by a later version of CodeContext.
    #[error("value has form {form}, which this version does not know")]
    UnknownForm {
        /// The first byte of the value.
        form: u8,
    },
}

impl Sealer {
    /// Writes plain values with a checksum.
    pub fn plain() -> Sealer {
        Sealer { secret: None }
    }

    /// Encrypts and authenticates with `secret`.
    pub fn sealed(secret: Secret) -> Sealer {
        Sealer { secret: Some(secret) }
    }

    /// Whether values are encrypted.
    pub fn is_sealed(&self) -> bool {
        self.secret.is_some()
    }

    /// Turns `plain` into what may leave the process. A sealed value needs a
    /// `nonce` that was never used before with this key: 24 random bytes. A
    /// plain one ignores it.
    pub fn seal(&self, nonce: [u8; 24], context: &[u8], plain: &[u8]) -> Vec<u8> {
        let Some(secret) = &self.secret else {
            let mut bytes = Vec::with_capacity(1 + CHECKSUM + plain.len());
            bytes.push(PLAIN);
            bytes.extend_from_slice(&checksum(context, plain));
            bytes.extend_from_slice(plain);
            return bytes;
        };
        let sealed = cipher(secret)
            .encrypt(&XNonce::from(nonce), Payload { msg: plain, aad: context })
            .expect("encrypting fails only beyond 256 GiB, more than memory holds");
        let mut bytes = Vec::with_capacity(1 + NONCE + sealed.len());
        bytes.push(SEALED);
        bytes.extend_from_slice(&nonce);
        bytes.extend_from_slice(&sealed);
        bytes
    }

    /// The plain value of what [`Sealer::seal`] made for the same `context`.
    pub fn open(&self, context: &[u8], bytes: &[u8]) -> Result<Vec<u8>, Unsealable> {
        let (&form, rest) = bytes.split_first().ok_or(Unsealable::Damaged)?;
        match (form, &self.secret) {
            (PLAIN, None) => {
                let (stored, plain) =
                    rest.split_first_chunk::<CHECKSUM>().ok_or(Unsealable::Damaged)?;
                if *stored != checksum(context, plain) {
                    return Err(Unsealable::Damaged);
                }
                Ok(plain.to_vec())
            }
            (SEALED, Some(secret)) => {
                let (nonce, sealed) =
                    rest.split_first_chunk::<NONCE>().ok_or(Unsealable::Damaged)?;
                cipher(secret)
                    .decrypt(&XNonce::from(*nonce), Payload { msg: sealed, aad: context })
                    .map_err(|_| Unsealable::Damaged)
            }
            (PLAIN, Some(_)) => Err(Unsealable::NotSealed),
            (SEALED, None) => Err(Unsealable::NeedsKey),
            (form, _) => Err(Unsealable::UnknownForm { form }),
        }
    }
}

fn cipher(secret: &Secret) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(&Key::from(*secret.expose()))
}

fn checksum(context: &[u8], plain: &[u8]) -> [u8; CHECKSUM] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&(context.len() as u64).to_le_bytes());
    hasher.update(context);
    hasher.update(plain);
    let mut checksum = [0; CHECKSUM];
    checksum.copy_from_slice(&hasher.finalize().as_bytes()[..CHECKSUM]);
    checksum
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sealers() -> [Sealer; 2] {
        [Sealer::plain(), Sealer::sealed(Secret::new([9; 32]))]
    }

    #[test]
    fn a_sealed_value_shows_nothing_of_its_text() {
        let sealed = Sealer::sealed(Secret::new([9; 32])).seal([3; 24], b"k", b"hush hush");
        assert!(!sealed.windows(4).any(|window| window == b"hush"));
    }

    #[test]
    fn another_key_does_not_open() {
        let sealed = Sealer::sealed(Secret::new([9; 32])).seal([3; 24], b"k", b"v");
        let other = Sealer::sealed(Secret::new([8; 32]));
        assert_eq!(other.open(b"k", &sealed), Err(Unsealable::Damaged));
        assert_eq!(Sealer::plain().open(b"k", &sealed), Err(Unsealable::NeedsKey));
    }

    #[test]
    fn a_plain_value_cannot_be_slipped_into_a_sealed_project() {
        let plain = Sealer::plain().seal([0; 24], b"k", b"v");
        let sealed = Sealer::sealed(Secret::new([9; 32]));
        assert_eq!(sealed.open(b"k", &plain), Err(Unsealable::NotSealed));
    }

    #[test]
    fn empty_short_and_unknown_values_are_errors() {
        for sealer in sealers() {
            assert!(sealer.open(b"k", b"").is_err());
            assert!(sealer.open(b"k", &[PLAIN]).is_err());
            assert!(sealer.open(b"k", &[SEALED, 0, 0]).is_err());
            assert_eq!(sealer.open(b"k", &[9]), Err(Unsealable::UnknownForm { form: 9 }));
        }
    }

    proptest! {
        #[test]
        fn values_round_trip_and_any_flipped_byte_shows(
            plain in proptest::collection::vec(any::<u8>(), 0..200),
            at in any::<prop::sample::Index>(),
            flip in 1u8..,
        ) {
            for sealer in sealers() {
                let mut bytes = sealer.seal([5; 24], b"key", &plain);
                prop_assert_eq!(sealer.open(b"key", &bytes), Ok(plain.clone()));
                prop_assert!(sealer.open(b"kex", &bytes).is_err());
                let at = at.index(bytes.len());
                bytes[at] ^= flip;
                prop_assert!(sealer.open(b"key", &bytes).is_err());
            }
        }
    }
}
