//! What is seen of a program, in the form that the guides have it.

use opentelemetry_proto::tonic::trace::v1::Span;

use crate::collector::{Collector, attribute};

/// The spans that have arrived, a line each, in the order of their names: the name, and of which class the error is.
pub(super) fn spans(collector: &mut Collector) -> String {
    let mut lines: Vec<String> = collector
        .arrived()
        .iter()
        .map(|exported| {
            let Span {
                name, attributes, ..
            } = &exported.span;
            match attribute(attributes, "error.type") {
                Some(class) => format!("{name:28} {class}\n"),
                None => format!("{name}\n"),
            }
        })
        .collect();
    lines.sort();
    lines.concat()
}

/// Lines of an answer, sorted: calls that go on at the same time are answered in any order.
pub(super) fn sorted(text: &str) -> Vec<&str> {
    let mut lines: Vec<_> = text.lines().collect();
    lines.sort_unstable();
    lines
}

/// Each line of the block is a line of this text.
pub(super) fn assert_lines(block: &str, text: &str) {
    for line in block.lines() {
        assert!(text.lines().any(|it| it == line), "no {line} in\n{text}");
    }
}
