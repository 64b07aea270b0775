//! What the agent does after its first session: it goes on calling, in rounds that are all the same, so
//! that there is data to look at, and how much of it is known. A round has every kind of outcome.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::{Interval, MissedTickBehavior, interval, timeout};

use crate::agent::{self, Agent};

/// The cities that each round has a report on, and how many days back.
const REPORTS: [(&str, u16, &str); 8] = [
    ("Lisbon", 7, "small"),
    ("Reykjavik", 14, "small"),
    ("Nairobi", 7, "small"),
    ("San Francisco", 30, "large"),
    ("Oslo", 7, "small"),
    ("Bogota", 14, "small"),
    ("Kuala Lumpur", 7, "large"),
    ("Porto", 90, "small"),
];

/// How long the agent waits for a call that takes longer.
const PATIENCE: Duration = Duration::from_millis(200);

/// Calls so many times a minute, until something is wrong with the server. Calls that take longer than
/// there is time for are not made up for.
pub(crate) async fn run(server: SocketAddr, calls_per_minute: NonZeroU32) -> Result<(), String> {
    let mut pace = interval(Duration::from_secs(60) / calls_per_minute.get());
    pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let agent = Agent::connect(server).await?;
        for (city, days, model) in REPORTS {
            agent::work(report(&agent, &mut pace, city, days, model)).await;
        }
        agent::work(mishaps(&agent, &mut pace)).await;
        agent.leave().await?;
    }
}

/// A report on a city, written and sent.
async fn report(agent: &Agent, pace: &mut Interval, city: &str, days: u16, model: &str) {
    pace.tick().await;
    agent.call("get_weather", json!({ "city": city })).await;
    pace.tick().await;
    let period = json!({ "city": city, "days": days });
    agent.call("query_database", period).await;
    pace.tick().await;
    let text = format!("{city} is clear. It was as warm as on most of the last {days} days.");
    agent
        .call("summarise", json!({ "text": text, "model": model }))
        .await;
    pace.tick().await;
    let report = json!({ "to": "crew@example.com", "text": text });
    agent.call("send_report", report).await;
}

/// All that goes wrong.
async fn mishaps(agent: &Agent, pace: &mut Interval) {
    // The agent has no more patience, and cancels the call. First of all, so that the server hears of
    // it before the session ends.
    pace.tick().await;
    let long = agent.call("query_database", json!({ "city": "Porto", "days": 60 }));
    let _ = timeout(PATIENCE, long).await;
    let calls: [(&str, Value); 4] = [
        // A mail relay that does not answer.
        (
            "send_report",
            json!({ "to": "crew@example.net", "text": "Porto: clear." }),
        ),
        // More than the model reads.
        (
            "summarise",
            json!({ "text": "Porto: clear. ".repeat(400), "model": "small" }),
        ),
        // What a model makes up: arguments of another type, and a tool that is not there.
        (
            "query_database",
            json!({ "city": "Porto", "days": "the whole year" }),
        ),
        ("send_fax", json!({ "to": "crew@example.com" })),
    ];
    for (tool, arguments) in calls {
        pace.tick().await;
        agent.call(tool, arguments).await;
    }
    pace.tick().await;
    agent.request("weather/subscribe").await;
}
