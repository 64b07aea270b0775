//! How many time series a tool can have, in Prometheus' count, known when it is compiled.

use super::Facts;
use crate::error_class::ErrorClass;
use crate::label::{Label, combination};
use crate::operation::outcome::Status;
use crate::semconv::{DURATION_BUCKETS, TOOL_BUCKETS};
use crate::usage::TokenType;

/// Series that a tool can have, unless its `budget = N` says otherwise.
pub(crate) const DEFAULT_BUDGET: usize = 500;

/// Combinations of protocol revision, transport and error that one tool's calls are told apart by on
/// the convention's operation duration.
pub(crate) const EXACT_OPERATION_SERIES: usize = 10;

/// With those for what goes beyond: one for success, one for errors.
const OPERATION_SERIES: usize = EXACT_OPERATION_SERIES + 2;

/// What a histogram has besides its buckets: the infinite one, the sum and the count.
const BESIDES_BUCKETS: usize = 3;

/// The factors of a tool's number of series.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Factors {
    combinations: usize,
    buckets: usize,
    error_types: usize,
    /// 0 for a tool that does not declare tokens.
    token_types: usize,
}

impl Factors {
    pub(crate) const fn of(facts: &Facts) -> Self {
        Self {
            combinations: combination::count(facts.labels),
            buckets: match facts.buckets {
                Some(buckets) => buckets.len(),
                None => TOOL_BUCKETS.len(),
            },
            error_types: ErrorClass::COUNTED.len() + facts.error_types.count(),
            token_types: if facts.tokens {
                TokenType::ALL.len()
            } else {
                0
            },
        }
    }

    /// On `mcp_tool_calls_total`, `mcp_tool_invocation_duration_seconds` and `mcp_tool_tokens_total`.
    const fn each_combination(self) -> usize {
        1 + Status::ALL.len() * (self.buckets + BESIDES_BUCKETS) + self.token_types
    }

    /// Of `mcp_server_operation_duration_seconds`.
    const fn of_operations() -> usize {
        OPERATION_SERIES * (DURATION_BUCKETS.len() + BESIDES_BUCKETS)
    }

    /// The number of series; saturates. One is that of `mcp_tool_active`.
    pub(crate) const fn series(self) -> usize {
        self.combinations
            .saturating_mul(self.each_combination())
            .saturating_add(self.error_types + 1 + Self::of_operations())
    }
}

/// Fails to compile where the tool has more series than its budget.
///
/// # Panics
/// In that case, with a message that names every factor.
#[track_caller]
pub const fn assert_budget(facts: &Facts) {
    let factors = Factors::of(facts);
    if factors.series() <= facts.budget {
        return;
    }
    let mut message = Message::new();
    message.text("tool `");
    message.text(facts.name);
    message.text("` can have ");
    message.number(factors.series());
    message.text(" time series, over its budget of ");
    message.number(facts.budget);
    message.text(": ");
    message.number(factors.combinations);
    if facts.labels.is_empty() {
        message.text(" (no labels)");
    } else {
        message.text(" combinations of labels (");
        message.labels(facts.labels);
        message.text(", and one where its function never ran)");
    }
    message.text(" x ");
    message.number(factors.each_combination());
    message.text(if factors.token_types > 0 {
        " (its count, "
    } else {
        " (its count, and "
    });
    message.number(Status::ALL.len());
    message.text(" statuses x (");
    message.number(factors.buckets);
    message.text(" buckets + 3)");
    if factors.token_types > 0 {
        message.text(", and ");
        message.number(factors.token_types);
        message.text(" token types");
    }
    message.text(") + ");
    message.number(factors.error_types);
    message.text(" error types + 1 + ");
    message.number(Factors::of_operations());
    message.text(" (operation duration)");
    if facts.labels.is_empty() {
        message.text("; use fewer buckets");
    } else {
        message.text("; leave out a label, use a type with fewer values,");
    }
    message.text(" or raise it with `budget = ");
    message.number(factors.series());
    message.text("`");
    panic!("{}", message.as_str());
}

/// A message put together by the compiler, which cannot format.
struct Message {
    bytes: [u8; Self::MAX],
    len: usize,
}

impl Message {
    const MAX: usize = 2_048;

    const fn new() -> Self {
        Self {
            bytes: [0; Self::MAX],
            len: 0,
        }
    }

    /// What has no room is left out; names of labels and tools are ASCII.
    const fn text(&mut self, text: &str) {
        let text = text.as_bytes();
        let mut index = 0;
        while index < text.len() && self.len < Self::MAX {
            self.bytes[self.len] = text[index];
            self.len += 1;
            index += 1;
        }
    }

    const fn number(&mut self, number: usize) {
        if number >= 10 {
            self.number(number / 10);
        }
        if self.len < Self::MAX {
            #[expect(clippy::cast_possible_truncation, reason = "a decimal digit")]
            let digit = (number % 10) as u8;
            self.bytes[self.len] = b'0' + digit;
            self.len += 1;
        }
    }

    const fn labels(&mut self, labels: &[Label]) {
        let mut index = 0;
        while index < labels.len() {
            if index > 0 {
                self.text(" x ");
            }
            self.text(labels[index].name);
            self.text(": ");
            self.number(labels[index].values.len());
            index += 1;
        }
    }

    const fn as_str(&self) -> &str {
        let (text, _) = self.bytes.split_at(self.len);
        match core::str::from_utf8(text) {
            Ok(text) => text,
            Err(_) => "over its budget of time series",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Factors, assert_budget};
    use crate::catalogue::Facts;
    use crate::label::{Label, LabelValue};

    const PLAIN: Facts = Facts::new("plain", "", "", "", "", 0);

    #[test]
    fn series_are_those_of_the_formula() {
        const LABELS: &[Label] = &[Label::new("cached", <bool as LabelValue>::VALUES)];
        // 1 x (1 + 3 x (6 + 3)) + 15 + 1 + 12 x 17
        assert_eq!(Factors::of(&PLAIN).series(), 28 + 15 + 1 + 204);
        let labelled = PLAIN.labels(LABELS).buckets(&[1.0]);
        assert_eq!(Factors::of(&labelled).series(), 3 * 13 + 15 + 1 + 204);
        let using_tokens = labelled.tokens();
        assert_eq!(
            Factors::of(&using_tokens).series(),
            3 * (13 + 5) + 15 + 1 + 204
        );
    }

    fn refusal(facts: Facts) -> String {
        let panic = std::panic::catch_unwind(|| assert_budget(&facts)).expect_err("over budget");
        *panic.downcast::<String>().expect("a text")
    }

    #[test]
    fn the_message_names_every_factor() {
        const LABELS: &[Label] = &[
            Label::new("cached", <bool as LabelValue>::VALUES),
            Label::new("fresh", <Option<bool> as LabelValue>::VALUES),
        ];
        assert_eq!(
            refusal(PLAIN.labels(LABELS).budget(100)),
            "tool `plain` can have 416 time series, over its budget of 100: 7 combinations of \
                 labels (cached: 2 x fresh: 3, and one where its function never ran) x 28 (its count, \
                 and 3 statuses x (6 buckets + 3)) + 15 error types + 1 + 204 (operation duration); \
                 leave out a label, use a type with fewer values, or raise it with `budget = 416`"
        );
        assert_eq!(
            refusal(PLAIN.tokens().budget(100)),
            "tool `plain` can have 253 time series, over its budget of 100: 1 (no labels) x 33 (its \
             count, 3 statuses x (6 buckets + 3), and 5 token types) + 15 error types + 1 + 204 \
             (operation duration); use fewer buckets or raise it with `budget = 253`"
        );
    }
}
