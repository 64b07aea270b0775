//! What most panels ask: series of the chosen server and its chosen tools.

use mcp_observe::metric::{
    Metric, SERVER_OPERATION_DURATION, TOOL_CALLS, TOOL_DURATION, TOOL_ERRORS, label,
};

use super::variables;
use crate::catalogue::{Catalogue, JOB};
use crate::promql::{KnownLabel, Query, Series};

/// The window of a rate: at least four scrapes, and as long as the panel's step.
pub(super) const RATE: &str = "$__rate_interval";
/// The dashboard's whole time range.
pub(super) const RANGE: &str = "$__range";

pub(super) const TOOL: &str = label::TOOL_NAME.name;
pub(super) const OPERATION_TOOL: &str = label::GEN_AI_TOOL_NAME.name;

/// Makes series of one server.
#[derive(Debug, Clone, Copy)]
pub(super) struct Queries<'a> {
    pub(super) catalogue: &'a Catalogue,
}

impl<'a> Queries<'a> {
    pub(super) fn new(catalogue: &'a Catalogue) -> Self {
        Self { catalogue }
    }

    /// A counter's or gauge's series of the server.
    pub(super) fn server(self, metric: &Metric) -> Series {
        of_server(self.catalogue.series(metric))
    }

    /// A counter's or gauge's series of the tools.
    pub(super) fn tools(self, metric: &Metric) -> Series {
        of_tools(self.catalogue.series(metric))
    }

    /// How many messages there were, by a label of operation durations.
    pub(super) fn count(self, metric: &Metric) -> Series {
        of_server(self.catalogue.count(metric))
    }

    /// A histogram's buckets of the server.
    pub(super) fn buckets(self, metric: &Metric) -> Series {
        of_server(self.catalogue.buckets(metric))
    }

    /// The tools' calls that ended.
    pub(super) fn ended(self) -> Series {
        of_tools(self.catalogue.count(&TOOL_DURATION))
    }

    /// The durations of the tools' calls. Sum them by tool, or over tools with the same buckets.
    pub(super) fn durations(self) -> Series {
        of_tools(self.catalogue.buckets(&TOOL_DURATION))
    }

    /// The durations of the tools' calls in the conventions' buckets, which are the same for all tools.
    /// What asks for a tool that is not there is none: refusing it takes no time.
    pub(super) fn uniform_durations(self) -> Series {
        let buckets = of_server(self.catalogue.buckets(&SERVER_OPERATION_DURATION));
        buckets
            .chosen_by(OPERATION_TOOL, variables::TOOL_NAME)
            .is_not(OPERATION_TOOL, "_OTHER")
    }

    /// How many of the calls that were not cancelled ended in an error.
    pub(super) fn error_ratio(self, by: &[&'static str], window: &str) -> Query {
        let errors = self.tools(&TOOL_ERRORS).rate(window).sum_by(by);
        let ended = self.ended().is_not(label::STATUS.name, "cancelled");
        errors.divided_by(&ended.rate(window).sum_by(by))
    }

    /// How many calls began.
    pub(super) fn calls(self) -> Series {
        self.tools(&TOOL_CALLS)
    }

    /// Series that Prometheus makes itself, of this server.
    pub(super) fn made_by_prometheus(name: &str, labels: &[&'static str]) -> Series {
        let labels = [JOB]
            .iter()
            .chain(labels)
            .map(|name| KnownLabel::open(name));
        of_server(Series::new(name.to_owned(), labels.collect()))
    }
}

/// How much a counter grew in the window, if its series is not there before the first event: the first
/// one counts as well, which `increase` does not see.
pub(super) fn growth(series: &Series) -> Query {
    let before = series.clone().offset(RATE).now();
    let first = series.now().unless(&before);
    first.or(&series.increase(RATE))
}

/// The series of the server.
pub(super) fn of_server(series: Series) -> Series {
    series.is_chosen(JOB, variables::JOB)
}

fn of_tools(series: Series) -> Series {
    of_server(series).chosen_by(TOOL, variables::TOOL_NAME)
}
