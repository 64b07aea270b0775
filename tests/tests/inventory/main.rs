//! The metrics' definitions are what is emitted, all of it and nothing else: as it is scraped, as it is
//! pushed, and as the README has it.

mod alerts;
mod domain;
mod emitting;
mod pushed;
mod readme;
mod scraped;

use mcp_observe::metric::{ALL, Metric};

/// The metric of that name, as Prometheus has it.
#[track_caller]
fn defined(prometheus_name: &str) -> &'static Metric {
    let metric = ALL.iter().find(|it| it.prometheus_name == prometheus_name);
    metric.unwrap_or_else(|| panic!("{prometheus_name} is not defined"))
}
