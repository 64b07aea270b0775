//! The session, in the process that the other tests start.

use std::time::Duration;

use mcp_observe::http::MetricsListener;
use mcp_observe::logs::Logs;
use mcp_observe::security::SecurityLog;
use mcp_observe::{HashKey, Telemetry};
use mcp_observe_tests::written::Written;
use tracing_subscriber::Layer as _;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::fmt::format::FmtSpan;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use super::canary::leaks;
use super::sinks::{METRICS_ROUTE, OWN_EVENTS, PROMETHEUS, SECURITY_LOG};
use super::{alone, messages, over_http};

/// Variables that say which format the log has, and whether content is recorded.
pub(crate) const FORMAT: &str = "LEAKS_FORMAT";
pub(crate) const RECORDS: &str = "LEAKS_RECORDS";

#[tokio::test]
#[ignore = "a process of its own, which the other tests start"]
async fn session() {
    let (Ok(format), Ok(records)) = (std::env::var(FORMAT), std::env::var(RECORDS)) else {
        return;
    };
    let security = Written::default();
    let telemetry = Telemetry::builder()
        .service_name("leaks")
        .capture_content(records == "true")
        .hash_key(HashKey::new([1; 16]))
        .legacy_tool_name(true)
        .baggage(["tenant"])
        .security_log(SecurityLog::builder().writer(security.clone()).otlp())
        .install()
        .expect("nothing else is installed");
    let own_events = set_up_logs(&format, &telemetry);
    quiet_panics();

    messages::all(&telemetry).await;
    over_http::all(&telemetry).await;
    alone::all().await;

    let listener = MetricsListener::start(&telemetry, ([127, 0, 0, 1], 0).into());
    let listener = listener.expect("a port is free");
    let scrape = format!("http://{}/metrics", listener.address());
    let scraped = reqwest::get(scrape).await.expect("it answers");
    hand_over(METRICS_ROUTE, scraped.bytes().await.expect("a body")).await;
    hand_over(PROMETHEUS, telemetry.prometheus_text()).await;
    let shutdown = move || telemetry.shutdown(Duration::from_secs(30));
    let shutdown = tokio::task::spawn_blocking(shutdown).await;
    shutdown.expect("no panic").expect("all is exported");
    let own_events = own_events.bytes();
    hand_over(OWN_EVENTS, own_events).await;
    hand_over(SECURITY_LOG, security.bytes()).await;
}

/// The log is where it is by default and says what it says by default. Beside it, everything that this
/// project itself could log.
fn set_up_logs(format: &str, telemetry: &Telemetry) -> Written {
    let logs = match format {
        "json" => Logs::json(),
        _ => Logs::text(),
    };
    let own_events = Written::default();
    let writer = own_events.clone();
    let all_of_ours = tracing_subscriber::fmt::layer()
        .with_span_events(FmtSpan::FULL)
        .with_writer(move || writer.clone())
        .with_filter(filter_fn(|event| event.target().starts_with("mcp_observe")));
    tracing_subscriber::registry()
        .with(logs.layer(telemetry).expect("the directives are right"))
        .with(all_of_ours)
        .init();
    // Setting up another instance complains about the variables, now that there is a log.
    Telemetry::builder().build().expect("it can be made");
    own_events
}

/// What the standard library prints of a panic, its message above all, is no output of ours.
fn quiet_panics() {
    let print = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let message = panic.payload().downcast_ref::<String>();
        if message.is_none_or(|it| leaks(it.as_bytes()).is_empty()) {
            print(panic);
        }
    }));
}

async fn hand_over(sink: &str, content: impl Into<reqwest::Body>) {
    let endpoint = std::env::var("OTEL_EXPORTER_OTLP_ENDPOINT").expect("it is set");
    let request = reqwest::Client::new().post(format!("{endpoint}{sink}"));
    let answer = request.body(content).send().await.expect("it is there");
    assert!(answer.status().is_success());
}
