//! Labels whose values can be counted: a label's type is the set of its values.

pub(crate) mod combination;
mod value_set;

use std::fmt;

use crate::semconv::OTHER;
pub use combination::Combination;
pub(crate) use combination::CombinationCell;
pub use value_set::ValueSet;

/// A value of a metric label, of a type that says which values there are.
///
/// Each value of a label is a set of time series of its own, so the compiler has to know how many
/// there can be: they enter the budget of each tool that has the label. Derive it for an enum without
/// fields: its values are the names of the variants in `snake_case`. `#[label(rename_all = "…")]`
/// takes serde's rules, `#[label(rename = "…")]` renames one variant.
///
/// For values that are known only at run time, such as names of teams, derive it for a type of your
/// own around a string, with the number of values that get a series: `#[label(max = 3)]`. The first 3
/// values that occur in the process are kept, further ones are `_OTHER`. Where callers choose them, the
/// first callers choose which: take them from what the server knows.
///
/// `bool` has it, and so has an `Option` of a label's type, whose `None` is the value `none`.
///
/// # Example
/// ```
/// use mcp_observe::{LabelValue, mcp_tool};
///
/// #[derive(LabelValue)]
/// enum Unit {
///     Celsius,
///     Fahrenheit,
/// }
///
/// #[derive(LabelValue)]
/// #[label(max = 3)]
/// struct Team(String);
///
/// #[mcp_tool(labels(unit, team: Team = Team(owner.to_lowercase())))]
/// fn forecast(city: &str, unit: Unit, owner: &str) -> String {
///     city.to_owned()
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a label: its values are not known to the compiler",
    label = "each value of a label is a time series of its own",
    note = "derive `mcp_observe::LabelValue` for an enum without fields; or, around a string of which only the first N values shall have series, with `#[label(max = N)]`",
    note = "a value that identifies something belongs on the span: mark the parameter `#[record]`"
)]
pub trait LabelValue {
    /// All values.
    const VALUES: LabelValues;

    /// The place of this value among [`VALUES`](Self::VALUES). One beyond them is taken for
    /// `_OTHER`, together with all other labels of the call.
    fn index(&self) -> usize;
}

/// The values that a label can have.
#[derive(Debug, Clone, Copy)]
pub struct LabelValues(Kind);

#[derive(Clone, Copy)]
enum Kind {
    Closed(&'static [&'static str]),
    /// The last one is `_OTHER`.
    Bounded {
        max: usize,
        name: fn(usize) -> Option<&'static str>,
    },
    /// The first one is `none`.
    Optional(&'static LabelValues),
}

impl LabelValues {
    /// These values.
    #[must_use]
    pub const fn closed(values: &'static [&'static str]) -> Self {
        Self(Kind::Closed(values))
    }

    /// At most `max` values that are known at run time, and `_OTHER`. `name` gives the value of an
    /// index, if it has occurred.
    #[must_use]
    pub const fn bounded(max: usize, name: fn(usize) -> Option<&'static str>) -> Self {
        Self(Kind::Bounded { max, name })
    }

    /// `none` and these values.
    #[must_use]
    pub const fn optional(values: &'static Self) -> Self {
        Self(Kind::Optional(values))
    }

    /// How many there are, `_OTHER` and `none` included.
    #[must_use]
    #[expect(
        clippy::len_without_is_empty,
        reason = "a label without values is none"
    )]
    pub const fn len(&self) -> usize {
        match self.0 {
            Kind::Closed(values) => values.len(),
            Kind::Bounded { max, .. } => max + 1,
            Kind::Optional(values) => values.len() + 1,
        }
    }

    /// The value at `index`; none for one that has not occurred yet.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<&'static str> {
        match self.0 {
            Kind::Closed(values) => values.get(index).copied(),
            Kind::Bounded { max, .. } if index == max => Some(OTHER),
            Kind::Bounded { name, .. } => name(index),
            Kind::Optional(_) if index == 0 => Some("none"),
            Kind::Optional(values) => values.get(index - 1),
        }
    }
}

impl fmt::Debug for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Closed(values) => f.debug_tuple("Closed").field(values).finish(),
            Self::Bounded { max, .. } => f.debug_tuple("Bounded").field(max).finish(),
            Self::Optional(values) => f.debug_tuple("Optional").field(values).finish(),
        }
    }
}

/// A label of a tool.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Label {
    /// Its name.
    pub name: &'static str,
    /// The values that it can have.
    pub values: LabelValues,
}

impl Label {
    #[doc(hidden)]
    #[must_use]
    pub const fn new(name: &'static str, values: LabelValues) -> Self {
        Self { name, values }
    }
}

/// The values of the type that a label's expression has: known from a function that has it, without
/// calling that.
#[must_use]
pub const fn values_of<T: ?Sized, L: LabelValue + ?Sized>(
    _: for<'a> fn(&'a T) -> &'a L,
) -> LabelValues {
    L::VALUES
}

/// The values of the type that a label names.
#[must_use]
pub const fn values<L: LabelValue>() -> LabelValues {
    L::VALUES
}

/// A label's value, of the type that the label names.
pub const fn typed<L: ?Sized>(value: &L) -> &L {
    value
}

/// The string inside a bounded label, asked for at its type.
pub fn text<S: AsRef<str> + ?Sized>(value: &S) -> &str {
    value.as_ref()
}

impl LabelValue for bool {
    const VALUES: LabelValues = LabelValues::closed(&["false", "true"]);

    fn index(&self) -> usize {
        usize::from(*self)
    }
}

#[diagnostic::do_not_recommend]
impl<L: LabelValue> LabelValue for Option<L> {
    const VALUES: LabelValues = LabelValues::optional(&L::VALUES);

    fn index(&self) -> usize {
        self.as_ref()
            .map_or(0, |value| value.index().saturating_add(1))
    }
}

#[diagnostic::do_not_recommend]
impl<L: LabelValue + ?Sized> LabelValue for &L {
    const VALUES: LabelValues = L::VALUES;

    fn index(&self) -> usize {
        (**self).index()
    }
}
