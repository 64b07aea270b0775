//! Series and the limits on them: an instrument whose series are at the SDK's cardinality limit puts
//! all further ones into a single overflow series, for ever.

use std::collections::HashMap;

use super::{Facts, callsites};
use crate::error_class::ErrorClass;
use crate::label::combination;
use crate::metric;
use crate::operation::outcome::Status;
use crate::setup::SetupError;
use crate::usage::TokenType;

/// Attribute sets that the SDK keeps for an instrument that no view says otherwise of.
pub(crate) const SDK_DEFAULT: usize = 2_000;

/// Tools without `#[mcp_tool]` that an instance tells apart by name; further ones share `_OTHER`.
pub(crate) const MAX_SERVED_TOOLS: usize = 128;

/// Series on an instrument, over all attributed tools, and room for those without the attribute.
struct Need {
    instrument: &'static str,
    attributed: usize,
    /// Of attributed tools, beyond those that they declare.
    undeclared: usize,
    each_other: usize,
}

impl Need {
    fn on_calls() -> Self {
        Self {
            instrument: metric::TOOL_CALLS.name,
            attributed: sum(|facts| combination::count(facts.labels)),
            undeclared: 0,
            each_other: 1,
        }
    }

    fn on_errors() -> Self {
        let common = ErrorClass::COUNTED.len();
        Self {
            instrument: metric::TOOL_ERRORS.name,
            attributed: sum(|facts| common + facts.error_types.count()),
            undeclared: 0,
            each_other: common,
        }
    }

    /// A tool that uses tokens without declaring it has as many.
    fn on_tokens() -> Self {
        let of_tools = |declared| {
            sum(|facts| {
                if facts.tokens == declared {
                    combination::count(facts.labels).saturating_mul(TokenType::ALL.len())
                } else {
                    0
                }
            })
        };
        Self {
            instrument: metric::TOOL_TOKENS.name,
            attributed: of_tools(true),
            undeclared: of_tools(false),
            each_other: TokenType::ALL.len(),
        }
    }

    /// On the one of the duration's instruments (there is one for each set of buckets) that has most.
    fn on_duration() -> Self {
        let mut of_buckets = HashMap::<Option<Vec<u64>>, usize>::new();
        for facts in callsites() {
            let key = facts
                .buckets
                .map(|buckets| buckets.iter().map(|it| it.to_bits()).collect());
            *of_buckets.entry(key).or_default() +=
                Status::ALL.len() * combination::count(facts.labels);
        }
        Self {
            instrument: metric::TOOL_DURATION.name,
            attributed: of_buckets.into_values().max().unwrap_or_default(),
            undeclared: 0,
            each_other: Status::ALL.len(),
        }
    }

    fn on_counters() -> [Self; 3] {
        [Self::on_calls(), Self::on_errors(), Self::on_tokens()]
    }

    /// The limit that the instrument gets in a provider of ours, one of its own if it needs that.
    fn limit(&self) -> usize {
        // One more, as a set that is at the limit goes to overflow.
        let others = MAX_SERVED_TOOLS * self.each_other + 1;
        let attributed = self.attributed.saturating_add(self.undeclared);
        SDK_DEFAULT.max(attributed.saturating_add(others))
    }
}

fn sum(series: impl Fn(&Facts) -> usize) -> usize {
    callsites()
        .iter()
        .map(|callsite| series(callsite))
        .fold(0, usize::saturating_add)
}

/// The limits of the instruments in a provider of ours, by name. Counters alone: a view takes a
/// histogram's own boundaries away.
pub(crate) fn of_counters() -> [(&'static str, usize); 3] {
    Need::on_counters().map(|need| (need.instrument, need.limit()))
}

/// Checks that the attributed tools of this binary fit, where the counters have the limits of
/// [`of_counters`] or, in a provider that is not ours, the SDK's.
pub(crate) fn check(is_ours: bool) -> Result<(), SetupError> {
    let needs = Need::on_counters()
        .into_iter()
        .filter(|_| !is_ours)
        .chain([Need::on_duration()]);
    for need in needs {
        if need.attributed > SDK_DEFAULT {
            return Err(SetupError::TooManySeries {
                tools: callsites().len(),
                instrument: need.instrument,
                series: need.attributed,
                limit: SDK_DEFAULT,
            });
        }
    }
    Ok(())
}
