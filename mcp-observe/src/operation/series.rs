//! The convention's operation duration: which series an operation is recorded on.

use std::sync::Arc;

use opentelemetry::KeyValue;

use super::attributes::shared_attributes;
use super::outcome::Outcome;
use super::target::Target;
use super::{Operation, Subject};
use crate::closed::{Method, ProtocolVersion, Transport};
use crate::error_class::ErrorClass;
use crate::metrics::{Metrics, SeriesKey, SeriesTable, ToolInstruments};
use crate::semconv::{self, attribute};
use crate::sent::endpoint::Endpoint;
use crate::telemetry::Telemetry;

impl<S: Subject> Operation<S> {
    /// Records the convention's operation duration: exactly, or, where a tool has as many series as
    /// it may, without protocol version and transport, and with `_OTHER` for any error.
    #[expect(clippy::inline_always, reason = "it has one caller")]
    #[inline(always)]
    pub(super) fn record_duration(
        &self,
        metrics: &Metrics,
        tool: Option<&ToolInstruments>,
        (outcome, class): (Outcome, Option<ErrorClass>),
        seconds: f64,
    ) {
        if self.subject.was_refused() {
            return self.record_refusal(metrics, outcome, seconds);
        }
        let class = class.map(|class| SeriesClass::of(class, tool));
        let key = SeriesKey(self.key | outcome_key(class, outcome));
        let operations = &metrics.durations(self.subject.side()).operations;
        if !operations.record_known(key, seconds) {
            self.record_new(operations, tool, (key, class, outcome), seconds);
        }
    }

    #[cold]
    fn record_new(
        &self,
        operations: &SeriesTable,
        tool: Option<&ToolInstruments>,
        (key, class, outcome): (SeriesKey, Option<SeriesClass>, Outcome),
        seconds: f64,
    ) {
        let share = tool.map(|tool| &tool.operations);
        if !operations.record(key, share, seconds, || self.series(class, outcome)) {
            let class = class.map(|_| SeriesClass::OTHER);
            let key = SeriesKey(self.rest_key(class));
            operations.record(key, None, seconds, || self.rest_series(class));
        }
    }

    fn rest_key(&self, class: Option<SeriesClass>) -> u64 {
        let (method, target) = (self.subject.method(), self.subject.target());
        start_key(method, &target, None, Transport::Unknown) | KEY_OF_REST | class_key(class)
    }

    /// The convention's attributes of the operation duration.
    fn series(&self, class: Option<SeriesClass>, outcome: Outcome) -> Vec<KeyValue> {
        let mut attributes = Vec::with_capacity(10);
        shared_attributes(
            self.subject.method(),
            self.protocol_version,
            self.transport,
            &mut attributes,
        );
        if let (Some(server), true) = (self.subject.server(), self.key & KEY_OF_ENDPOINT != 0) {
            server.attributes(&mut attributes);
        }
        self.target_attribute(&mut attributes);
        if let Some(class) = class {
            attributes.push(KeyValue::new(attribute::ERROR_TYPE, class.name));
        }
        if let Some(code) = outcome.rpc_code() {
            let label = code.as_label();
            attributes.push(KeyValue::new(attribute::RPC_RESPONSE_STATUS_CODE, label));
        }
        attributes
    }

    /// Those of what is beyond a tool's share.
    fn rest_series(&self, class: Option<SeriesClass>) -> Vec<KeyValue> {
        let mut attributes = Vec::with_capacity(5);
        shared_attributes(
            self.subject.method(),
            None,
            Transport::Unknown,
            &mut attributes,
        );
        attributes.push(KeyValue::new(
            attribute::MCP_PROTOCOL_VERSION,
            semconv::OTHER,
        ));
        self.target_attribute(&mut attributes);
        if let Some(class) = class {
            attributes.push(KeyValue::new(attribute::ERROR_TYPE, class.name));
        }
        attributes
    }

    fn target_attribute(&self, attributes: &mut Vec<KeyValue>) {
        match &*self.subject.target() {
            Target::None => {}
            Target::Tool(tool) => {
                attributes.push(KeyValue::new(attribute::GEN_AI_TOOL_NAME, tool.label()));
            }
            Target::Prompt(prompt) => {
                attributes.push(KeyValue::new(attribute::GEN_AI_PROMPT_NAME, prompt.name()));
            }
        }
    }
}

/// A class as a series has it: one of those that the tool has counters for.
#[derive(Debug, Clone, Copy)]
struct SeriesClass {
    name: &'static str,
    index: usize,
}

impl SeriesClass {
    const OTHER: Self = Self {
        name: semconv::OTHER,
        index: 0,
    };

    fn of(class: ErrorClass, tool: Option<&ToolInstruments>) -> Self {
        let index = match tool {
            Some(tool) => tool.class_index(class),
            None => class.index().map_or(0, usize::from),
        };
        match index {
            0 => Self::OTHER,
            index => Self {
                name: class.as_str(),
                index,
            },
        }
    }
}

/// Packs what of a series' values is known when an operation starts. Bits 8 to 23 are the outcome's.
#[expect(
    clippy::inline_always,
    reason = "most of it is known of a call that the macro opens"
)]
#[inline(always)]
pub(super) fn start_key(
    method: Method,
    target: &Target,
    version: Option<ProtocolVersion>,
    transport: Transport,
) -> u64 {
    let (kind, target) = match target {
        Target::None => (0, 0),
        Target::Tool(tool) => (1, tool.index()),
        Target::Prompt(prompt) => (2, prompt.index()),
    };
    let version = version.map_or(0, |version| u64::from(version.index()) + 1);
    u64::from(method.index()) << 42
        | kind << 40
        | u64::from(target) << 24
        | version << 4
        | u64::from(transport.index())
}

/// The bits of a key that tell endpoints apart.
const KEY_OF_ENDPOINT: u64 = 0xFF << 50;

/// Packs where the message was sent to.
pub(super) fn endpoint_key(telemetry: &Telemetry, server: Option<&Arc<Endpoint>>) -> u64 {
    server.map_or(0, |server| {
        u64::from(telemetry.inner().endpoints.index(server)) << 50
    })
}

/// Marks the series of what is beyond a tool's share.
pub(super) const KEY_OF_REST: u64 = 1 << 63;

/// Packs the values that the outcome adds; success adds none.
fn outcome_key(class: Option<SeriesClass>, outcome: Outcome) -> u64 {
    let code = outcome.rpc_code().map(ErrorClass::of_code);
    let code = code.and_then(ErrorClass::index);
    class_key(class) | code.map_or(0, |code| u64::from(code) + 1) << 8
}

fn class_key(class: Option<SeriesClass>) -> u64 {
    class.map_or(0, |class| class.index as u64 + 1) << 16
}
