//! From a passphrase to a key: Argon2id (RFC 9106).

use argon2::{Algorithm, Argon2, Params, Version};
use zeroize::Zeroize;

use crate::hash::Secret;

/// How much work one guess costs. Stored beside the salt, so that it can be
/// raised later without locking anyone out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over that memory.
    pub passes: u32,
}

impl Cost {
    /// The second recommended option of RFC 9106: 64 MiB, 3 passes.
    pub const RECOMMENDED: Cost = Cost { memory_kib: 64 * 1024, passes: 3 };
}

/// A passphrase or cost that no key can be derived from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DeriveError {
    /// Nothing to derive from.
    #[error("the passphrase is empty")]
    Empty,
    /// Outside what Argon2 defines or what this machine should be asked to do.
    #[error("{memory_kib} KiB and {passes} passes are outside of what a key may cost")]
    Cost {
        /// Memory in KiB.
        memory_kib: u32,
        /// Passes.
        passes: u32,
    },
}

/// The key that follows from `passphrase` and `salt` (16 random bytes, kept
/// beside what the key seals).
pub fn derive_key(passphrase: &str, salt: &[u8; 16], cost: Cost) -> Result<Secret, DeriveError> {
    if passphrase.is_empty() {
        return Err(DeriveError::Empty);
    }
    let Cost { memory_kib, passes } = cost;
    let refused = DeriveError::Cost { memory_kib, passes };
    // A damaged or hostile cost must not eat the machine: 1 GiB is plenty.
    if memory_kib > 1024 * 1024 || passes > 64 {
        return Err(refused);
    }
    let params = Params::new(memory_kib, passes, 1, Some(32)).map_err(|_| refused)?;
    let mut key = [0; 32];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(passphrase.as_bytes(), salt, &mut key)
        .map_err(|_| refused)?;
    let secret = Secret::new(key);
    key.zeroize();
    Ok(secret)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::keyed_digest;

    const CHEAP: Cost = Cost { memory_kib: 64, passes: 1 };

    fn fingerprint(passphrase: &str, salt: [u8; 16]) -> String {
        let key = derive_key(passphrase, &salt, CHEAP).unwrap();
        keyed_digest(&key, "test", &[]).to_string()
    }

    #[test]
    fn passphrase_and_salt_both_matter() {
        let key = fingerprint("correct horse", [1; 16]);
        assert_eq!(key, fingerprint("correct horse", [1; 16]));
        assert_ne!(key, fingerprint("correct horse ", [1; 16]));
        assert_ne!(key, fingerprint("correct horse", [2; 16]));
    }

    #[test]
    fn empty_passphrases_and_absurd_costs_are_refused() {
        assert_eq!(derive_key("", &[0; 16], CHEAP).unwrap_err(), DeriveError::Empty);
        for cost in [
            Cost { memory_kib: u32::MAX, passes: 1 },
            Cost { memory_kib: 64, passes: 0 },
            Cost { memory_kib: 1, passes: 1 },
        ] {
            assert!(matches!(derive_key("x", &[0; 16], cost), Err(DeriveError::Cost { .. })));
        }
    }
}
