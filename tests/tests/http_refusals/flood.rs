//! Whoever floods a server with what it refuses makes no series, and takes none from others.

#![expect(clippy::float_cmp, reason = "counts are whole numbers")]

use http::Method;
use mcp_observe_tests::wire::{modern_meta, request};
use mcp_observe_tests::{Capture, Series, series};
use serde_json::json;

use crate::cases::{ACCEPT, CONTENT};
use crate::{DURATION, Kind, serve};

fn exported(capture: &Capture) -> Vec<Series> {
    series(&capture.telemetry.prometheus_text())
}

#[tokio::test]
async fn made_up_methods_versions_and_ids_make_no_series() {
    let capture = Capture::new();
    let web = serve(Kind::Sessions, &capture).await;
    let flood = async |round: usize| {
        for made_up in 0..100 {
            let made_up = format!("made-up-{round}-{made_up}");
            let message = request(made_up.clone(), &made_up, &json!({})).to_string();
            let headers = [
                ACCEPT,
                CONTENT,
                ("mcp-method", &*made_up),
                ("mcp-protocol-version", &made_up),
                ("mcp-session-id", &made_up),
            ];
            let answer = web.send(Method::POST, &headers, message).await;
            assert_eq!(answer.status, 400, "{answer:?}");
        }
    };
    flood(0).await;
    let before = exported(&capture).len();
    flood(1).await;
    assert_eq!(exported(&capture).len(), before);
    assert_eq!(capture.sum(DURATION, &[]), 200.0);
    let labels = [
        ("mcp_method_name", "_OTHER"),
        ("mcp_protocol_version", "_OTHER"),
    ];
    assert_eq!(capture.sum(DURATION, &labels), 200.0);
    assert_eq!(capture.sum("mcp_unknown_total", &[]), 0.0);
}

/// Even known values have many combinations.
#[tokio::test]
async fn refusals_have_a_share_of_the_operation_duration() {
    const METHODS: [&str; 24] = [
        "initialize",
        "notifications/initialized",
        "ping",
        "tools/list",
        "tools/call",
        "prompts/list",
        "prompts/get",
        "resources/list",
        "resources/templates/list",
        "resources/read",
        "resources/subscribe",
        "resources/unsubscribe",
        "completion/complete",
        "logging/setLevel",
        "notifications/progress",
        "notifications/cancelled",
        "notifications/roots/list_changed",
        "server/discover",
        "subscriptions/listen",
        "tasks/get",
        "tasks/update",
        "tasks/cancel",
        "skills/list",
        "skills/get",
    ];
    const VERSIONS: [&str; 6] = [
        "2024-11-05",
        "2025-03-26",
        "2025-06-18",
        "2025-11-25",
        "2026-07-28",
        "2027-01-01",
    ];
    let capture = Capture::new();
    let web = serve(Kind::Sessions, &capture).await;
    for method in METHODS {
        for version in VERSIONS {
            // Not acceptable, and of an unknown host: two combinations each.
            let headers = [("mcp-method", method), ("mcp-protocol-version", version)];
            web.send(Method::POST, &headers, "").await;
            let headers = [headers[0], headers[1], ("host", "evil.example")];
            web.send(Method::POST, &headers, "").await;
        }
    }
    let refused = u32::try_from(METHODS.len() * VERSIONS.len() * 2).expect("few");
    let of_refusals = exported(&capture);
    let of_refusals = of_refusals.iter().filter(|it| it.name == DURATION).count();
    assert_eq!(of_refusals, 128 + 2, "and one for the rest of each status");
    assert_eq!(capture.sum(DURATION, &[]), f64::from(refused));
    for status in ["403", "406"] {
        let labels = [("http_response_status_code", status)];
        assert_eq!(capture.sum(DURATION, &labels), f64::from(refused / 2));
        let labels = [
            ("http_response_status_code", status),
            ("mcp_method_name", "_OTHER"),
            ("mcp_protocol_version", "_OTHER"),
        ];
        assert!(capture.metric(DURATION, &labels) > Some(0.0), "{status}");
    }
    // What the server handles still has its own.
    let discover = json!({ "_meta": modern_meta(&json!({})) });
    let discover = request(1, "server/discover", &discover).to_string();
    let headers = [
        ACCEPT,
        CONTENT,
        ("mcp-protocol-version", "2026-07-28"),
        ("mcp-method", "server/discover"),
    ];
    let answer = web.send(Method::POST, &headers, discover).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let labels = [
        ("mcp_method_name", "server/discover"),
        ("mcp_protocol_version", "2026-07-28"),
        ("network_transport", "tcp"),
        ("network_protocol_name", "http"),
        ("network_protocol_version", "1.1"),
    ];
    assert_eq!(capture.metric(DURATION, &labels), Some(1.0));
}
