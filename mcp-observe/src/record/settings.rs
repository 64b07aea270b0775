//! How much of a value is recorded, and with which key it is hashed.

use super::hash::HashKey;

/// Well below what exporters and backends take as one attribute.
const MAX_BYTES: usize = 4096;
const MAX_DEPTH: usize = 16;

/// The smallest budget that is obeyed: room for an object with the mark of what was left out.
pub(super) const MIN_BYTES: usize = 64;

#[derive(Debug, Clone)]
pub(crate) struct Settings {
    /// Upper bound of a recorded value's JSON, in bytes; at least 64 are taken.
    pub(crate) max_bytes: usize,
    /// How deep arrays and objects nest, at least 1; what is deeper is left out.
    pub(crate) max_depth: usize,
    pub(crate) hash_key: HashKey,
}

impl Settings {
    /// The default bounds: 4,096 bytes and 16 levels.
    pub(crate) fn new(hash_key: HashKey) -> Self {
        Self {
            max_bytes: MAX_BYTES,
            max_depth: MAX_DEPTH,
            hash_key,
        }
    }
}
