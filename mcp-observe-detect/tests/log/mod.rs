//! Lines of a security log, and what a detector raises about them.
#![allow(dead_code, unreachable_pub)] // Each test uses what it needs.

use mcp_observe_detect::{Config, Detector, Stats, Timestamp};
use serde_json::{Map, Value, json};

/// Noon of a Monday, when nothing is special. Times of lines are in seconds from here.
pub const NOON: i64 = 1_772_452_800;

#[derive(Debug, Clone)]
pub struct Line {
    pub micros: i64,
    fields: Map<String, Value>,
}

/// A successful call of `tool` by `user` at noon.
pub fn call(user: &str, tool: &str) -> Line {
    Line::new("mcp.tool_call")
        .with("usr.id", user)
        .with("mcp.tool.name", tool)
        .with("mcp.method.name", "tools/call")
        .with("status", "success")
        .with("http.status", 200)
}

/// An answer of 401 to `ip`.
pub fn unauthorized(ip: &str) -> Line {
    Line::new("mcp.auth")
        .ip(ip)
        .with("status", "error")
        .with("http.status", 401)
}

/// A request for an unknown method.
pub fn unknown_method(user: &str, hash: u64) -> Line {
    Line::new("mcp.request")
        .with("usr.id", user)
        .with("mcp.method.name", "_OTHER")
        .with("status", "error")
        .with("http.status", 404)
        .unknown(hash)
}

impl Line {
    pub fn new(category: &str) -> Self {
        let mut fields = Map::new();
        fields.insert("schema.version".into(), json!("1.0"));
        fields.insert("event.category".into(), json!(category));
        Self {
            micros: NOON * 1_000_000,
            fields,
        }
    }

    pub fn with(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.fields.insert(key.into(), value.into());
        self
    }

    pub fn without(mut self, key: &str) -> Self {
        self.fields.remove(key);
        self
    }

    /// Seconds from noon.
    #[allow(clippy::cast_possible_truncation)]
    pub fn at(mut self, seconds: f64) -> Self {
        self.micros = NOON * 1_000_000 + (seconds * 1e6).round() as i64;
        self
    }

    pub fn at_time(mut self, time: &str) -> Self {
        self.micros = time.parse::<Timestamp>().expect(time).as_micros();
        self
    }

    pub fn ip(self, ip: &str) -> Self {
        self.with("network.client.ip", ip)
    }

    pub fn session(self, session: &str) -> Self {
        self.with("mcp.session.id", session)
    }

    pub fn client(self, name: &str) -> Self {
        self.with("mcp.client.name", name)
    }

    pub fn tags(self, tags: &[&str]) -> Self {
        self.with("mcp.tool.tags", tags)
    }

    pub fn trace(self, number: u128) -> Self {
        self.with("trace_id", format!("{number:032x}"))
    }

    pub fn unknown(self, hash: u64) -> Self {
        self.with("mcp.unknown.hash", format!("{hash:016x}"))
    }

    pub fn failed(self) -> Self {
        self.with("status", "error").with("http.status", 500)
    }

    pub fn write(&self) -> String {
        let mut fields = Map::new();
        let time = Timestamp::from_micros(self.micros).to_string();
        fields.insert("timestamp".into(), json!(time));
        fields.extend(self.fields.clone());
        Value::Object(fields).to_string()
    }
}

/// So many lines, each made from its number.
pub fn lines(count: usize, line: impl Fn(usize) -> Line) -> Vec<Line> {
    (0..count).map(line).collect()
}

/// `number` as seconds.
pub fn seconds(number: usize) -> f64 {
    f64::from(u32::try_from(number).expect("few"))
}

/// What the detector raised, and what it counted.
pub fn detect(config: &Config, lines: &[Line]) -> (Vec<Value>, Stats) {
    let mut detector = Detector::new(config.clone());
    let mut alerts = Vec::new();
    for line in lines {
        let raised = detector.observe_line(line.write().as_bytes(), &mut |alert| {
            alerts.push(serde_json::from_str(&alert.to_json()).expect("an alert is JSON"));
        });
        raised.expect("a line is an event");
    }
    detector.finish(&mut |alert| {
        alerts.push(serde_json::from_str(&alert.to_json()).expect("an alert is JSON"));
    });
    (alerts, detector.stats().clone())
}

/// The alerts of one rule alone.
pub fn alerts(rule: &str, lines: &[Line]) -> Vec<Value> {
    alerts_with("", rule, lines)
}

/// The same with settings.
pub fn alerts_with(config: &str, rule: &str, lines: &[Line]) -> Vec<Value> {
    let config = Config::from_toml(config).expect(config);
    let mut alerts = detect(&config, lines).0;
    alerts.retain(|alert| alert["rule.id"] == rule);
    alerts
}
