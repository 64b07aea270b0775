//! A minimal OTLP/HTTP receiver.

use std::collections::{BTreeSet, HashMap};
use std::sync::mpsc::{self, Receiver, Sender};
use std::time::Instant;

use axum::Router;
use axum::body::{Bytes, to_bytes};
use axum::extract::{self, State};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::{KeyValue, any_value::Value};
use opentelemetry_proto::tonic::logs::v1::LogRecord;
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

use crate::measured::{self, Point};
use crate::process::BOUND;

/// Something that was exported.
#[derive(Debug)]
enum Export {
    Span(Box<Exported>),
    Point(Point),
    Record(Box<LogRecord>),
    Request(Request),
}

/// A span with the name of the service that it is of.
#[derive(Debug)]
pub(crate) struct Exported {
    pub(crate) service: String,
    pub(crate) span: Span,
}

/// A whole request.
#[derive(Debug)]
struct Request {
    authorization: Option<String>,
    path: String,
    body: Bytes,
}

/// A receiver of what a program exports.
#[derive(Debug)]
pub(crate) struct Collector {
    endpoint: String,
    incoming: Receiver<Export>,
    received: Vec<Exported>,
    measured: Vec<Point>,
    logged: Vec<LogRecord>,
    requests: Vec<Request>,
    /// Serves as long as it lives.
    _runtime: Runtime,
}

/// An endpoint whose connections are taken by the system, and read by nobody; once the listener is
/// dropped, they are refused.
pub(crate) fn mute() -> (std::net::TcpListener, String) {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("there is a free port");
    let address = listener.local_addr().expect("it has an address");
    (listener, format!("http://{address}"))
}

impl Collector {
    pub(crate) fn start() -> Self {
        let runtime = Runtime::new().expect("a runtime");
        let listener = runtime
            .block_on(TcpListener::bind("127.0.0.1:0"))
            .expect("there is a free port");
        let address = listener.local_addr().expect("it has an address");
        let (sender, incoming) = mpsc::channel();
        let signals = Router::new()
            .route("/v1/traces", post(traces))
            .route("/v1/metrics", post(metrics))
            .route("/v1/logs", post(logs));
        let noted = middleware::from_fn_with_state(sender.clone(), note);
        let router = signals
            .clone()
            .nest("/otlp", signals)
            .layer(noted)
            .with_state(sender);
        runtime.spawn(axum::serve(listener, router).into_future());
        Self {
            endpoint: format!("http://{address}"),
            incoming,
            received: Vec::new(),
            measured: Vec::new(),
            logged: Vec::new(),
            requests: Vec::new(),
            _runtime: runtime,
        }
    }

    /// What tells a program to export here, and to do so soon.
    pub(crate) fn environment(&self) -> [(&str, &str); 2] {
        [
            ("OTEL_EXPORTER_OTLP_ENDPOINT", &self.endpoint),
            ("OTEL_BSP_SCHEDULE_DELAY", "100"),
        ]
    }

    /// Waits for a span.
    pub(crate) fn wait_for(&mut self, what: &str, wanted: impl Fn(&Span) -> bool) -> &Exported {
        let deadline = Instant::now() + BOUND;
        let mut looked_at = 0;
        loop {
            if let Some(found) =
                (looked_at..self.received.len()).find(|&index| wanted(&self.received[index].span))
            {
                return &self.received[found];
            }
            looked_at = self.received.len();
            let left = deadline.saturating_duration_since(Instant::now());
            match self.incoming.recv_timeout(left) {
                Ok(export) => self.take(export),
                Err(error) => panic!("no {what} ({error}): {:#?}", self.received),
            }
        }
    }

    /// Waits for a log record.
    pub(crate) fn wait_for_record(
        &mut self,
        what: &str,
        wanted: impl Fn(&LogRecord) -> bool,
    ) -> LogRecord {
        let deadline = Instant::now() + BOUND;
        let mut looked_at = 0;
        loop {
            if let Some(found) = self.logged[looked_at..].iter().find(|it| wanted(it)) {
                return found.clone();
            }
            looked_at = self.logged.len();
            let left = deadline.saturating_duration_since(Instant::now());
            match self.incoming.recv_timeout(left) {
                Ok(export) => self.take(export),
                Err(error) => panic!("no {what} ({error}): {:#?}", self.logged),
            }
        }
    }

    /// Whether this text is in anything that has arrived.
    pub(crate) fn has_text(&mut self, text: &str) -> bool {
        self.arrived();
        let mut requests = self.requests.iter();
        requests.any(|it| it.body.windows(text.len()).any(|it| it == text.as_bytes()))
    }

    /// The path and the `Authorization` of each request that has arrived.
    pub(crate) fn requests(&mut self) -> Vec<(&str, Option<&str>)> {
        self.arrived();
        let requests = self.requests.iter();
        requests
            .map(|it| (it.path.as_str(), it.authorization.as_deref()))
            .collect()
    }

    /// The metrics that have arrived as sums, each with whether the last one was a difference.
    pub(crate) fn differences(&mut self) -> HashMap<String, bool> {
        self.arrived();
        let points = self.measured.iter();
        points
            .filter_map(|point| Some((point.name.clone(), point.is_difference?)))
            .collect()
    }

