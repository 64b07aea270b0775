//! What a tool's author says of it.

use core::fmt;

use serde::de::{SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// The tags of a tool, from `#[mcp_tool(tags(..))]`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tags(u8);

impl Tags {
    /// None.
    pub const NONE: Self = Self(0);
    /// `source`: reads what may be confidential.
    pub const SOURCE: Self = Self(1);
    /// `sink`: sends data out.
    pub const SINK: Self = Self(2);
    /// `sensitive`: its first use by somebody is worth an alert.
    pub const SENSITIVE: Self = Self(4);

    /// All of `other` are among these.
    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// These and those.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl<'de> Deserialize<'de> for Tags {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Names;

        impl<'de> Visitor<'de> for Names {
            type Value = Tags;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an array of strings")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut names: A) -> Result<Tags, A::Error> {
                let mut tags = Tags::NONE;
                while let Some(Tag(tag)) = names.next_element()? {
                    tags = tags.with(tag);
                }
                Ok(tags)
            }
        }

        from.deserialize_seq(Names)
    }
}

/// One of them; a name that is unknown here is no tag, and no reason to lose the event.
struct Tag(Tags);

impl<'de> Deserialize<'de> for Tag {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(Self(match &*super::text::required(from)? {
            "source" => Tags::SOURCE,
            "sink" => Tags::SINK,
            "sensitive" => Tags::SENSITIVE,
            _ => Tags::NONE,
        }))
    }
}
