//! The instruments themselves.

use opentelemetry::metrics::{Counter, Histogram, Meter, UpDownCounter};

use crate::metric::{self, Metric};

/// The instruments that all tools and operations share. The tools' duration histogram is not among
/// them: there is one for each set of buckets.
#[derive(Debug)]
pub(crate) struct Instruments {
    pub(super) server: SideInstruments,
    pub(super) client: SideInstruments,
    pub(super) calls: Counter<u64>,
    pub(super) errors: Counter<u64>,
    pub(super) active: UpDownCounter<i64>,
    pub(super) tokens: Counter<u64>,
    pub(super) unknown: Counter<u64>,
    pub(super) rounds: Counter<u64>,
}

/// The conventions' histograms of one side.
#[derive(Debug)]
pub(super) struct SideInstruments {
    pub(super) operation_duration: Histogram<f64>,
    pub(super) session_duration: Histogram<f64>,
}

impl Instruments {
    pub(super) fn new(meter: &Meter) -> Self {
        Self {
            server: SideInstruments::new(
                meter,
                &metric::SERVER_OPERATION_DURATION,
                &metric::SERVER_SESSION_DURATION,
            ),
            client: SideInstruments::new(
                meter,
                &metric::CLIENT_OPERATION_DURATION,
                &metric::CLIENT_SESSION_DURATION,
            ),
            calls: metric::TOOL_CALLS.counter(meter),
            errors: metric::TOOL_ERRORS.counter(meter),
            active: metric::TOOL_ACTIVE.up_down_counter(meter),
            rounds: metric::ROUNDS.counter(meter),
            tokens: metric::TOOL_TOKENS.counter(meter),
            unknown: metric::UNKNOWN.counter(meter),
        }
    }
}

impl SideInstruments {
    fn new(meter: &Meter, operation_duration: &Metric, session_duration: &Metric) -> Self {
        let histogram = |metric: &Metric| metric.histogram(meter, metric.buckets());
        Self {
            operation_duration: histogram(operation_duration),
            session_duration: histogram(session_duration),
        }
    }
}
