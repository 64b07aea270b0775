//! What a tool is to those who watch for attacks.

use std::fmt;

/// The tags of a tool, as `#[mcp_tool(tags(..))]` declares them: a set.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Tags(u8);

/// In the order in which they are written; the place is the bit.
const NAMES: [&str; 3] = ["source", "sink", "sensitive"];

impl Tags {
    /// No tag.
    pub const NONE: Self = Self(0);
    /// Reads data that may be confidential.
    pub const SOURCE: Self = Self(1);
    /// Sends data out of the trust boundary.
    pub const SINK: Self = Self(1 << 1);
    /// Its first use by a user is worth an alert.
    pub const SENSITIVE: Self = Self(1 << 2);

    /// These and those.
    #[must_use]
    pub const fn with(self, others: Self) -> Self {
        Self(self.0 | others.0)
    }

    /// Whether all of `others` are among them.
    #[must_use]
    pub const fn contains(self, others: Self) -> bool {
        self.0 & others.0 == others.0
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Their names: `source`, `sink`, `sensitive`, in that order.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        NAMES
            .into_iter()
            .enumerate()
            .filter(move |(bit, _)| self.0 & (1 << bit) != 0)
            .map(|(_, name)| name)
    }
}

impl fmt::Debug for Tags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.names()).finish()
    }
}
