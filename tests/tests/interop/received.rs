//! What a receiver got from both ends, and one trace of it as a tree.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use mock_collector::{MockServer, Protocol, ServerHandle, TestSpan};
use opentelemetry_proto::tonic::common::v1::KeyValue;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::trace::v1::span::SpanKind;

/// A receiver of OTLP over HTTP.
#[derive(Debug)]
pub(crate) struct Receiver {
    server: ServerHandle,
    endpoint: String,
}

/// A span that was exported.
#[derive(Debug, Clone)]
pub(crate) struct Exported {
    /// The name of the service that it is of.
    pub(crate) service: String,
    pub(crate) name: String,
    pub(crate) kind: SpanKind,
    pub(crate) trace: String,
    pub(crate) id: String,
    /// Empty if it has none.
    pub(crate) parent: String,
    /// Traces and spans that it is linked to.
    pub(crate) links: Vec<(String, String)>,
    attributes: BTreeMap<String, String>,
}

/// All spans that were exported.
#[derive(Debug)]
pub(crate) struct Spans(Vec<Exported>);

impl Receiver {
    pub(crate) async fn start() -> Self {
        let server = MockServer::builder()
            .protocol(Protocol::HttpBinary)
            .start()
            .await
            .expect("a port is free");
        let endpoint = format!("http://{}", server.addr());
        Self { server, endpoint }
    }

    /// What makes a program export here, of whatever make it is, and soon.
    pub(crate) fn environment(&self) -> [(&str, &str); 3] {
        [
            ("OTEL_EXPORTER_OTLP_ENDPOINT", &self.endpoint),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
            ("OTEL_BSP_SCHEDULE_DELAY", "100"),
        ]
    }

    /// All spans of programs that have ended: they were told that it had arrived before they did.
    pub(crate) async fn spans(&self) -> Spans {
        self.server.with_collector(|it| Spans::of(it.spans())).await
    }
}

impl Spans {
    fn of(spans: &[TestSpan]) -> Self {
        let mut spans: Vec<_> = spans.iter().collect();
        // Those below one parent as they were made; all clocks are this machine's.
        spans.sort_by_key(|it| it.span().start_time_unix_nano);
        Self(spans.into_iter().map(Exported::of).collect())
    }

    /// All spans of a service and a kind.
    pub(crate) fn all(&self, service: &str, kind: SpanKind) -> impl Iterator<Item = &Exported> {
        self.0
            .iter()
            .filter(move |it| it.service == service && it.kind == kind)
    }

    /// The one span of a service with this name.
    pub(crate) fn one(&self, service: &str, kind: SpanKind, name: &str) -> &Exported {
        let mut named = self.all(service, kind).filter(|it| it.name == name);
        match (named.next(), named.next()) {
            (Some(span), None) => span,
            (found, _) => panic!(
                "{} {name} of {service}\n{}",
                found.map_or("no", |_| "several"),
                self.trees()
            ),
        }
    }

    /// The span that another is a child of.
    pub(crate) fn parent(&self, child: &Exported) -> Option<&Exported> {
        self.0
            .iter()
            .find(|it| it.trace == child.trace && it.id == child.parent)
    }

    /// The spans that are children of another, the eldest first.
    pub(crate) fn children(&self, parent: &Exported) -> impl Iterator<Item = &Exported> {
        self.0
            .iter()
            .filter(move |it| it.trace == parent.trace && it.parent == parent.id)
    }

    /// A span and what is below it: a line each, with its service, its kind, its name, and what it is
    /// linked to, which is expected to have the same parent.
    pub(crate) fn tree(&self, span: &Exported) -> String {
        let mut tree = String::new();
        self.write_tree(span, 0, &mut tree);
        tree
    }

    fn write_tree(&self, span: &Exported, depth: usize, tree: &mut String) {
        let Exported {
            service,
            name,
            kind,
            ..
        } = span;
        let _ = write!(
            tree,
            "{:indent$}{service} {kind:?} {name}",
            "",
            indent = 2 * depth
        );
        for (trace, id) in &span.links {
            let mut siblings = self.0.iter().filter(|it| it.parent == span.parent);
            let target = siblings.find(|it| (&it.trace, &it.id) == (trace, id));
            let name = target.map_or("a stranger", |it| &it.name);
            let _ = write!(tree, ", linked to {name}");
        }
        tree.push('\n');
        for child in self.children(span) {
            self.write_tree(child, depth + 1, tree);
        }
    }

    /// All traces, for a complaint.
    pub(crate) fn trees(&self) -> String {
        let exported = |id: &str| self.0.iter().any(|it| it.id == id);
        let roots = self.0.iter().filter(|it| !exported(&it.parent));
        roots.map(|root| self.tree(root)).collect()
    }
}

impl Exported {
    fn of(received: &TestSpan) -> Self {
        let text = |attributes: &[KeyValue]| -> BTreeMap<String, String> {
            attributes
                .iter()
                .filter_map(|it| Some((it.key.clone(), it.value.clone()?.value?)))
                .map(|(key, value)| match value {
                    Value::StringValue(text) => (key, text),
                    other => (key, format!("{other:?}")),
                })
                .collect()
        };
        let span = received.span();
        let mut resource = text(received.resource_attrs());
        Self {
            service: resource.remove("service.name").unwrap_or_default(),
            name: span.name.clone(),
            kind: span.kind(),
            trace: hex(&span.trace_id),
            id: hex(&span.span_id),
            parent: hex(&span.parent_span_id),
            links: span
                .links
                .iter()
                .map(|link| (hex(&link.trace_id), hex(&link.span_id)))
                .collect(),
            attributes: text(&span.attributes),
        }
    }

    /// An attribute as text.
    pub(crate) fn attribute(&self, key: &str) -> Option<&str> {
        self.attributes.get(key).map(String::as_str)
    }
}

/// An id as it is written.
fn hex(id: &[u8]) -> String {
    id.iter()
        .fold(String::new(), |text, byte| format!("{text}{byte:02x}"))
}
