//! Telemetry that does not arrive.

use mcp_observe::metric::{
    DATA_POINTS_EXPORTED, LOGS_EXPORTED, LOGS_PROCESSED, Metric, SPANS_EXPORTED, SPANS_PROCESSED,
};

use crate::catalogue::JOB;
use crate::promql::{Query, Series};
use crate::rules::alert::{Alert, Severity};
use crate::rules::case::{Case, counter};
use crate::rules::runbook::Paragraph;
use crate::rules::server::Server;

pub(super) fn alerts(server: &Server<'_>) -> Vec<Alert> {
    vec![
        export_failing(server),
        spans_dropped(server),
        log_records_dropped(server),
    ]
}

fn failed(server: &Server<'_>, metric: &Metric) -> Series {
    server.series(metric).is("error_type", "_OTHER")
}

fn export_failing(server: &Server<'_>) -> Alert {
    let signal = |metric, signal| {
        let failed = failed(server, metric).increase("5m").sum_by(&[JOB]);
        failed.with_label("signal", signal)
    };
    let any = signal(&SPANS_EXPORTED, "traces")
        .or(&signal(&LOGS_EXPORTED, "logs"))
        .or(&signal(&DATA_POINTS_EXPORTED, "metrics"));
    let exporter = |metric| failed(server, metric).is("otel_component_type", "otlp_exporter");
    let case = |name: &str, failures: u64| {
        Case::new(name)
            .given(
                exporter(&SPANS_EXPORTED),
                counter(&[(failures, 10), (0, 10)]),
            )
            .given(exporter(&LOGS_EXPORTED), counter(&[(0, 20)]))
    };
    Alert {
        name: "McpExportFailing",
        query: any.scalar(">", 0),
        lasts: Some("5m"),
        severity: Severity::Warning,
        labels: Vec::new(),
        summary: "{{ $labels.job }} cannot export its {{ $labels.signal }}".to_owned(),
        description: "{{ $value | printf \"%.0f\" }} items in 5 minutes did not get to the collector, and are lost. Look first at whether the collector takes anything.".to_owned(),
        runbook: Paragraph {
            means: "For 5 minutes a signal has not got from the server to its collector, or not all of it. The server does not wait for it and is not harmed; what was not taken is gone.",
            look: "panels *Exported* and *Lost*, and the server's log, which says once a minute what is lost. Then the Collector: `up`, its log, its queue and whether `memory_limiter` refuses.",
            causes: "the Collector is down, or refuses because a backend behind it has been down for longer than its queue holds; a wrong endpoint or certificate; batches over its size limit.",
            stop: "bring the Collector back. There is nothing to be done in the server.",
            is_false: "a single batch failed while the Collector was restarted: then it is over within 10 minutes.",
        },
        cases: vec![
            case("2 spans a minute fail", 2)
                .stays_quiet("4m")
                .fires("10m", [("signal", "traces")], "10")
                .stays_quiet("20m"),
            case("None fails", 0).stays_quiet("10m"),
        ],
    }
}

fn spans_dropped(server: &Server<'_>) -> Alert {
    let (query, cases) = dropped(server, &SPANS_PROCESSED, "batching_span_processor");
    Alert {
        name: "McpSpansDropped",
        query,
        lasts: None,
        severity: Severity::Warning,
        labels: Vec::new(),
        summary: "{{ $labels.job }} drops spans".to_owned(),
        description: "{{ $value | printf \"%.0f\" }} spans in 5 minutes found no room in the exporter's queue. Look first at whether exports are slow.".to_owned(),
        runbook: Paragraph {
            means: "Spans end faster than they are exported: the queue is full, and what does not fit is dropped. Traces have holes; metrics and the security log do not.",
            look: "panel *Lost*: does `McpExportFailing` fire too? Then it is the collector. If not, see *Calls by tool*: a burst.",
            causes: "a slow or stuck collector; more calls than the queue was made for.",
            stop: "bring the collector up to speed; enlarge the queue (`OTEL_BSP_MAX_QUEUE_SIZE`), or sample less.",
            is_false: "never: the spans are gone. Whether they are missed is another matter.",
        },
        cases,
    }
}

fn log_records_dropped(server: &Server<'_>) -> Alert {
    let (query, cases) = dropped(server, &LOGS_PROCESSED, "batching_log_processor");
    Alert {
        name: "McpLogRecordsDropped",
        query,
        lasts: None,
        severity: Severity::Warning,
        labels: Vec::new(),
        summary: "{{ $labels.job }} drops log records".to_owned(),
        description: "{{ $value | printf \"%.0f\" }} log records in 5 minutes found no room in the exporter's queue. Look first at whether exports are slow.".to_owned(),
        runbook: Paragraph {
            means: "Log records are made faster than they are exported: the queue is full, and what does not fit is dropped. Security events that go the same way wait for room instead; `McpSecurityEventsDropped` tells of theirs.",
            look: "panel *Lost*: does `McpExportFailing` fire too? Then it is the collector. If not, what does the server write so much of?",
            causes: "a slow or stuck collector; a log level that is too fine for export.",
            stop: "bring the collector up to speed; enlarge the queue (`OTEL_BLRP_MAX_QUEUE_SIZE`), or write less (`RUST_LOG`).",
            is_false: "never: the records are gone, though not where they are written as lines as well.",
        },
        cases,
    }
}

/// Whether a queue had no room, and cases of that.
fn dropped(server: &Server<'_>, metric: &Metric, processor: &str) -> (Query, Vec<Case>) {
    let dropped = server.series(metric).is("error_type", "queue_full");
    let given = dropped.clone().is("otel_component_type", processor);
    let case =
        |name: &str, growth: &[(u64, u64)]| Case::new(name).given(given.clone(), counter(growth));
    let cases = vec![
        case("Dropped for 10 minutes, and no longer", &[(3, 10), (0, 10)])
            .fires("10m", [], "15")
            .stays_quiet("20m"),
        case("Dropped long ago", &[(3, 1), (0, 20)]).stays_quiet("10m"),
    ];
    (dropped.increase("5m").sum_by(&[JOB]).scalar(">", 0), cases)
}
