//! Stores that are away for half a minute: what the queues promise to hold is there when they are back.

use std::time::{Duration, Instant};

use serde_json::json;
use tokio::time::{MissedTickBehavior, interval};

use crate::caller::{Caller, Ending};
use crate::pipeline::{Pipeline, Wanted};
use crate::{log, trace};

/// How long they are away.
const AWAY: Duration = Duration::from_secs(30);

/// From one call to the next.
const PACE: Duration = Duration::from_millis(250);

#[tokio::test(flavor = "multi_thread")]
async fn stores_that_were_away_have_everything_when_they_are_back() {
    let mut pipeline = Pipeline::start("outage", Wanted::Exported).await;
    let Some(behind) = &mut pipeline.behind else {
        return;
    };
    let mut caller = Caller::connect(&pipeline.demo, json!({})).await;
    let lisbon = json!({ "city": "Lisbon" });
    caller.call("get_weather", &lisbon, Ending::Success).await;

    behind.traces.stop().await;
    if let Some(logs) = &mut behind.logs {
        logs.stop().await;
    }
    let begin = Instant::now();
    let mut pace = interval(PACE);
    pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while begin.elapsed() < AWAY {
        pace.tick().await;
        caller.call("get_weather", &lisbon, Ending::Success).await;
    }
    behind.traces.start_again(&pipeline.directory).await;
    if let Some(logs) = &mut behind.logs {
        logs.start_again(&pipeline.directory).await;
    }

    let calls = caller.leave().await;
    assert!(calls.len() > 10, "{} calls", calls.len());
    let spans = trace::stored(&behind.traces, &calls).await;
    trace::assert_whole(&spans, &calls);
    if let Some(logs) = &behind.logs {
        log::assert_found(logs, &calls).await;
    }
    if let Some(lost) = behind.collector.lost().await {
        assert!(lost.is_empty(), "the collector has lost some: {lost:?}");
    }
    pipeline.demo.end().await;
}
