//! The tokens that were used inside of something that is open, until it is closed.

use std::sync::atomic::{AtomicU64, Ordering};

use opentelemetry::KeyValue;

use super::token_type::{TokenType, Tokens};
use crate::semconv::attribute;

/// Sums by [`TokenType`]. Shared with the tasks that work is carried into.
#[derive(Debug, Default)]
pub(crate) struct Tally([AtomicU64; TokenType::ALL.len()]);

impl Tally {
    pub(crate) fn add(&self, tokens: &Tokens) {
        for (sum, more) in self.0.iter().zip(tokens.0) {
            let added = |sum: u64| Some(sum.saturating_add(more));
            let _ = sum.fetch_update(Ordering::Relaxed, Ordering::Relaxed, added);
        }
    }

    /// The conventions' attributes of the sums; none where nothing was used.
    pub(crate) fn attributes(&self) -> Vec<KeyValue> {
        let sums = Tokens(
            self.0
                .each_ref()
                .map(|sum: &AtomicU64| sum.load(Ordering::Relaxed)),
        );
        let (input, output) = (sums.all_input(), sums.all_output());
        let mut attributes = Vec::new();
        if (input, output) == (0, 0) {
            return attributes;
        }
        attributes.push(attribute(attribute::GEN_AI_USAGE_INPUT_TOKENS, input));
        attributes.push(attribute(attribute::GEN_AI_USAGE_OUTPUT_TOKENS, output));
        for (key, kind) in [
            (
                attribute::GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS,
                TokenType::InputCacheRead,
            ),
            (
                attribute::GEN_AI_USAGE_CACHE_CREATION_INPUT_TOKENS,
                TokenType::InputCacheCreation,
            ),
            (
                attribute::GEN_AI_USAGE_REASONING_OUTPUT_TOKENS,
                TokenType::OutputReasoning,
            ),
        ] {
            if sums.get(kind) > 0 {
                attributes.push(attribute(key, sums.get(kind)));
            }
        }
        attributes
    }
}

fn attribute(key: &'static str, tokens: u64) -> KeyValue {
    KeyValue::new(key, i64::try_from(tokens).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::Tally;
    use crate::usage::Usage;

    fn attributes(tally: &Tally) -> Vec<String> {
        let text = |it: &opentelemetry::KeyValue| format!("{}={}", it.key, it.value);
        tally.attributes().iter().map(text).collect()
    }

    #[test]
    fn nothing_used_is_nothing_said() {
        let tally = Tally::default();
        tally.add(&Usage::new(0, 0).by_type());
        assert!(attributes(&tally).is_empty());
    }

    #[test]
    fn sums_do_not_overflow() {
        let tally = Tally::default();
        for _ in 0..2 {
            tally.add(&Usage::new(u64::MAX, 1).cache_read(1).by_type());
        }
        assert_eq!(
            attributes(&tally),
            [
                format!("gen_ai.usage.input_tokens={}", i64::MAX),
                "gen_ai.usage.output_tokens=2".to_owned(),
                "gen_ai.usage.cache_read.input_tokens=2".to_owned(),
            ]
        );
    }
}
