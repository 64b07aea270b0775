//! Expressions.

use std::collections::BTreeSet;

/// An instant vector, with the labels that its elements can have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Query {
    text: String,
    labels: BTreeSet<&'static str>,
    /// Whether it is an operation, and needs parentheses to be an operand.
    is_operation: bool,
}

impl Query {
    pub(super) fn new(text: String, labels: BTreeSet<&'static str>) -> Self {
        Self {
            text,
            labels,
            is_operation: false,
        }
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    pub(crate) fn labels(&self) -> &BTreeSet<&'static str> {
        &self.labels
    }

    pub(crate) fn sum_by(&self, labels: &[&'static str]) -> Self {
        self.aggregate("sum", labels)
    }

    pub(crate) fn max_by(&self, labels: &[&'static str]) -> Self {
        self.aggregate("max", labels)
    }

    pub(crate) fn count_by(&self, labels: &[&'static str]) -> Self {
        self.aggregate("count", labels)
    }

    fn aggregate(&self, operator: &str, by: &[&'static str]) -> Self {
        for label in by {
            assert!(
                self.labels.contains(label),
                "there is no label {label} to group by in {}",
                self.text
            );
        }
        let text = format!("{operator} by ({}) ({})", by.join(", "), self.text);
        Self::new(text, by.iter().copied().collect())
    }

    /// The quantile of a histogram's buckets, grouped by these labels.
    pub(crate) fn quantile(&self, quantile: f64, by: &[&'static str]) -> Self {
        let mut with_le = vec!["le"];
        with_le.extend(by);
        let buckets = self.sum_by(&with_le);
        let text = format!("histogram_quantile({quantile}, {})", buckets.text);
        Self::new(text, by.iter().copied().collect())
    }

    /// With a label under another name.
    pub(crate) fn renamed(&self, from: &'static str, to: &'static str) -> Self {
        assert!(
            self.labels.contains(from),
            "there is no label {from} to rename in {}",
            self.text
        );
        let text = format!(
            "label_replace({}, \"{to}\", \"$1\", \"{from}\", \"(.*)\")",
            self.text
        );
        let mut labels = self.labels.clone();
        labels.insert(to);
        Self::new(text, labels)
    }

    /// `self / other`, element by element.
    pub(crate) fn divided_by(&self, other: &Self) -> Self {
        self.with_same_labels("/", other)
    }

    pub(crate) fn minus(&self, other: &Self) -> Self {
        self.with_same_labels("-", other)
    }

    pub(crate) fn plus(&self, other: &Self) -> Self {
        self.with_same_labels("+", other)
    }

    /// The elements of `self` that are greater than the one of `other`.
    pub(crate) fn above(&self, other: &Self) -> Self {
        self.with_same_labels(">", other)
    }

    pub(crate) fn and(&self, other: &Self) -> Self {
        self.with_same_labels("and", other)
    }

    pub(crate) fn or(&self, other: &Self) -> Self {
        self.with_same_labels("or", other)
    }

    pub(crate) fn unless(&self, other: &Self) -> Self {
        self.with_same_labels("unless", other)
    }

    /// With a number: `> 5`, `* 3`.
    pub(crate) fn scalar(&self, operator: &str, number: impl std::fmt::Display) -> Self {
        Self {
            text: format!("{} {operator} {number}", self.operand()),
            labels: self.labels.clone(),
            is_operation: true,
        }
    }

    /// Elements match only where all of their labels do: with different ones there would be no result,
    /// and no error.
    fn with_same_labels(&self, operator: &str, other: &Self) -> Self {
        assert_eq!(
            self.labels, other.labels,
            "nothing matches in {} {operator} {}",
            self.text, other.text
        );
        Self {
            text: format!("{} {operator} {}", self.operand(), other.operand()),
            labels: self.labels.clone(),
            is_operation: true,
        }
    }

    fn operand(&self) -> String {
        if self.is_operation {
            format!("({})", self.text)
        } else {
            self.text.clone()
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::{KnownLabel, Series};

    fn calls() -> Series {
        let tools = BTreeSet::from(["a", "b.c"]);
        let labels = vec![KnownLabel::open("job"), KnownLabel::closed("tool", tools)];
        Series::new("calls_total".to_owned(), labels)
    }

    #[test]
    fn operations_are_put_together_with_parentheses() {
        let rate = calls().is_one_of("tool", &["a", "b.c"]).rate("5m");
        let by = rate.sum_by(&["job"]);
        let ratio = by.divided_by(&by).scalar(">", 0.5);
        let sum = r#"sum by (job) (rate(calls_total{tool=~"a|b\\.c"}[5m]))"#;
        assert_eq!(ratio.text(), format!("({sum} / {sum}) > 0.5"));
    }

    #[test]
    fn several_names_have_the_labels_of_all() {
        let others = Series::new("errors_total".to_owned(), vec![KnownLabel::open("job")]);
        let any = Series::any_of(&[calls(), others]).is_chosen("job", "job");
        let count = r#"count by (job) ({__name__=~"calls_total|errors_total", job="$job"})"#;
        assert_eq!(any.now().count_by(&["job"]).text(), count);
        assert!(!any.now().labels().contains("tool"));
    }

    #[test]
    #[should_panic(expected = "tool of calls_total is never x")]
    fn a_value_that_cannot_be_is_refused() {
        let _ = calls().is("tool", "x");
    }

    #[test]
    #[should_panic(expected = "calls_total has no label status")]
    fn a_label_that_cannot_be_is_refused() {
        let _ = calls().has("status");
    }

    #[test]
    #[should_panic(expected = "there is no label status to group by")]
    fn a_group_that_cannot_be_is_refused() {
        let _ = calls().rate("5m").sum_by(&["status"]);
    }

    #[test]
    #[should_panic(expected = "nothing matches")]
    fn what_never_matches_is_refused() {
        let rate = calls().rate("5m");
        let _ = rate.sum_by(&["job"]).divided_by(&rate.sum_by(&["tool"]));
    }
}
