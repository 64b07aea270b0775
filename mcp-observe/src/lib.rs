//! OpenTelemetry traces and Prometheus metrics for MCP servers, from one attribute.
//!
//! * [`#[mcp_tool]`](mcp_tool) on a tool's function: its calls join the caller's trace, and are counted
//!   and timed, in an rmcp server and without rmcp.
//! * `rmcp::Observed` (feature `rmcp`) around an rmcp handler: every message that it handles is, calls of
//!   unknown tools and with bad arguments among them.
//! * `rmcp::ObservedClient` (feature `client`) around an rmcp client: what it sends carries the trace.
//! * [`Telemetry`]: where it goes.
//! * [`record_usage`] in a tool: the tokens that it used, by labels that costs can be told by.
//! * [`gen_ai`]: spans around agents and calls of models.
//! * Module `http` (feature `http`): the layer around an MCP service, which sees what is refused before
//!   the handler is asked, and `/metrics`.
//! * [`metric`]: every metric that there is, for what is made from them, such as dashboards and alerts.
//! * [`security`]: a line for each tool call and each refusal, for those who watch for attacks.
//! * Module `logs` (feature `logs`): log lines that say of which trace, span and tool they are.
//!
//! The repository's `docs/instrument.md` takes a server there step by step, and `docs/migrate.md` one that has
//! hand-written OpenTelemetry.
//!
//! Each message is one operation, opened once and closed exactly once with one outcome. Its span, its
//! durations and its counters are written from the same values. Label values come from closed sets.
//! Arguments, results and error texts are not recorded unless they are declared to be.
//!
//! What the source says, the compiler checks:
//! * [`LabelValue`]: a label's type knows its values, so that the time series of each tool are counted
//!   where it is compiled; [`tools`] lists them, [`assert_series_budget`] is for a test of yours.
//! * [`ErrorType`]: an error names its class.
//! * [`Record`]: a type says what of it may be recorded.
//!
//! # Example
//! ```
//! use mcp_observe::{Telemetry, mcp_tool};
//!
//! /// Adds two numbers.
//! #[mcp_tool]
//! async fn add(a: i64, b: i64) -> Result<i64, String> {
//!     a.checked_add(b).ok_or_else(|| "overflow".to_owned())
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let telemetry = Telemetry::builder().service_name("calculator").install()?;
//! assert_eq!(add(1, 2).await, Ok(3));
//! # #[cfg(feature = "prometheus")]
//! assert!(telemetry.prometheus_text().contains("mcp_tool_calls_total{tool_name=\"add\"} 1"));
//! # Ok(())
//! # }
//! ```
#![cfg_attr(docsrs, feature(doc_cfg))]
// Much of the core serves whatever wraps a handler, and rmcp's is the only wrapper so far.
#![cfg_attr(not(feature = "rmcp"), allow(dead_code, unreachable_pub))]

extern crate self as mcp_observe;

mod call;
mod carry;
mod catalogue;
mod closed;
mod context;
mod error_class;
mod error_type;
#[cfg(feature = "otlp")]
mod export;
mod installed;
mod label;
mod metrics;
mod operation;
mod record;
mod scrub;
mod semconv;
mod sent;
mod setup;
mod span;
mod telemetry;
mod thread;
mod usage;
mod work;

pub mod gen_ai;
#[cfg(feature = "http")]
pub mod http;
#[cfg(feature = "logs")]
pub mod logs;
pub mod metric;
pub mod otel;
#[cfg(feature = "prometheus")]
pub mod prometheus;
#[cfg(feature = "rmcp")]
pub mod rmcp;
pub mod security;

pub use carry::{Carried, carry};
pub use catalogue::series_budget::{OverBudget, SeriesBudgetError, assert_series_budget};
pub use catalogue::{Tool, tools};
pub use context::Trust;
pub use context::carrier::Carrier;
pub use error_type::{ErrorType, ErrorTypes};
pub use label::{Label, LabelValue, LabelValues};
pub use mcp_observe_macros::{ErrorType, LabelValue, Record, mcp_tool};
pub use record::{ArrayRecorder, HashKey, ObjectRecorder, Record, Recorder};
pub use scrub::{Mask, ScrubError, Scrubber};
pub use setup::providers::ShutdownError;
pub use setup::{SetupError, TelemetryBuilder};
pub use telemetry::Telemetry;
pub use usage::{Usage, record_usage};

/// What expansions of this crate's macros name.
///
/// **Not a stable interface.** Anything here may change in any release.
#[doc(hidden)]
pub mod __private {
    pub use core::fmt::Display;
    pub use core::marker::Sized;
    pub use core::option::Option;
    pub use core::primitive::{str, usize};
    pub use core::result::Result;
    pub use core::{file, line, module_path};

    pub use linkme;
    pub use serde_core::Serialize;

    pub use crate::call::classify::Probe;
    pub use crate::call::placement::{AboveTool, NotATool, assert_above_tool};
    pub use crate::call::source::{NoCarrier, meta};
    pub use crate::call::{Call, open};
    pub use crate::catalogue::budget::assert_budget;
    pub use crate::catalogue::{CALLSITES, Callsite, Facts};
    pub use crate::error_type::{ErrorType, ErrorTypes};
    pub use crate::label::{
        Combination, Label, LabelValue, LabelValues, ValueSet, text, typed, values, values_of,
    };
    pub use crate::record::{
        Record, Recorder, Redacted, keep_last as keep_last_of, recorded, recorded_arguments, whole,
    };
    pub use crate::security::Tags;
    pub use crate::{
        __mcp_observe_carrier as carrier, __mcp_observe_classify as classify,
        __mcp_observe_digit as digit, __mcp_observe_error_type as error_type,
        __mcp_observe_error_types as error_types, __mcp_observe_record_failure as record_failure,
        __mcp_observe_split as split,
    };
    pub use crate::{
        __mcp_observe_hashed as hashed, __mcp_observe_keep_last as keep_last,
        __mcp_observe_record_fields as record_fields, __mcp_observe_redacted as redacted,
    };

    /// The traits by which `classify!` chooses.
    pub mod classification {
        pub use crate::call::classify::{
            AnyError, AnyValue, FailureOfNone, FailureOfResult, KnownValue, OfDynError,
            OfErrorType, OfProtocolError, OfStdError, SplitOther, SplitResult,
        };
    }

    /// What is known of a tool's errors.
    pub mod errors {
        pub use crate::error_type::{OfErrorType, OfOther, Returned, WithoutTypes};
    }

    /// The traits by which `digit!` chooses.
    pub mod labels {
        pub use crate::label::combination::{OfLabelValue, OfOther};
    }

    /// The traits by which `redacted!`, `hashed!`, `keep_last!` and `record_fields!` choose.
    pub mod recording {
        pub use crate::record::{
            InOption, InPlace, JsonBytes, RecordsFields, RecordsNothing, TextBytes,
        };
    }

    /// The traits by which `carrier!` chooses.
    pub mod source {
        pub use crate::call::source::{CarriesNothing, CarriesSource};
    }
}

/// The README's code, compiled.
#[cfg(all(doctest, feature = "prometheus"))]
#[doc = include_str!("../README.md")]
struct Readme;
