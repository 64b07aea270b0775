//! Every refusal, and what is exported of it.

use http::Method;
use mcp_observe_tests::wire::eventually;
use mcp_observe_tests::{Capture, attributes};
use opentelemetry::trace::{SpanKind, Status};

use crate::cases::{self, Case};
use crate::{DURATION, Kind, LEGACY, serve};

/// Attributes of a span that are no labels of its sample.
const SPAN_ONLY: [&str; 3] = ["jsonrpc.request.id", "client.address", "client.port"];

#[tokio::test]
async fn what_http_refuses_is_exported_with_its_status() {
    for kind in Kind::ALL {
        assert_exported(kind, cases::of_http()).await;
    }
}

#[tokio::test]
async fn what_is_refused_with_a_json_rpc_error_is_exported_with_its_code() {
    for kind in Kind::ALL {
        assert_exported(kind, cases::of_json_rpc()).await;
    }
}

async fn assert_exported(kind: Kind, cases: Vec<Case>) {
    let capture = Capture::new();
    let web = serve(kind, &capture).await;
    let session = web.initialize(LEGACY).await;
    if session.is_some() {
        eventually("both messages are seen", || capture.spans().len() == 2).await;
    }
    for case in cases.iter().filter(|case| case.kinds.contains(&kind)) {
        let mut headers = case.headers.clone();
        let session = session.as_deref().filter(|_| case.in_session);
        headers.extend(session.map(|id| ("mcp-session-id", id)));
        let before = capture.spans().len();
        let answer = web.send(Method::POST, &headers, case.body.clone()).await;
        assert_eq!(answer.status, case.status, "{kind:?} {case:#?} {answer:#?}");
        let spans = capture.spans().split_off(before);
        let Some((method, own)) = &case.exported else {
            assert!(spans.is_empty(), "{kind:?} {case:#?} {spans:#?}");
            continue;
        };
        assert_eq!(spans.len(), 1, "{kind:?} {case:#?} {spans:#?}");
        let span = &spans[0];
        assert_eq!((&*span.name, &span.span_kind), (*method, &SpanKind::Server));
        assert!(span.start_time <= span.end_time, "{span:#?}");
        let failed = own.iter().any(|it| it.starts_with("error.type="));
        let status = if failed {
            Status::error("")
        } else {
            Status::Unset
        };
        assert_eq!(span.status, status, "{kind:?} {case:#?}");
        let mut expected = vec![
            "client.address=127.0.0.1".to_owned(),
            format!("mcp.method.name={method}"),
            "network.protocol.name=http".to_owned(),
            "network.protocol.version=1.1".to_owned(),
            "network.transport=tcp".to_owned(),
        ];
        expected.extend(own.iter().map(|&it| it.to_owned()));
        expected.sort();
        let mut found = attributes(span);
        found.retain(|it| !it.starts_with("client.port="));
        assert_eq!(found, expected, "{kind:?} {case:#?}");

        let labels: Vec<_> = expected
            .iter()
            .filter_map(|it| it.split_once('='))
            .filter(|(key, _)| !SPAN_ONLY.contains(key))
            .map(|(key, value)| (key.replace('.', "_"), value))
            .collect();
        let labels: Vec<_> = labels.iter().map(|(key, value)| (&**key, *value)).collect();
        assert!(
            capture.metric(DURATION, &labels) >= Some(1.0),
            "{labels:#?}"
        );
    }
    #[expect(clippy::cast_precision_loss, reason = "few")]
    let spans = capture.spans().len() as f64;
    let [samples, calls, unknown] = [DURATION, "mcp_tool_calls_total", "mcp_unknown_total"]
        .map(|metric| capture.sum(metric, &[]));
    // A refused call is no call of a tool, and asked for nothing.
    assert_eq!(
        [samples, calls, unknown].map(f64::to_bits),
        [spans, 0.0, 0.0].map(f64::to_bits)
    );
    let exported = format!(
        "{:?}{}",
        capture.spans(),
        capture.telemetry.prometheus_text()
    );
    assert!(!exported.contains("secret"), "{exported}");
}

#[tokio::test]
async fn a_stream_and_the_end_of_a_session_are_no_messages() {
    for kind in Kind::ALL {
        let capture = Capture::new();
        let web = serve(kind, &capture).await;
        for method in [Method::GET, Method::DELETE, Method::PUT, Method::OPTIONS] {
            let answer = web.send(method, &[cases::ACCEPT], "").await;
            assert!(answer.status >= 400, "{answer:?}");
        }
        assert!(capture.spans().is_empty());
        assert_eq!(capture.metric(DURATION, &[]), None);
    }
}
