//! Series of one name, and which of them.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::Query;

/// A label that series have, with its values where these are closed.
#[derive(Debug, Clone)]
pub(crate) struct KnownLabel {
    name: &'static str,
    values: Option<BTreeSet<&'static str>>,
}

impl KnownLabel {
    /// A label of any value.
    pub(crate) fn open(name: &'static str) -> Self {
        Self { name, values: None }
    }

    pub(crate) fn closed(name: &'static str, values: BTreeSet<&'static str>) -> Self {
        Self {
            name,
            values: Some(values),
        }
    }
}

/// Series of one name: those of a metric, or those that a rule records.
#[derive(Debug, Clone)]
pub(crate) struct Series {
    name: String,
    labels: Vec<KnownLabel>,
    matchers: Vec<String>,
    offset: Option<&'static str>,
}

#[expect(
    clippy::wrong_self_convention,
    reason = "`calls.is(\"status\", \"error\")` reads as the selector does"
)]
impl Series {
    pub(crate) fn new(name: String, labels: Vec<KnownLabel>) -> Self {
        Self {
            name,
            labels,
            matchers: Vec::new(),
            offset: None,
        }
    }

    /// Those of several names, with the labels that all of them have.
    pub(crate) fn any_of(all: &[Self]) -> Self {
        let names: Vec<_> = all.iter().map(|series| series.name.as_str()).collect();
        let (first, others) = all.split_first().expect("a name");
        let mut labels = first.labels.clone();
        labels.retain(|label| others.iter().all(|other| other.has_label(label.name)));
        labels.push(KnownLabel::open("__name__"));
        let mut any = Self::new(String::new(), labels);
        any.matchers = vec![format!("__name__=~\"{}\"", names.join("|"))];
        any
    }

    /// Those whose label has this value.
    pub(crate) fn is(self, label: &str, value: &str) -> Self {
        self.check(label, value);
        self.matching(label, "=", value)
    }

    /// Those whose label has another value, or is absent.
    pub(crate) fn is_not(self, label: &str, value: &str) -> Self {
        self.check(label, value);
        self.matching(label, "!=", value)
    }

    /// Those whose label has one of these values.
    pub(crate) fn is_one_of(self, label: &str, values: &[&str]) -> Self {
        for value in values {
            self.check(label, value);
        }
        let any: Vec<_> = values.iter().map(|value| quoted_meta(value)).collect();
        self.matching(label, "=~", &any.join("|"))
    }

    /// Those whose label has none of these values.
    pub(crate) fn is_none_of(self, label: &str, values: &[&str]) -> Self {
        for value in values {
            self.check(label, value);
        }
        let any: Vec<_> = values.iter().map(|value| quoted_meta(value)).collect();
        self.matching(label, "!~", &any.join("|"))
    }

    /// Those that have the label.
    pub(crate) fn has(self, label: &str) -> Self {
        self.matching(label, "!=", "")
    }

    /// Those that do not have the label.
    pub(crate) fn has_no(self, label: &str) -> Self {
        self.matching(label, "=", "")
    }

    /// Those whose label is the one value of a variable of the dashboard.
    pub(crate) fn is_chosen(self, label: &str, variable: &str) -> Self {
        self.matching(label, "=", &format!("${variable}"))
    }

    /// Those whose label is one of the values of a variable of the dashboard.
    pub(crate) fn chosen_by(self, label: &str, variable: &str) -> Self {
        self.matching(label, "=~", &format!("${variable}"))
    }

    /// As it was that long before, such as `1d`.
    pub(crate) fn offset(mut self, by: &'static str) -> Self {
        self.offset = Some(by);
        self
    }

    /// Per second, over the window.
    pub(crate) fn rate(&self, window: &str) -> Query {
        self.over("rate", window)
    }

    /// How much it grew in the window.
    pub(crate) fn increase(&self, window: &str) -> Query {
        self.over("increase", window)
    }

    /// A function over the window, such as `avg_over_time`.
    pub(crate) fn over(&self, function: &str, window: &str) -> Query {
        let text = format!("{function}({}[{window}]{})", self.selector(), self.shift());
        Query::new(text, self.label_names())
    }

    /// As it is.
    pub(crate) fn now(&self) -> Query {
        Query::new(
            format!("{}{}", self.selector(), self.shift()),
            self.label_names(),
        )
    }

    /// One element where there are no such series, with the labels that they were asked for by value.
    pub(crate) fn absent(&self) -> Query {
        let is_given = |label: &&KnownLabel| {
            let value = format!("{}=\"", label.name);
            self.matchers.iter().any(|it| it.starts_with(&value))
        };
        let labels = self.labels.iter().filter(is_given).map(|it| it.name);
        Query::new(format!("absent({})", self.selector()), labels.collect())
    }

    /// Which series, as a query names them.
    pub(crate) fn selector(&self) -> String {
        if self.matchers.is_empty() {
            return self.name.clone();
        }
        format!("{}{{{}}}", self.name, self.matchers.join(", "))
    }

    fn shift(&self) -> String {
        self.offset
            .map_or_else(String::new, |by| format!(" offset {by}"))
    }

    fn label_names(&self) -> BTreeSet<&'static str> {
        self.labels.iter().map(|label| label.name).collect()
    }

    fn matching(mut self, label: &str, operator: &str, value: &str) -> Self {
        self.known(label);
        let mut matcher = format!("{label}{operator}\"");
        for character in value.chars() {
            match character {
                '"' | '\\' => {
                    let _ = write!(matcher, "\\{character}");
                }
                '\n' => matcher.push_str("\\n"),
                other => matcher.push(other),
            }
        }
        matcher.push('"');
        self.matchers.push(matcher);
        self
    }

    fn has_label(&self, label: &str) -> bool {
        self.labels.iter().any(|known| known.name == label)
    }

    fn known(&self, label: &str) -> &KnownLabel {
        let known = self.labels.iter().find(|known| known.name == label);
        known.unwrap_or_else(|| panic!("{} has no label {label}", self.name))
    }

    fn check(&self, label: &str, value: &str) {
        if let Some(values) = &self.known(label).values {
            assert!(
                values.contains(value),
                "{label} of {} is never {value}",
                self.name
            );
        }
    }
}

/// The text as a regular expression of RE2's that matches it alone.
fn quoted_meta(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len());
    for character in text.chars() {
        if r"\.+*?()|[]{}^$".contains(character) {
            quoted.push('\\');
        }
        quoted.push(character);
    }
    quoted
}
