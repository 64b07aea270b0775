//! What comes of events that are recorded, read where sinks write it.

mod channel;
mod file;
mod hostile;
mod line;
mod loss;
mod sinks;

use std::io::{self, Write};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use serde_json::{Map, Value};

use super::{Category, Event, SecurityLogBuilder};
use crate::closed::Method;
use crate::operation::outcome::Status;
use crate::telemetry::Telemetry;

/// Longer than anything takes that does not hang.
const BOUND: Duration = Duration::from_secs(30);

/// A moment: 2026-11-24T20:57:13.012345Z.
const NOW: Duration = Duration::from_micros(1_795_553_833_012_345);

fn telemetry(log: SecurityLogBuilder) -> Telemetry {
    Telemetry::builder()
        .security_log(log.clock(|| SystemTime::UNIX_EPOCH + NOW))
        .build()
        .expect("it can be made")
}

fn record(telemetry: &Telemetry, event: &Event<'_>) {
    telemetry
        .security_log()
        .expect("there is one")
        .record(event);
}

/// A call that went well.
fn call(tool: &str) -> Event<'_> {
    Event {
        method: Some(Method::TOOLS_CALL),
        tool: Some(tool),
        ..Event::new(Category::ToolCall, 200, Status::Success)
    }
}

/// What was written, by whoever has a clone.
#[derive(Debug, Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl Written {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().expect("not poisoned").clone()).expect("text")
    }

    fn tools(&self) -> Vec<String> {
        tools(&self.text())
    }
}

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("not poisoned").write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn parsed(line: &str) -> Map<String, Value> {
    serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))
}

/// The tools of the lines, each of which must be whole.
fn tools(text: &str) -> Vec<String> {
    assert!(text.is_empty() || text.ends_with('\n'), "{text}");
    let tool = |line| {
        let event = parsed(line);
        event["mcp.tool.name"].as_str().expect("a name").to_owned()
    };
    text.lines().map(tool).collect()
}
