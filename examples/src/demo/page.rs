//! What the demo prints, from top to bottom.

use std::io::{self, Write};
use std::net::SocketAddr;
use std::num::NonZeroU32;

use opentelemetry::TraceId;
use opentelemetry_sdk::trace::SpanData;

use crate::style::Style;
use crate::{content, summary, tree};

/// Prints. That nobody reads (`| head`) is no reason to fail.
pub(crate) fn show(text: &str) {
    let mut stdout = io::stdout().lock();
    let _ = stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.flush());
}

/// What runs, and where.
pub(crate) fn head(server: SocketAddr, metrics: SocketAddr) -> String {
    let style = Style::of_stdout();
    format!(
        "{}\n\n  MCP server  http://{server}/mcp\n  metrics     http://{metrics}/metrics\n\n",
        style.bold(
            "mcp-observe demo: a weather server whose tools carry #[mcp_tool], and an agent\n\
             that calls three of them over HTTP."
        ),
    )
}

/// The agent's trace.
pub(crate) fn trace(id: TraceId, spans: &[SpanData]) -> String {
    let style = Style::of_stdout();
    if spans.is_empty() {
        return "No trace: the environment turns traces off (OTEL_SDK_DISABLED, or \
                OTEL_TRACES_SAMPLER).\n\n"
            .to_owned();
    }
    format!(
        "{} {}\n\n{}\n{}\n\n",
        style.bold("One trace, from the agent down into the tools"),
        style.dim(format_args!("{id}")),
        tree::draw(spans, style),
        style.dim(
            "  ObservedClient makes the CLIENT spans and sends them along in params._meta;\n  \
             #[mcp_tool] and Observed make the SERVER spans below them; db.query finds its\n  \
             place by itself."
        ),
    )
}

/// What the spans have of the tools' arguments.
pub(crate) fn arguments(spans: &[SpanData]) -> String {
    let style = Style::of_stdout();
    let recorded = content::arguments(spans);
    if recorded.is_empty() {
        return String::new();
    }
    let rows: Vec<String> = recorded
        .iter()
        .map(|(tool, arguments)| format!("  {tool:<16}{arguments}"))
        .collect();
    format!(
        "{}\n\n{}\n\n{}\n\n",
        style.bold("What of their arguments is recorded: what the types declare"),
        rows.join("\n"),
        style.dim(
            "  The report's text is not marked, so it is not there; of its recipient, a keyed hash."
        ),
    )
}

/// The tools' metrics.
pub(crate) fn metrics(text: &str, metrics: SocketAddr) -> String {
    let style = Style::of_stdout();
    let Some(table) = summary::table(text, style) else {
        return "No metrics: the environment turns them off (OTEL_SDK_DISABLED).\n\n".to_owned();
    };
    format!(
        "{} {}\n\n{table}\n",
        style.bold("The same calls as metrics"),
        style.dim(format_args!("http://{metrics}/metrics")),
    )
}

/// What to try next.
pub(crate) fn next(server: SocketAddr, metrics: SocketAddr, once: bool) -> String {
    let style = Style::of_stdout();
    let title = style.bold("Try next");
    if once {
        return format!(
            "{title}\n\n  \
             cargo run             the same, and go on serving\n  \
             cargo run -- --help   the flags\n"
        );
    }
    format!(
        "{title}\n\n  \
         - what Prometheus scrapes:        curl http://{metrics}/metrics\n  \
         - your own MCP client, traced:    http://{server}/mcp\n  \
         - all of it into your collector:  OTEL_EXPORTER_OTLP_ENDPOINT=… cargo run\n"
    )
}

/// What goes on from here.
pub(crate) fn serving(calls_per_minute: Option<NonZeroU32>) -> String {
    match calls_per_minute {
        Some(calls) => {
            format!("\nThe agent calls {calls} times a minute.\nServing until Ctrl-C.\n")
        }
        None => "\nServing until Ctrl-C.\n".to_owned(),
    }
}
