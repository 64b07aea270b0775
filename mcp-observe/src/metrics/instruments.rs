//! The instruments themselves.

use opentelemetry::metrics::Meter;

use super::bound::{CounterInstrument, HistogramInstrument, Route, UpDownInstrument};
use crate::metric::{self, Metric};

/// The instruments that all tools and operations share. The tools' duration histogram is not among
/// them: there is one for each set of buckets.
#[derive(Debug)]
pub(crate) struct Instruments {
    pub(super) server: SideInstruments,
    pub(super) client: SideInstruments,
    pub(super) calls: CounterInstrument,
    pub(super) errors: CounterInstrument,
    pub(super) active: UpDownInstrument,
    pub(super) tokens: CounterInstrument,
    pub(super) unknown: CounterInstrument,
    pub(super) rounds: CounterInstrument,
}

/// The conventions' histograms of one side.
#[derive(Debug)]
pub(super) struct SideInstruments {
    pub(super) operation_duration: HistogramInstrument,
    pub(super) session_duration: HistogramInstrument,
}

impl Instruments {
    pub(super) fn new(meter: &Meter, route: Route) -> Self {
        let counter = |metric| CounterInstrument::new(metric, meter, route);
        Self {
            server: SideInstruments::new(
                meter,
                &metric::SERVER_OPERATION_DURATION,
                &metric::SERVER_SESSION_DURATION,
                route,
            ),
            client: SideInstruments::new(
                meter,
                &metric::CLIENT_OPERATION_DURATION,
                &metric::CLIENT_SESSION_DURATION,
                route,
            ),
            calls: counter(&metric::TOOL_CALLS),
            errors: counter(&metric::TOOL_ERRORS),
            active: UpDownInstrument::new(&metric::TOOL_ACTIVE, meter, route),
            rounds: counter(&metric::ROUNDS),
            tokens: counter(&metric::TOOL_TOKENS),
            unknown: counter(&metric::UNKNOWN),
        }
    }
}

impl SideInstruments {
    fn new(
        meter: &Meter,
        operation_duration: &Metric,
        session_duration: &Metric,
        route: Route,
    ) -> Self {
        let histogram =
            |metric: &Metric| HistogramInstrument::new(metric, meter, metric.buckets(), route);
        Self {
            operation_duration: histogram(operation_duration),
            session_duration: histogram(session_duration),
        }
    }
}
