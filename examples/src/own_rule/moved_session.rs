//! A rule of one's own, `moved-session`: tools are called in a session from one address, and soon after from
//! another. Somebody may have got hold of the session's id; or of another network.

use std::collections::HashMap;
use std::mem;

use mcp_observe_detect::{Category, Event, Timestamp};
use serde_json::{Value, json};

/// The longest time between the two calls, in microseconds.
const WINDOW: i64 = 10 * 60 * 1_000_000;

/// So many sessions are remembered for certain, and at most twice as many: callers choose how many there are.
const SESSIONS: usize = 10_000;

/// Where the last call of each session came from.
#[derive(Debug, Default)]
pub(crate) struct MovedSession {
    recent: HashMap<String, Call>,
    /// What `recent` was before it was full.
    older: HashMap<String, Call>,
}

#[derive(Debug)]
struct Call {
    address: String,
    time: Timestamp,
}

impl MovedSession {
    /// Looks at one event; returns the alert, if it is one.
    pub(crate) fn observe(&mut self, event: &Event<'_>) -> Option<Value> {
        let session = event.session.as_deref()?;
        let address = event.client_ip.as_deref()?;
        // A session that a refused request claims says nothing.
        if event.category != Category::ToolCall {
            return None;
        }
        let before = self.remember(session, address, event.timestamp)?;
        let moved = before.address != address && event.timestamp - before.time <= WINDOW;
        if !moved {
            return None;
        }
        let mut alert = json!({
            "timestamp": event.timestamp,
            "schema.version": "1.0",
            "event.category": "mcp.alert",
            "rule.id": "moved-session",
            "rule.name": "A session is used from two addresses",
            "rule.severity": "high",
            "mcp.session.id": session,
            "network.client.ip": address,
            "evidence": { "since": before.time, "before": before.address },
        });
        if let Some(user) = &event.user {
            alert["usr.id"] = json!(user);
        }
        Some(alert)
    }

    /// Remembers a call; returns the session's last one.
    fn remember(&mut self, session: &str, address: &str, time: Timestamp) -> Option<Call> {
        if self.recent.len() >= SESSIONS {
            self.older = mem::take(&mut self.recent);
        }
        let call = Call {
            address: address.to_owned(),
            time,
        };
        let older = self.older.remove(session);
        self.recent.insert(session.to_owned(), call).or(older)
    }
}
