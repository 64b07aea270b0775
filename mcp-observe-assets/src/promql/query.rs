//! Expressions.

use std::collections::BTreeSet;

/// Up to how many characters an operation stays on one line.
const LINE: usize = 120;

/// An instant vector, with the labels that its elements can have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Query {
    text: String,
    labels: BTreeSet<&'static str>,
    form: Form,
}

/// What an expression is, for where it needs parentheses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// A selector or a function: never.
    Operand,
    /// Arithmetic or a comparison, which bind tighter than any of the others.
    Operation,
    /// `and`, `unless`.
    Intersection,
    /// `or`, which binds loosest.
    Union,
}

impl Query {
    pub(super) fn new(text: String, labels: BTreeSet<&'static str>) -> Self {
        Self {
            text,
            labels,
            form: Form::Operand,
        }
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    pub(crate) fn labels(&self) -> &BTreeSet<&'static str> {
        &self.labels
    }

    pub(crate) fn sum_by(&self, labels: &[&'static str]) -> Self {
        self.aggregate("sum", "", labels)
    }

    pub(crate) fn max_by(&self, labels: &[&'static str]) -> Self {
        self.aggregate("max", "", labels)
    }

    pub(crate) fn count_by(&self, labels: &[&'static str]) -> Self {
        self.aggregate("count", "", labels)
    }

    pub(crate) fn median_by(&self, labels: &[&'static str]) -> Self {
        self.aggregate("quantile", "0.5,", labels)
    }

    fn aggregate(&self, operator: &str, parameter: &str, by: &[&'static str]) -> Self {
        for label in by {
            assert!(
                self.labels.contains(label),
                "there is no label {label} to group by in {}",
                self.text
            );
        }
        let by_labels = by.join(", ");
        let mut argument = self.argument();
        if !parameter.is_empty() && !argument.starts_with('\n') {
            argument.insert(0, ' ');
        }
        let text = format!("{operator} by ({by_labels}) ({parameter}{argument})");
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

    /// With one label more, the same of all elements.
    pub(crate) fn with_label(&self, label: &'static str, value: &str) -> Self {
        let argument = self.argument();
        let text = format!(r#"label_replace({argument}, "{label}", "{value}", "", "")"#);
        let mut labels = self.labels.clone();
        labels.insert(label);
        Self::new(text, labels)
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

    /// The elements of `self` that are not smaller than the one of `other`.
    pub(crate) fn at_least(&self, other: &Self) -> Self {
        self.with_same_labels(">=", other)
    }

    /// The elements of `self` that are not greater than the one of `other`.
    pub(crate) fn at_most(&self, other: &Self) -> Self {
        self.with_same_labels("<=", other)
    }

    pub(crate) fn and(&self, other: &Self) -> Self {
        self.set_operation("and", Form::Intersection, other)
    }

    pub(crate) fn or(&self, other: &Self) -> Self {
        self.set_operation("or", Form::Union, other)
    }

    pub(crate) fn unless(&self, other: &Self) -> Self {
        self.set_operation("unless", Form::Intersection, other)
    }

    /// With a number: `> 5`, `* 3`.
    pub(crate) fn scalar(&self, operator: &str, number: impl std::fmt::Display) -> Self {
        Self {
            text: format!("{} {operator} {number}", self.operand()),
            labels: self.labels.clone(),
            form: Form::Operation,
        }
    }

    fn with_same_labels(&self, operator: &str, other: &Self) -> Self {
        self.assert_same_labels(operator, other);
        let (left, right) = (self.operand(), other.operand());
        let is_long = left.len() + operator.len() + right.len() + 2 > LINE;
        let break_or_space = if is_long { '\n' } else { ' ' };
        Self {
            text: format!("{left}{break_or_space}{operator} {right}"),
            labels: self.labels.clone(),
            form: Form::Operation,
        }
    }

    /// Each operand is on lines of its own.
    fn set_operation(&self, operator: &str, form: Form, other: &Self) -> Self {
        self.assert_same_labels(operator, other);
        // They are left-associative; where `or` meets another, readers want to see what binds tighter.
        let left = if matches!(self.form, Form::Operand | Form::Operation) || self.form == form {
            self.text.clone()
        } else {
            self.parenthesised()
        };
        let right = if matches!(other.form, Form::Operand | Form::Operation) {
            other.text.clone()
        } else {
            other.parenthesised()
        };
        Self {
            text: format!("{left}\n{operator}\n{right}"),
            labels: self.labels.clone(),
            form,
        }
    }

    /// Elements match only where all of their labels do: with different ones there would be no result,
    /// and no error.
    fn assert_same_labels(&self, operator: &str, other: &Self) {
        assert_eq!(
            self.labels, other.labels,
            "nothing matches in {} {operator} {}",
            self.text, other.text
        );
    }

    fn operand(&self) -> String {
        if self.form == Form::Operand {
            self.text.clone()
        } else {
            self.parenthesised()
        }
    }

    fn parenthesised(&self) -> String {
        format!("({})", self.argument())
    }

    /// As it stands between parentheses: on lines of its own if it has several.
    fn argument(&self) -> String {
        if self.text.contains('\n') {
            format!("\n  {}\n", self.text.replace('\n', "\n  "))
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
    fn set_operations_have_lines_of_their_own_and_parentheses_where_they_need_them() {
        let (a, b) = (calls().now(), calls().now().scalar(">", 1));
        let chain = a.and(&b).unless(&a);
        let lines = "calls_total\nand\ncalls_total > 1\nunless\ncalls_total";
        assert_eq!(chain.text(), lines);
        let nested = a.and(&a.or(&b)).scalar(">", 2);
        let lines = "(\n  calls_total\n  and\n  (\n    calls_total\n    or\n    calls_total > 1\n  )\n) > 2";
        assert_eq!(nested.text(), lines);
    }

    #[test]
    fn a_median_is_of_what_has_a_label_more() {
        let day = calls().now().with_label("day", "1");
        assert_eq!(
            day.text(),
            r#"label_replace(calls_total, "day", "1", "", "")"#
        );
        let by = day.median_by(&["day"]);
        assert_eq!(
            by.text(),
            format!("quantile by (day) (0.5, {})", day.text())
        );
    }

    #[test]
    fn absence_has_the_labels_that_were_asked_for() {
        let absent = calls().is("job", "x").is_not("tool", "a").absent();
        let text = r#"absent(calls_total{job="x", tool!="a"})"#;
        assert_eq!(absent.text(), text);
        assert_eq!(*absent.labels(), BTreeSet::from(["job"]));
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
