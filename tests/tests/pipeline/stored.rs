//! What the client did is what is stored: one run, in which everything can happen to a call.

use serde_json::json;

use crate::caller::{Call, Caller, Ending};
use crate::demo::Demo;
use crate::masked::Masked;
use crate::pipeline::{Pipeline, Wanted};
use crate::{alert, counts, durations, expressions, log, trace};

#[tokio::test(flavor = "multi_thread")]
async fn what_the_client_did_is_what_is_stored() {
    let pipeline = Pipeline::start("stored", Wanted::Everything).await;
    let masked = Masked::default();
    if let Some(prometheus) = &pipeline.prometheus {
        // What happens between two scrapes is seen as an increase.
        counts::scraped(prometheus).await;
    }
    let calls = call(&pipeline.demo, &masked).await;

    if let Some(prometheus) = &pipeline.prometheus {
        counts::assert_counted(&prometheus.store, &pipeline.demo, &calls).await;
        if let Some(alertmanager) = &pipeline.alertmanager {
            alert::assert_notified(alertmanager).await;
        }
        expressions::assert_answered(prometheus).await;
    }
    if let Some(behind) = &pipeline.behind {
        let spans = trace::stored(&behind.traces, &calls).await;
        trace::assert_whole(&spans, &calls);
        trace::assert_tree(&behind.traces, &pipeline.demo).await;
        if let Some(prometheus) = &pipeline.prometheus {
            durations::assert_durations(prometheus, &pipeline.demo, &calls, &spans).await;
        }
        if let Some(metrics) = &behind.metrics {
            counts::assert_counted(&metrics.store, &pipeline.demo, &calls).await;
        }
        if let Some(logs) = &behind.logs {
            log::assert_found(logs, &calls).await;
        }
    }
    masked.assert_nowhere(&pipeline).await;
}

/// Calls with every kind of ending, and with secrets wherever a caller can put them.
async fn call(demo: &Demo, masked: &Masked) -> Vec<Call> {
    let mut caller = Caller::connect(demo, masked.meta()).await;
    for city in ["Lisbon", "Oslo", masked.shown()] {
        let weather = json!({ "city": city, "password": masked.password });
        caller.call("get_weather", &weather, Ending::Success).await;
    }
    for days in [3, 7, 20] {
        let period = json!({ "city": "Lisbon", "days": days, "api_key": masked.token });
        caller
            .call("query_database", &period, Ending::Success)
            .await;
    }
    let summary = json!({ "text": masked.text, "model": "small" });
    caller.call("summarise", &summary, Ending::Success).await;
    let report = json!({ "to": masked.mail, "text": masked.text });
    for _ in 0..2 {
        caller.call("send_report", &report, Ending::Success).await;
    }
    let lost = json!({ "to": format!("{}@example.net", masked.token), "text": masked.text });
    for _ in 0..3 {
        caller.call("send_report", &lost, Ending::Timeout).await;
    }
    let invalid = json!({ "city": "Lisbon", "days": masked.password });
    for _ in 0..2 {
        caller
            .call("query_database", &invalid, Ending::InvalidArguments)
            .await;
    }
    let long = json!({ "city": "Lisbon", "days": 70 });
    caller.cancel(demo, "query_database", &long).await;
    for n in 0..12 {
        let unknown = format!("{}_{n}", masked.tool);
        caller
            .call(
                &unknown,
                &json!({ "secret": masked.token }),
                Ending::UnknownTool,
            )
            .await;
    }
    caller.leave().await
}
