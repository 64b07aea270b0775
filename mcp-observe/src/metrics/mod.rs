//! Metrics: what is recorded when an operation starts and ends.

mod bound;
mod errors;
mod instruments;
mod labelled;
mod numbers;
mod series;
mod tokens;
mod tool;

use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, OnceLock, PoisonError};

use opentelemetry::metrics::{Meter, MeterProvider};
use opentelemetry::{InstrumentationScope, KeyValue, Value};

use crate::catalogue::{Callsite, numbered};
use crate::metric::{self, label};
use crate::operation::side::Side;
use crate::semconv::{OTHER, SCHEMA_URL, TOOL_BUCKETS, attribute};
pub(crate) use bound::Route;
use bound::{CounterHandle, HistogramInstrument};
use instruments::{Instruments, SideInstruments};
pub(crate) use series::{SeriesKey, SeriesTable, Share};
use tool::Recorded;
pub(crate) use tool::ToolInstruments;

/// Series of the operation duration that refused messages can have, beside the few that further ones
/// share.
const MAX_REFUSALS: usize = 128;

/// The conventions' histograms of one side.
#[derive(Debug)]
pub(crate) struct Durations {
    pub(crate) operations: SeriesTable,
    pub(crate) sessions: SeriesTable,
}

/// What a message named that the server does not have.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Unknown {
    Tool,
    Method,
}

impl Unknown {
    pub(crate) const ALL: [Self; 2] = [Self::Tool, Self::Method];

    /// The label `kind`.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Tool => "tool",
            Self::Method => "method",
        }
    }
}

/// What became of a round of a call.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Round {
    /// It asked the client for input.
    InputRequired,
    /// The client came back for it.
    Resumed,
}

impl Round {
    pub(crate) const ALL: [Self; 2] = [Self::InputRequired, Self::Resumed];

    /// The label `state`.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::InputRequired => "input_required",
            Self::Resumed => "resumed",
        }
    }
}

/// All instruments of one `Telemetry` instance, with the handles of all attributed tools.
pub(crate) struct Metrics {
    provider: Box<dyn MeterProvider + Send + Sync>,
    route: Route,
    instruments: Instruments,
    /// By bucket boundaries, so that tools with the same ones share an instrument.
    durations: Mutex<HashMap<Vec<u64>, HistogramInstrument>>,
    /// By [`Callsite::place`], from 1.
    tools: Box<[ToolInstruments]>,
    /// Of the tools that have no place of their own.
    other: OnceLock<ToolInstruments>,
    server: Durations,
    client: Durations,
    /// What refused messages may have of the series. Whoever sends them need not even be authenticated.
    pub(crate) refusals: Share,
    unknown_tools: CounterHandle,
    unknown_methods: CounterHandle,
    rounds_asked: CounterHandle,
    rounds_resumed: CounterHandle,
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Metrics")
            .field("tools", &self.tools.len())
            .field("route", &self.route)
            .finish_non_exhaustive()
    }
}

impl Durations {
    fn new(instruments: &SideInstruments) -> Self {
        Self {
            operations: SeriesTable::new(
                instruments.operation_duration.clone(),
                attribute::MCP_METHOD_NAME,
            ),
            sessions: SeriesTable::new(
                instruments.session_duration.clone(),
                attribute::MCP_PROTOCOL_VERSION,
            ),
        }
    }
}

impl Metrics {
    pub(crate) fn new(provider: Box<dyn MeterProvider + Send + Sync>, route: Route) -> Self {
        let instruments = Instruments::new(&provider.meter_with_scope(scope(&[])), route);
        let unknown = |what: Unknown| {
            let attributes = [KeyValue::new(label::UNKNOWN_KIND.attribute, what.as_str())];
            instruments.unknown.bind(&attributes)
        };
        let round = |what: Round| {
            let attributes = [KeyValue::new(label::ROUND_STATE.attribute, what.as_str())];
            instruments.rounds.bind(&attributes)
        };
        let mut metrics = Self {
            rounds_asked: round(Round::InputRequired),
            rounds_resumed: round(Round::Resumed),
            unknown_tools: unknown(Unknown::Tool),
            unknown_methods: unknown(Unknown::Method),
            server: Durations::new(&instruments.server),
            client: Durations::new(&instruments.client),
            refusals: Share::new(MAX_REFUSALS),
            provider,
            route,
            instruments,
            durations: Mutex::default(),
            tools: Box::default(),
            other: OnceLock::new(),
        };
        metrics.tools = numbered()
            .iter()
            .map(|callsite| metrics.bind(Recorded::declared(callsite), callsite.buckets))
            .collect();
        metrics
    }

    /// For instruments beside those of operations.
    pub(crate) fn meter(&self) -> Meter {
        self.provider.meter_with_scope(scope(&[]))
    }

    pub(crate) fn durations(&self, side: Side) -> &Durations {
        match side {
            Side::Server => &self.server,
            Side::Client => &self.client,
        }
    }

    /// The handles of an attributed tool.
    #[inline]
    pub(crate) fn tool(&self, callsite: &'static Callsite) -> &ToolInstruments {
        // The place of one that is not in the slice is 0, and no tool's.
        let index = (callsite.place() as usize).wrapping_sub(1);
        self.tools.get(index).unwrap_or_else(|| self.other_tool())
    }

    /// The handles that all tools share for which there is no place: those of `_OTHER`.
    pub(crate) fn other_tool(&self) -> &ToolInstruments {
        self.other.get_or_init(|| self.named_tool(OTHER.into()))
    }

    /// Binds the handles of a tool without the attribute.
    pub(crate) fn named_tool(&self, tool_name: Value) -> ToolInstruments {
        self.bind(Recorded::named(tool_name), None)
    }

    fn bind(&self, recorded: Recorded, buckets: Option<&'static [f64]>) -> ToolInstruments {
        let duration = self.duration(buckets.unwrap_or(&TOOL_BUCKETS));
        ToolInstruments::new(&self.instruments, &duration, recorded)
    }

    pub(crate) fn unknown(&self, what: Unknown) {
        match what {
            Unknown::Tool => self.unknown_tools.add(1),
            Unknown::Method => self.unknown_methods.add(1),
        }
    }

    pub(crate) fn round(&self, what: Round) {
        match what {
            Round::InputRequired => self.rounds_asked.add(1),
            Round::Resumed => self.rounds_resumed.add(1),
        }
    }

    /// One instrument has one set of boundaries, so a tool with its own buckets gets an instrument
    /// of the same name from a meter of its own, told apart by a scope attribute. Prometheus shows
    /// both as one metric.
    fn duration(&self, buckets: &[f64]) -> HistogramInstrument {
        let key = buckets.iter().map(|bound| bound.to_bits()).collect();
        self.durations
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .entry(key)
            .or_insert_with(|| {
                let attributes = if buckets == TOOL_BUCKETS {
                    Vec::new()
                } else {
                    vec![KeyValue::new("mcp.tool.buckets", format!("{buckets:?}"))]
                };
                let meter: Meter = self.provider.meter_with_scope(scope(&attributes));
                HistogramInstrument::new(&metric::TOOL_DURATION, &meter, buckets, self.route)
            })
            .clone()
    }
}

/// The instrumentation scope of this crate.
pub(crate) fn scope(attributes: &[KeyValue]) -> InstrumentationScope {
    InstrumentationScope::builder(env!("CARGO_PKG_NAME"))
        .with_version(env!("CARGO_PKG_VERSION"))
        .with_schema_url(SCHEMA_URL)
        .with_attributes(attributes.iter().cloned())
        .build()
}