    /// The spans that have arrived. Once the program has ended, that is all that it exported: it was
    /// told that they had arrived before it ended, unless it gave up.
    pub(crate) fn arrived(&mut self) -> &[Exported] {
        while let Ok(export) = self.incoming.try_recv() {
            self.take(export);
        }
        &self.received
    }

    /// The one span that has arrived of which this is true.
    pub(crate) fn one(&mut self, wanted: impl Fn(&Span) -> bool) -> &Exported {
        let arrived = self.arrived();
        let mut found = arrived.iter().filter(|it| wanted(&it.span));
        match (found.next(), found.next()) {
            (Some(span), None) => span,
            (None, _) => panic!("no such span: {arrived:#?}"),
            (Some(_), Some(_)) => panic!("several such spans: {arrived:#?}"),
        }
    }

    /// The last value that has arrived of a series; the number of values if it is a histogram.
    pub(crate) fn last(&mut self, name: &str, labels: &[(&str, &str)]) -> Option<f64> {
        self.arrived();
        let mut newest_first = self.measured.iter().rev();
        newest_first
            .find(|point| point.name == name && point.has_exactly(labels))
            .map(|point| point.value)
    }

    /// The sum of the last values that have arrived of all series with these labels, and maybe more.
    pub(crate) fn total(&mut self, name: &str, labels: &[(&str, &str)]) -> f64 {
        self.arrived();
        let last: HashMap<String, f64> = self
            .measured
            .iter()
            .filter(|point| point.name == name && point.has(labels))
            .map(|point| (point.series(), point.value))
            .collect();
        last.values().fold(0.0, |sum, value| sum + value)
    }

    /// Waits for a series to have this value.
    pub(crate) fn wait_for_value(&mut self, value: f64, name: &str, labels: &[(&str, &str)]) {
        let deadline = Instant::now() + BOUND;
        loop {
            let last = self.last(name, labels);
            if last.is_some_and(|last| last.total_cmp(&value).is_eq()) {
                return;
            }
            let left = deadline.saturating_duration_since(Instant::now());
            match self.incoming.recv_timeout(left) {
                Ok(export) => self.take(export),
                Err(error) => panic!("{name}{labels:?} is {last:?}, not {value} ({error})"),
            }
        }
    }

    /// All series of a metric that have arrived, by the value of one label.
    pub(crate) fn label_values(&mut self, name: &str, label: &str) -> BTreeSet<String> {
        self.arrived();
        let points = self.measured.iter().filter(|point| point.name == name);
        points
            .filter_map(|point| point.label(label).map(ToOwned::to_owned))
            .collect()
    }

    fn take(&mut self, export: Export) {
        match export {
            Export::Span(span) => self.received.push(*span),
            Export::Point(point) => self.measured.push(point),
            Export::Record(record) => self.logged.push(*record),
            Export::Request(request) => self.requests.push(request),
        }
    }
}

/// An attribute's value, if it is a string.
pub(crate) fn attribute<'a>(attributes: &'a [KeyValue], key: &str) -> Option<&'a str> {
    let attribute = attributes.iter().find(|attribute| attribute.key == key)?;
    match attribute.value.as_ref()?.value.as_ref()? {
        Value::StringValue(value) => Some(value),
        _ => None,
    }
}

/// An id as it is written.
pub(crate) fn hex(id: &[u8]) -> String {
    id.iter()
        .fold(String::new(), |text, byte| format!("{text}{byte:02x}"))
}

/// Notes the request, whatever becomes of it.
async fn note(
    State(sender): State<Sender<Export>>,
    request: extract::Request,
    next: Next,
) -> Response {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, usize::MAX).await.expect("a whole body");
    let authorization = parts.headers.get(AUTHORIZATION);
    let authorization = authorization.map(|it| it.to_str().expect("ASCII").to_owned());
    let _ = sender.send(Export::Request(Request {
        authorization,
        path: parts.uri.path().to_owned(),
        body: body.clone(),
    }));
    next.run(extract::Request::from_parts(parts, body.into()))
        .await
}

async fn traces(State(sender): State<Sender<Export>>, body: Bytes) -> impl IntoResponse {
    let request = ExportTraceServiceRequest::decode(body).expect("an export of spans");
    for resource in request.resource_spans {
        let attributes = resource.resource.unwrap_or_default().attributes;
        let service = attribute(&attributes, "service.name").unwrap_or_default();
        for span in resource.scope_spans.into_iter().flat_map(|it| it.spans) {
            // The test may be over.
            let _ = sender.send(Export::Span(Box::new(Exported {
                service: service.to_owned(),
                span,
            })));
        }
    }
    answer()
}

async fn metrics(State(sender): State<Sender<Export>>, body: Bytes) -> impl IntoResponse {
    for point in measured::points(body) {
        let _ = sender.send(Export::Point(point));
    }
    answer()
}

async fn logs(State(sender): State<Sender<Export>>, body: Bytes) -> impl IntoResponse {
    let request = ExportLogsServiceRequest::decode(body).expect("an export of logs");
    let resources = request.resource_logs.into_iter();
    let scopes = resources.flat_map(|resource| resource.scope_logs);
    for record in scopes.flat_map(|scope| scope.log_records) {
        let _ = sender.send(Export::Record(Box::new(record)));
    }
    answer()
}

/// An empty message: everything was taken.
fn answer() -> impl IntoResponse {
    [(CONTENT_TYPE, "application/x-protobuf")]
}
