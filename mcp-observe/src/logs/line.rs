//! Log lines that carry the trace, the span and the tool.
//!
//! A `tracing` event inside a tool belongs to the nearest `tracing` span, which is not the tool's:
//! that one is OpenTelemetry's. What correlates the line is therefore read from the OpenTelemetry
//! context where the event happens.

use std::fmt;

use opentelemetry::Context;
use opentelemetry::trace::{SpanContext, TraceContextExt};
use tracing::{Event, Subscriber};
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::registry::LookupSpan;

use crate::work::scope;

/// An event format of `tracing-subscriber` whose lines carry `trace_id`, `span_id` and `tool`.
///
/// The first two are there wherever an OpenTelemetry span is current, also one that is not sampled.
#[derive(Debug, Clone, Copy)]
pub struct Correlated<F> {
    format: F,
    json: bool,
}

impl<F> Correlated<F> {
    /// Adds ` trace_id=… span_id=… tool=…` to the end of a format for people.
    pub fn text(format: F) -> Self {
        Self {
            format,
            json: false,
        }
    }

    /// Adds the members `trace_id`, `span_id` and `tool` to a format of one JSON object a line.
    pub fn json(format: F) -> Self {
        Self { format, json: true }
    }
}

impl<S, N, F> FormatEvent<S, N> for Correlated<F>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
    F: FormatEvent<S, N>,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let span = Context::map_current(|current| current.span().span_context().clone());
        if !span.is_valid() {
            return self.format.format_event(context, writer, event);
        }
        let mut line = String::new();
        self.format
            .format_event(context, Writer::new(&mut line), event)?;
        let line = line.trim_end_matches('\n');
        let tool = scope::tool();
        match (self.json, line.strip_suffix('}')) {
            (true, Some(open)) => json(&mut writer, open, &span, tool.as_deref()),
            _ => text(&mut writer, line, &span, tool.as_deref()),
        }
    }
}

fn text(
    writer: &mut Writer<'_>,
    line: &str,
    span: &SpanContext,
    tool: Option<&str>,
) -> fmt::Result {
    let (trace_id, span_id) = (span.trace_id(), span.span_id());
    write!(writer, "{line} trace_id={trace_id} span_id={span_id}")?;
    if let Some(tool) = tool {
        write!(writer, " tool={tool}")?;
    }
    writeln!(writer)
}

fn json(
    writer: &mut Writer<'_>,
    open: &str,
    span: &SpanContext,
    tool: Option<&str>,
) -> fmt::Result {
    let (trace_id, span_id) = (span.trace_id(), span.span_id());
    let comma = if open.ends_with('{') { "" } else { "," };
    write!(
        writer,
        r#"{open}{comma}"trace_id":"{trace_id}","span_id":"{span_id}""#
    )?;
    if let Some(tool) = tool {
        write!(writer, r#","tool":{}"#, serde_json::Value::from(tool))?;
    }
    writeln!(writer, "}}")
}
