//! Whose call it is: what is used inside of it is counted for its tool, with its labels.

use std::sync::Arc;

use super::handling::Handling;
use crate::catalogue::Callsite;
use crate::label::Combination;
use crate::telemetry::Telemetry;
use crate::usage::Tokens;

/// The call that the thread's work is part of, however deep.
#[derive(Debug, Clone)]
pub(crate) enum Account {
    /// None: an agent's own work.
    Nobody,
    /// The message whose operation a wrapper opened.
    Handled(Arc<Handling>),
    /// A call that the macro opened itself.
    Own {
        tool: &'static Callsite,
        labels: Combination,
    },
}

impl Account {
    /// That of a call whose labels are not known yet.
    pub(crate) fn own(tool: &'static Callsite) -> Self {
        Self::Own {
            tool,
            labels: Combination::UNKNOWN,
        }
    }

    /// Whether it is that of this very tool, which wants to know with which labels its tokens are
    /// counted.
    pub(crate) fn wants_labels_of(&self, tool: Option<&'static Callsite>) -> bool {
        let (Self::Own { tool: own, labels }, Some(tool)) = (self, tool) else {
            return false;
        };
        tool.tokens && std::ptr::eq(*own, tool) && *labels == Combination::UNKNOWN
    }

    /// Counts tokens.
    pub(crate) fn charge(&self, telemetry: &Telemetry, tokens: &Tokens) {
        match self {
            Self::Nobody => {}
            Self::Handled(handling) => handling.charge(tokens),
            Self::Own { tool, labels } => {
                if let Some(metrics) = telemetry.metrics() {
                    metrics.tool(tool).used(tokens, Some(*labels));
                    tool.warn_of_undeclared_tokens();
                }
            }
        }
    }
}
