//! The `mcp.tool.*` instruments of one tool.

use opentelemetry::KeyValue;
use opentelemetry::metrics::Histogram;

use super::bound::{CounterHandle, HistogramHandle, UpDownHandle};
use super::instruments::Instruments;
use crate::closed::ErrorClass;
use crate::outcome::{Outcome, Status};
use crate::semconv::metric::label;

/// Handles for every series of one tool, all made when the tool becomes known: a series that first
/// appears with its first event is invisible to `rate()`.
#[derive(Debug)]
pub(crate) struct ToolInstruments {
    calls: CounterHandle,
    active: UpDownHandle,
    duration: [HistogramHandle; Status::ALL.len()],
    /// By [`ErrorClass::index`]; none for cancellation, which is no error here.
    errors: [Option<CounterHandle>; ErrorClass::COUNT],
}

impl ToolInstruments {
    /// Series that a tool has on `mcp.tool.errors`, the instrument where it has the most.
    pub(crate) const ERROR_SERIES: usize = ErrorClass::COUNT - 1;
    /// Series that a tool has on `mcp.tool.invocation.duration`.
    pub(crate) const DURATION_SERIES: usize = Status::ALL.len();

    pub(super) fn new(
        instruments: &Instruments,
        duration: &Histogram<f64>,
        tool_name: opentelemetry::Value,
        binds: bool,
    ) -> Self {
        let name = KeyValue::new(label::TOOL_NAME, tool_name);
        let mut errors = [const { None }; ErrorClass::COUNT];
        for class in ErrorClass::all_counted() {
            errors[usize::from(class.index())] = Some(CounterHandle::new(
                &instruments.errors,
                &[
                    name.clone(),
                    KeyValue::new(label::ERROR_TYPE, class.as_str()),
                ],
                binds,
            ));
        }
        Self {
            calls: CounterHandle::new(&instruments.calls, std::slice::from_ref(&name), binds),
            active: UpDownHandle::new(&instruments.active, std::slice::from_ref(&name), binds),
            duration: Status::ALL.map(|status| {
                let attributes = [name.clone(), KeyValue::new(label::STATUS, status.as_str())];
                HistogramHandle::new(duration, &attributes, binds)
            }),
            errors,
        }
    }

    pub(crate) fn started(&self) {
        self.calls.add(1);
        self.active.add(1);
    }

    pub(crate) fn finished(&self, outcome: Outcome, seconds: f64) {
        self.active.add(-1);
        self.duration[outcome.status() as usize].record(seconds);
        if let Some(class) = outcome.counted_error()
            && let Some(errors) = &self.errors[usize::from(class.index())]
        {
            errors.add(1);
        }
    }
}
