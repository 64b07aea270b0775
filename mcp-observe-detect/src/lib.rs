//! Detection of attacks in the security log of MCP servers.
//!
//! * [`Event`]: one line of the log that `mcp-observe` writes, read.
//! * [`Detector`]: events in, alerts out, in event time and in bounded memory.
//! * [`Rule`]: the catalogue of the rules, with what each cannot see.
//! * [`Config`]: every threshold, from a commented TOML file ([`DEFAULT_CONFIG`]).
//! * [`Alert`]: what is raised, as a JSON line.
//! * [`Stats`]: what a detector has seen.
//! * [`LiveDetector`]: detection in the process that writes the log.
//! * [`metric`]: the metrics that alerts are counted on.
//! * [`Lines`]: a log cut into lines.
//!
//! The command of the same name replays and follows logs (feature `cli`, on by default).
#![cfg_attr(docsrs, feature(doc_cfg))]

mod alert;
mod baseline;
mod config;
mod detector;
mod event;
mod identity;
mod lines;
mod live;
mod night;
mod occurrence;
mod raise;
mod rule;
mod rules;
mod state;
mod stats;
mod timeline;
mod timestamp;
mod trace_id;

pub mod metric;

pub use alert::{Alert, AlertKey, Evidence};
pub use config::{
    AuthFailureThenCall, Config, ConfigError, DEFAULT_CONFIG, Decimal, Distinct, Enumeration,
    FirstSensitiveUse, IdentityRotation, Network, NightVolume, Number, OutOfRange, Period,
    ReadThenSend, Threshold, TimeOfDay, ToolErrorBurst, ToolRateAnomaly, Window, Zone,
};
pub use detector::Detector;
pub use event::{Category, Event, EventError, LONGEST_LINE, Status, Tags};
pub use lines::Lines;
pub use live::{AlertCounts, LiveDetector, LiveDetectorBuilder};
pub use rule::{Rule, Severity};
pub use stats::Stats;
pub use timestamp::{Timestamp, TimestampError};
pub use trace_id::TraceId;

/// The README's code, compiled.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
