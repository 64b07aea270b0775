//! Keyed hashes: equal values can be told to be equal, and without the key nothing else can.
//!
//! SipHash-2-4 with 128 bits of output. It is a pseudo-random function, so that values of a small
//! set (names, card numbers) cannot be tried out by who does not have the key.

use std::fmt;
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::io::{self, Write};

use serde_core::Serialize;
use siphasher::sip128::{Hasher128 as _, SipHasher24};

/// The key of the hashes that `#[redact(hash)]` records.
///
/// Hashes can be compared only where they were made with the same key. Who has it can find out a
/// value by trying candidates.
#[derive(Clone, Copy)]
pub struct HashKey([u8; 16]);

impl HashKey {
    /// The key with these bytes, which must come from a random source and be kept secret.
    #[must_use]
    pub const fn new(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// A new key from the operating system's random source.
    #[must_use]
    pub fn random() -> Self {
        let mut bytes = [0; 16];
        if getrandom::fill(&mut bytes).is_err() {
            // The standard library has random keys too; telemetry is no reason to panic.
            for half in bytes.chunks_exact_mut(8) {
                half.copy_from_slice(&RandomState::new().hash_one(()).to_ne_bytes());
            }
        }
        Self(bytes)
    }
}

/// Does not show the key.
impl fmt::Debug for HashKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HashKey(..)")
    }
}

/// The 32 hexadecimal digits of a text's hash.
pub(crate) fn hash_str(key: &HashKey, text: &str) -> String {
    let mut hasher = KeyedHasher::new(key);
    hasher.0.write(text.as_bytes());
    hasher.digits()
}

/// 64 bits of a text's hash.
pub(crate) fn hash_u64(key: &HashKey, text: &str) -> u64 {
    let mut hasher = KeyedHasher::new(key);
    hasher.0.write(text.as_bytes());
    hasher.0.finish128().h1
}

/// The hash of the JSON that serde writes for the value. `None` if that fails.
pub(super) fn hash_json<V: Serialize + ?Sized>(key: &HashKey, value: &V) -> Option<String> {
    let mut hasher = KeyedHasher::new(key);
    serde_json::to_writer(&mut hasher, value).ok()?;
    Some(hasher.digits())
}

struct KeyedHasher(SipHasher24);

impl KeyedHasher {
    fn new(key: &HashKey) -> Self {
        Self(SipHasher24::new_with_key(&key.0))
    }

    fn digits(&self) -> String {
        format!(
            "{:032x}",
            u128::from_be_bytes(self.0.finish128().as_bytes())
        )
    }
}

impl Write for KeyedHasher {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{HashKey, hash_json, hash_str};

    const KEY: HashKey = HashKey::new([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]);

    /// The first of the reference implementation's vectors.
    #[test]
    fn hashes_as_the_reference_does() {
        assert_eq!(hash_str(&KEY, ""), "a3817f04ba25a8e66df67214c7550293");
        assert_eq!(hash_str(&KEY, "\0"), "da87c1d86b99af44347659119b22fc45");
    }

    #[test]
    fn depends_on_the_key_alone_and_not_on_how_the_bytes_arrive() {
        let pieces = hash_json(&KEY, &("a\"b", [1, 2], None::<u8>)).unwrap();
        assert_eq!(pieces, hash_str(&KEY, r#"["a\"b",[1,2],null]"#));
        assert_ne!(
            pieces,
            hash_str(&HashKey::random(), r#"["a\"b",[1,2],null]"#)
        );
    }

    #[test]
    fn random_keys_differ_and_are_not_shown() {
        let (a, b) = (HashKey::random(), HashKey::random());
        assert_ne!(hash_str(&a, "x"), hash_str(&b, "x"));
        assert_eq!(format!("{KEY:?}"), "HashKey(..)");
    }
}
