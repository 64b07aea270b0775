//! A trace as a tree: who called whom, when, for how long, and what failed.

use std::collections::{HashMap, HashSet};
use std::fmt::Write;
use std::time::{Duration, SystemTime};

use opentelemetry::SpanId;
use opentelemetry::trace::{SpanKind, Status};
use opentelemetry_sdk::trace::SpanData;

use crate::style::Style;

/// Width of the time line. With it the agent's trace is 80 columns wide.
const TIMELINE: u32 = 12;

/// Draws the spans of a trace.
pub(crate) fn draw(spans: &[SpanData], style: Style) -> String {
    let rows = rows(spans);
    let names = rows.iter().map(Row::width).max().unwrap_or(0);
    let (start, total) = extent(spans);
    let mut text = String::new();
    for Row { branch, span } in &rows {
        let pad = names - branch.chars().count() - span.name.chars().count();
        let name = match failure(span) {
            Some(_) => style.failure(&span.name),
            None => style.bold(&span.name),
        };
        let duration = span.end_time.duration_since(span.start_time);
        let milliseconds = duration.unwrap_or_default().as_secs_f64() * 1e3;
        // Infallible for a `String`.
        let _ = write!(
            text,
            "  {}{name}{:pad$} {:<8} {milliseconds:>6.1} ms {}",
            style.dim(branch),
            "",
            kind(span),
            style.bar(timeline(span, start, total)),
        );
        if let Some(failure) = failure(span) {
            let _ = write!(text, " {}", style.failure(format_args!("✗ {failure}")));
        }
        let trimmed = text.trim_end().len();
        text.truncate(trimmed);
        text.push('\n');
    }
    text
}

/// A span at its place in the tree.
struct Row<'a> {
    branch: String,
    span: &'a SpanData,
}

impl Row<'_> {
    fn width(&self) -> usize {
        self.branch.chars().count() + self.span.name.chars().count()
    }
}

/// The spans in the order of the tree; siblings in the order in which they started.
fn rows(spans: &[SpanData]) -> Vec<Row<'_>> {
    let known: HashSet<SpanId> = spans
        .iter()
        .map(|span| span.span_context.span_id())
        .collect();
    let mut children: HashMap<SpanId, Vec<&SpanData>> = HashMap::new();
    for span in spans {
        // A span whose parent is not among the spans is shown as a root.
        let parent = if known.contains(&span.parent_span_id) {
            span.parent_span_id
        } else {
            SpanId::INVALID
        };
        children.entry(parent).or_default().push(span);
    }
    for siblings in children.values_mut() {
        siblings.sort_by_key(|span| span.start_time);
    }
    let mut rows = Vec::with_capacity(spans.len());
    for root in children.get(&SpanId::INVALID).into_iter().flatten() {
        rows.push(Row {
            branch: String::new(),
            span: root,
        });
        below(root, "", &children, &mut rows);
    }
    rows
}

fn below<'a>(
    parent: &SpanData,
    trunk: &str,
    children: &HashMap<SpanId, Vec<&'a SpanData>>,
    rows: &mut Vec<Row<'a>>,
) {
    let Some((last, others)) = children
        .get(&parent.span_context.span_id())
        .and_then(|siblings| siblings.split_last())
    else {
        return;
    };
    for child in others {
        rows.push(Row {
            branch: format!("{trunk}├── "),
            span: child,
        });
        below(child, &format!("{trunk}│   "), children, rows);
    }
    rows.push(Row {
        branch: format!("{trunk}└── "),
        span: last,
    });
    below(last, &format!("{trunk}    "), children, rows);
}

fn kind(span: &SpanData) -> &'static str {
    match span.span_kind {
        SpanKind::Client => "CLIENT",
        SpanKind::Server => "SERVER",
        SpanKind::Producer => "PRODUCER",
        SpanKind::Consumer => "CONSUMER",
        SpanKind::Internal => "INTERNAL",
    }
}

