//! What a tool means to the detection, as far as its author says so.

use std::fmt;
use std::iter::FusedIterator;
use std::ops::BitOr;

/// What a tool does that matters to security: a set of `source`, `sink` and `sensitive`.
///
/// `#[mcp_tool(tags(..))]` declares it, and each of the tool's calls says so in the security log.
///
/// # Example
/// ```
/// use mcp_observe::{mcp_tool, security::Tags};
///
/// #[mcp_tool(tags(source, sensitive))]
/// fn read_payroll() {}
///
/// let tools = mcp_observe::tools();
/// let tool = tools.iter().find(|tool| tool.name == "read_payroll").unwrap();
/// assert_eq!(tool.tags, Tags::SOURCE | Tags::SENSITIVE);
/// assert_eq!(tool.tags.to_string(), "source, sensitive");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Tags(u8);

/// In the order in which they are written everywhere; bit N is the Nth.
const NAMES: [&str; 3] = ["source", "sink", "sensitive"];

impl Tags {
    /// None of them.
    pub const NONE: Self = Self(0);
    /// `source`: reads data that may be confidential.
    pub const SOURCE: Self = Self(1);
    /// `sink`: sends data out of the trust boundary.
    pub const SINK: Self = Self(1 << 1);
    /// `sensitive`: its first use by a user is worth an alert.
    pub const SENSITIVE: Self = Self(1 << 2);

    /// These and those; `|` where no `const` is needed.
    #[must_use]
    pub const fn with(self, those: Self) -> Self {
        Self(self.0 | those.0)
    }

    /// Whether all of `those` are among these.
    #[must_use]
    pub const fn contains(self, those: Self) -> bool {
        self.0 & those.0 == those.0
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Their names: `source`, `sink`, `sensitive`, always in this order.
    #[must_use]
    pub fn names(self) -> impl FusedIterator<Item = &'static str> + Clone {
        let has = move |bit: usize| self.0 & (1 << bit) != 0;
        NAMES
            .into_iter()
            .enumerate()
            .filter_map(move |(bit, name)| has(bit).then_some(name))
    }
}

impl BitOr for Tags {
    type Output = Self;

    fn bitor(self, those: Self) -> Self {
        self.with(those)
    }
}

impl fmt::Debug for Tags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.names()).finish()
    }
}

/// The names, with commas between them.
impl fmt::Display for Tags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, name) in self.names().enumerate() {
            if place > 0 {
                f.write_str(", ")?;
            }
            f.write_str(name)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Tags;

    #[test]
    fn names_are_in_the_one_order() {
        let all = Tags::SENSITIVE | Tags::SINK | Tags::SOURCE;
        let names: Vec<_> = all.names().collect();
        assert_eq!(names, ["source", "sink", "sensitive"]);
        assert_eq!(all.to_string(), "source, sink, sensitive");
        assert_eq!(format!("{:?}", Tags::SINK), r#"{"sink"}"#);
        assert_eq!(Tags::NONE.to_string(), "");
    }

    #[test]
    fn a_set_contains_its_members() {
        let both = Tags::SOURCE.with(Tags::SENSITIVE);
        assert!(both.contains(Tags::SOURCE) && both.contains(Tags::SENSITIVE));
        assert!(both.contains(both) && both.contains(Tags::NONE));
        assert!(!both.contains(Tags::SINK) && !Tags::SOURCE.contains(both));
        assert!(Tags::default().is_empty() && !both.is_empty());
    }
}
