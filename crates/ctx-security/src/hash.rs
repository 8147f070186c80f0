//! Digests and keyed digests (BLAKE3), and the secrets that key them.

use std::fmt;

use ctx_model::Digest;
use zeroize::Zeroize;

/// Thirty-two secret bytes: erased from memory when dropped, never printed.
#[derive(Clone)]
pub struct Secret([u8; 32]);

impl Secret {
    /// Takes the bytes as a secret; they should be random or derived from a passphrase.
    pub fn new(bytes: [u8; 32]) -> Secret {
        Secret(bytes)
    }

    /// The bytes themselves, for the keyring or file that keeps them.
    pub fn expose(&self) -> &[u8; 32] {
        &self.0
    }

    /// Another secret that follows from this one, for one purpose.
    #[must_use]
    pub fn derive(&self, purpose: &str) -> Secret {
        Secret(keyed_digest(self, "derive", &[purpose.as_bytes()]).0)
    }
}

impl Drop for Secret {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// The BLAKE3 digest of `bytes`.
pub fn digest(bytes: &[u8]) -> Digest {
    Digest(*blake3::hash(bytes).as_bytes())
}

/// The name of a file's facts: its bytes, the language it is read as and the
/// version of the extractor, so that a newer extractor reads every file anew.
pub fn content_digest(language_number: u8, extractor_version: u32, bytes: &[u8]) -> Digest {
    let mut hasher = blake3::Hasher::new();
    hasher.update(b"content\0");
    hasher.update(&[language_number]);
    hasher.update(&extractor_version.to_le_bytes());
    hasher.update(bytes);
    Digest(*hasher.finalize().as_bytes())
}

/// A digest that only holders of `secret` can compute or test.
///
/// `domain` (at most 255 bytes) keeps uses apart; each part is hashed behind
/// its length, so that moving bytes from one part to the next changes the digest.
pub fn keyed_digest(secret: &Secret, domain: &str, parts: &[&[u8]]) -> Digest {
    let mut hasher = blake3::Hasher::new_keyed(&secret.0);
    hasher.update(&(domain.len() as u64).to_le_bytes());
    hasher.update(domain.as_bytes());
    for part in parts {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    Digest(*hasher.finalize().as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;

    #[test]
    fn digests_stay_what_they_are() {
        // A changed digest would orphan every stored fact and break every chain.
        let secret = Secret::new([1; 32]);
        let lines = [
            digest(b"").to_string(),
            content_digest(1, 1, b"x = 1\n").to_string(),
            keyed_digest(&secret, "row", &[b"a", b"b"]).to_string(),
        ];
        expect![[r#"
            af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262
            58231e9b8bdac916db5dbf61c7acdef0063852f66e59c6ee90ff6e174947e6de
            790c3b7f4a2503b694f2da283bec51a3ecbe56c8d15b8b30b86b59f222a55545"#]]
        .assert_eq(&lines.join("\n"));
    }

    #[test]
    fn language_version_and_bytes_each_change_the_name_of_facts() {
        let names = [
            content_digest(1, 1, b"x"),
            content_digest(2, 1, b"x"),
            content_digest(1, 2, b"x"),
            content_digest(1, 1, b"y"),
            digest(b"x"),
        ];
        for (i, name) in names.iter().enumerate() {
            assert!(!names[..i].contains(name));
        }
    }

    #[test]
    fn parts_of_a_keyed_digest_do_not_run_together() {
        let secret = Secret::new([1; 32]);
        let split = keyed_digest(&secret, "d", &[b"ab", b"c"]);
        assert_ne!(split, keyed_digest(&secret, "d", &[b"a", b"bc"]));
        assert_ne!(split, keyed_digest(&secret, "d", &[b"abc"]));
        assert_ne!(split, keyed_digest(&Secret::new([2; 32]), "d", &[b"ab", b"c"]));
    }

    #[test]
    fn a_secret_prints_nothing_of_itself() {
        assert_eq!(format!("{:?}", Secret::new([0xab; 32])), "Secret(…)");
    }
}