/// How the span failed, if it did.
fn failure(span: &SpanData) -> Option<String> {
    let Status::Error { .. } = span.status else {
        return None;
    };
    let error_type = span
        .attributes
        .iter()
        .find(|attribute| attribute.key.as_str() == "error.type");
    Some(error_type.map_or_else(|| "error".to_owned(), |it| it.value.to_string()))
}

/// When the trace starts, and how long it takes.
fn extent(spans: &[SpanData]) -> (SystemTime, Duration) {
    let start = spans.iter().map(|span| span.start_time).min();
    let end = spans.iter().map(|span| span.end_time).max();
    let (Some(start), Some(end)) = (start, end) else {
        return (SystemTime::UNIX_EPOCH, Duration::ZERO);
    };
    (start, end.duration_since(start).unwrap_or_default())
}

/// The span's share of the trace's time.
fn timeline(span: &SpanData, start: SystemTime, total: Duration) -> String {
    let column = |time: SystemTime| {
        let offset = time.duration_since(start).unwrap_or_default();
        let share = offset.as_micros() * u128::from(TIMELINE) * 2 / total.as_micros().max(1);
        // Rounds to the nearest column.
        usize::try_from(share.div_ceil(2)).unwrap_or(0)
    };
    let width = TIMELINE as usize;
    let from = column(span.start_time).min(width - 1);
    let to = column(span.end_time).clamp(from + 1, width);
    let bar = "━".repeat(to - from);
    format!("{:from$}{bar}{:rest$}", "", "", rest = width - to)
}

#[cfg(test)]
mod tests {
    use opentelemetry::trace::{SpanContext, SpanId, TraceFlags, TraceId, TraceState};
    use opentelemetry::{InstrumentationScope, KeyValue};

    use super::*;

    fn span(id: u64, parent: u64, name: &'static str, from: u64, to: u64) -> SpanData {
        let at = |milliseconds| SystemTime::UNIX_EPOCH + Duration::from_millis(milliseconds);
        SpanData {
            span_context: SpanContext::new(
                TraceId::from(1),
                SpanId::from(id),
                TraceFlags::SAMPLED,
                false,
                TraceState::NONE,
            ),
            parent_span_id: SpanId::from(parent),
            parent_span_is_remote: false,
            span_kind: SpanKind::Internal,
            name: name.into(),
            start_time: at(from),
            end_time: at(to),
            attributes: Vec::new(),
            dropped_attributes_count: 0,
            events: opentelemetry_sdk::trace::SpanEvents::default(),
            links: opentelemetry_sdk::trace::SpanLinks::default(),
            status: Status::Unset,
            instrumentation_scope: InstrumentationScope::default(),
        }
    }

    #[test]
    fn siblings_stand_in_the_order_in_which_they_started() {
        let mut failed = span(3, 1, "second", 60, 120);
        failed.status = Status::error("");
        failed
            .attributes
            .push(KeyValue::new("error.type", "timeout"));
        let spans = [
            span(4, 2, "inner", 20, 40),
            failed,
            span(2, 1, "first", 0, 60),
            span(1, 0, "root", 0, 120),
        ];
        assert_eq!(
            draw(&spans, Style::PLAIN),
            "  root          INTERNAL  120.0 ms ━━━━━━━━━━━━\n\
             \x20 ├── first     INTERNAL   60.0 ms ━━━━━━\n\
             \x20 │   └── inner INTERNAL   20.0 ms   ━━\n\
             \x20 └── second    INTERNAL   60.0 ms       ━━━━━━ ✗ timeout\n"
        );
    }

    #[test]
    fn a_span_whose_parent_is_missing_is_a_root() {
        let spans = [span(2, 9, "orphan", 0, 10)];
        assert_eq!(
            draw(&spans, Style::PLAIN),
            "  orphan INTERNAL   10.0 ms ━━━━━━━━━━━━\n"
        );
    }

    #[test]
    fn no_spans_are_no_rows() {
        assert_eq!(draw(&[], Style::PLAIN), "");
    }
}
