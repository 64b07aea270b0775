//! The duration of sessions.

use mcp_observe_tests::wire::eventually;
use mcp_observe_tests::{Capture, Series, series};

use crate::fixture::{LEGACY, Puppet, connect, connect_modern};

/// The series of sessions that there are, with their labels, sorted.
pub(crate) fn sessions(capture: &Capture) -> Vec<(Vec<(String, String)>, f64)> {
    let of_sessions = |it: &Series| it.name == "mcp_client_session_duration_seconds_count";
    let all = series(&capture.telemetry.prometheus_text());
    let sorted = |mut it: Series| {
        it.labels.sort();
        (it.labels, it.value)
    };
    all.into_iter().filter(of_sessions).map(sorted).collect()
}

pub(crate) fn labels(labels: &[(&str, &str)]) -> Vec<(String, String)> {
    let owned = |(key, value): &(&str, &str)| ((*key).to_owned(), (*value).to_owned());
    labels.iter().map(owned).collect()
}

#[tokio::test]
async fn a_session_lasts_until_the_client_closes_it() {
    let capture = Capture::new();
    let client = connect(&capture).await;
    client.list_all_tools().await.expect("an answer");
    assert!(sessions(&capture).is_empty(), "it goes on");
    client.cancel().await.expect("it stops");
    let expected = labels(&[
        ("mcp_protocol_version", LEGACY),
        ("network_transport", "pipe"),
    ]);
    assert_eq!(sessions(&capture), [(expected, 1.0)]);
}

#[tokio::test]
async fn a_server_that_goes_ends_it_without_an_error() {
    let capture = Capture::new();
    let (puppet, client) = Puppet::connected(&capture).await;
    drop(puppet);
    client.waiting().await.expect("it stops");
    eventually("the session ends", || !sessions(&capture).is_empty()).await;
    let expected = labels(&[
        ("mcp_protocol_version", LEGACY),
        ("network_transport", "pipe"),
    ]);
    assert_eq!(sessions(&capture), [(expected, 1.0)]);
}

#[tokio::test]
async fn protocol_2026_07_28_has_none() {
    let capture = Capture::new();
    let client = connect_modern(&capture).await;
    client.cancel().await.expect("it stops");
    assert!(sessions(&capture).is_empty());
}
