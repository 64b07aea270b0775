//! The `mcp.tool.*` instruments of one tool.

use opentelemetry::{KeyValue, Value};

use super::bound::{HistogramInstrument, UpDownHandle};
use super::errors::Errors;
use super::instruments::Instruments;
use super::labelled::{Binder, Labelled, ToolLabels};
use super::series::Share;
use super::tokens::TokenCounters;
use crate::catalogue::Callsite;
use crate::catalogue::budget::EXACT_OPERATION_SERIES;
use crate::error_class::ErrorClass;
use crate::error_type::ErrorTypes;
use crate::label::{Combination, Label};
use crate::metric::label;
use crate::operation::outcome::Outcome;
use crate::usage::Tokens;

/// Handles for every series of one tool, all made when the tool becomes known: a series that first
/// appears with its first event is invisible to `rate()`.
#[derive(Debug)]
pub(crate) struct ToolInstruments {
    active: UpDownHandle,
    labelled: Labelled,
    errors: Errors,
    tokens: TokenCounters,
    /// Whether a call is counted only when it is known which function carries it out, and with which labels.
    is_counted_late: bool,
    /// Of the operation duration's series.
    pub(crate) operations: Share,
}

/// What a tool is recorded with.
pub(super) struct Recorded {
    pub(super) tool_name: Value,
    pub(super) labels: &'static [Label],
    pub(super) error_types: ErrorTypes,
    /// Whether the tool declares that it uses tokens.
    pub(super) tokens: bool,
    /// Whether the name alone does not tell which tool of the binary it is.
    pub(super) has_namesakes: bool,
}

impl Recorded {
    /// A tool of which no more is known than its name.
    pub(super) fn named(tool_name: Value) -> Self {
        Self {
            tool_name,
            labels: &[],
            error_types: ErrorTypes::NONE,
            tokens: false,
            has_namesakes: false,
        }
    }

    pub(super) fn declared(callsite: &Callsite) -> Self {
        Self {
            tool_name: callsite.name.into(),
            labels: callsite.labels,
            error_types: callsite.error_types,
            tokens: callsite.tokens,
            has_namesakes: callsite.has_namesakes(),
        }
    }
}

impl ToolInstruments {
    pub(super) fn new(
        instruments: &Instruments,
        duration: &HistogramInstrument,
        recorded: Recorded,
    ) -> Self {
        let tool_name = KeyValue::new(label::TOOL_NAME.attribute, recorded.tool_name);
        let name_alone = std::slice::from_ref(&tool_name);
        let labels = ToolLabels {
            tool_name: tool_name.clone(),
            declared: recorded.labels,
        };
        Self {
            is_counted_late: recorded.has_namesakes || !recorded.labels.is_empty(),
            active: instruments.active.bind(name_alone),
            errors: Errors::new(&instruments.errors, &tool_name, recorded.error_types),
            tokens: TokenCounters::new(&instruments.tokens, labels.clone(), recorded.tokens),
            labelled: Labelled::new(Binder {
                calls: instruments.calls.clone(),
                duration: duration.clone(),
                labels,
            }),
            operations: Share::new(EXACT_OPERATION_SERIES),
        }
    }

    /// Whether the tool has labels.
    pub(crate) fn has_labels(&self) -> bool {
        self.labelled.has_labels()
    }

    /// Whether a call of the tool is counted not when it starts, but when its labels are known, or else when
    /// it ends: that of one with labels, and of one whose name others of the binary have too.
    #[inline]
    pub(crate) fn is_counted_late(&self) -> bool {
        self.is_counted_late
    }

    /// A call started.
    #[inline]
    pub(crate) fn started(&self) {
        self.active.add(1);
    }

    /// A call that started is counted.
    #[inline]
    pub(crate) fn called(&self, labels: Option<Combination>) {
        self.labelled.of(labels).calls.add(1);
    }

    /// A call used tokens.
    pub(crate) fn used(&self, tokens: &Tokens, labels: Option<Combination>) {
        self.tokens.add(tokens, labels);
    }

    /// The index of a class among all that the tool has.
    pub(crate) fn class_index(&self, class: ErrorClass) -> usize {
        self.errors.index(class)
    }

    /// A call that started ended like this, after `seconds`.
    #[expect(clippy::inline_always, reason = "it has one caller")]
    #[inline(always)]
    pub(crate) fn finished(&self, outcome: Outcome, labels: Option<Combination>, seconds: f64) {
        self.active.add(-1);
        self.labelled.of(labels).duration[outcome.status() as usize].record(seconds);
        if let Some(class) = outcome.counted_error() {
            self.errors.add(self.errors.index(class));
        }
    }
}
