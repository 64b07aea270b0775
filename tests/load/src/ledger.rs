//! How often what was counted, signal by signal: as it must be, and as it is.

use std::collections::{BTreeMap, BTreeSet};

use mcp_observe_tests::{Series, series};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::kind::Operation;

/// A signal that counts operations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Signal {
    /// Spans, by name, error type and code.
    Spans,
    /// `mcp_server_operation_duration_seconds`, by method, tool, error type and code.
    OperationDurations,
    /// `mcp_tool_calls_total`, by tool and label.
    Calls,
    /// `mcp_tool_invocation_duration_seconds`, by tool, status and label.
    ToolDurations,
    /// `mcp_tool_errors_total`, by tool and class.
    Errors,
    /// `mcp_unknown_total`, by kind.
    Unknown,
    /// Lines of the security log, by category, tool, status and class.
    Events,
}

impl Signal {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Spans,
        Self::OperationDurations,
        Self::Calls,
        Self::ToolDurations,
        Self::Errors,
        Self::Unknown,
        Self::Events,
    ];

    /// What it is called in tables.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Spans => "spans",
            Self::OperationDurations => "operation durations",
            Self::Calls => "tool calls",
            Self::ToolDurations => "tool durations",
            Self::Errors => "tool errors",
            Self::Unknown => "unknown tools and methods",
            Self::Events => "security events",
        }
    }
}

/// The counts of all signals, each by what it tells apart.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ledger(BTreeMap<Signal, BTreeMap<String, u64>>);

/// The key of labels that may be missing.
fn key(parts: &[Option<&str>]) -> String {
    let parts: Vec<&str> = parts.iter().map(|it| it.unwrap_or("-")).collect();
    parts.join(" ")
}

/// Codes that MCP does not have are no label.
fn as_label(code: &'static str) -> &'static str {
    if code == "-31999" { "_OTHER" } else { code }
}

impl Ledger {
    /// Adds to a count.
    pub fn count(&mut self, signal: Signal, key: String, times: u64) {
        if times > 0 {
            *self.0.entry(signal).or_default().entry(key).or_default() += times;
        }
    }

    /// Adds what an operation must come to, so often.
    pub fn expect(&mut self, it: &Operation, times: u64) {
        let known = it.tool.filter(|tool| *tool != "_OTHER");
        let name = known.map_or_else(
            || it.method.to_owned(),
            |tool| format!("{} {tool}", it.method),
        );
        let span = key(&[Some(&*name), it.error_type, it.code]);
        self.count(Signal::Spans, span, times);
        let code = it.code.map(as_label);
        let duration = key(&[Some(it.method), it.tool, it.error_type, code]);
        self.count(Signal::OperationDurations, duration, times);
        if let Some(tool) = known {
            let tool = Some(tool);
            self.count(Signal::Calls, key(&[tool, it.size]), times);
            let lasted = key(&[tool, Some(it.status), it.size]);
            self.count(Signal::ToolDurations, lasted, times);
            if it.counted.is_some() {
                self.count(Signal::Errors, key(&[tool, it.counted]), times);
            }
        } else if it.tool.is_some() {
            self.count(Signal::Unknown, "tool".to_owned(), times);
        } else if it.method == "_OTHER" {
            self.count(Signal::Unknown, "method".to_owned(), times);
        }
        let category = match (it.tool, it.status) {
            (Some(_), _) => "mcp.tool_call",
            (None, "error") => "mcp.request",
            (None, _) => return,
        };
        let kind = it.counted.or(it.error_type);
        let event = key(&[Some(category), it.tool, Some(it.status), kind]);
        self.count(Signal::Events, event, times);
    }

    /// Adds what is scraped.
    pub fn scrape(&mut self, text: &str) {
        for series in series(text) {
            let label = |name: &str| {
                let label = series.labels.iter().find(|(key, _)| key == name);
                label.map(|(_, value)| value.as_str())
            };
            let tool = label("tool_name");
            let (signal, key) = match &*series.name {
                "mcp_server_operation_duration_seconds_count" => {
                    let parts = [
                        label("mcp_method_name"),
                        label("gen_ai_tool_name"),
                        label("error_type"),
                        label("rpc_response_status_code"),
                    ];
                    (Signal::OperationDurations, key(&parts))
                }
                "mcp_tool_calls_total" => (Signal::Calls, key(&[tool, label("size")])),
                "mcp_tool_invocation_duration_seconds_count" => {
                    let parts = [tool, label("status"), label("size")];
                    (Signal::ToolDurations, key(&parts))
                }
                "mcp_tool_errors_total" => (Signal::Errors, key(&[tool, label("error_type")])),
                "mcp_unknown_total" => (Signal::Unknown, key(&[label("kind")])),
                _ => continue,
            };
            self.count(signal, key, whole(&series));
        }
    }

    /// Adds a span that was exported.
    pub fn span(&mut self, name: &str, error_type: Option<&str>, code: Option<&str>) {
        self.count(Signal::Spans, key(&[Some(name), error_type, code]), 1);
    }

    /// Adds a line of the security log.
    pub fn event(&mut self, event: &Map<String, Value>) {
        let get = |key: &str| event.get(key).and_then(Value::as_str);
        let parts = [
            get("event.category"),
            get("mcp.tool.name"),
            get("status"),
            get("error.kind"),
        ];
        self.count(Signal::Events, key(&parts), 1);
    }

    /// Adds all counts of another one.
    pub fn add(&mut self, other: &Self) {
        for (signal, counts) in &other.0 {
            for (key, times) in counts {
                self.count(*signal, key.clone(), *times);
            }
        }
    }

    /// The sum of a signal's counts.
    #[must_use]
    pub fn total(&self, signal: Signal) -> u64 {
        self.0.get(&signal).map_or(0, |it| it.values().sum())
    }

    /// Where this differs from what must be: the signal and what it tells apart, how much is there, and
    /// how much must be.
    #[must_use]
    pub fn differences(&self, expected: &Self, signal: Signal) -> Vec<(String, u64, u64)> {
        let none = BTreeMap::new();
        let found = self.0.get(&signal).unwrap_or(&none);
        let expected = expected.0.get(&signal).unwrap_or(&none);
        let keys: BTreeSet<&String> = found.keys().chain(expected.keys()).collect();
        let at = |counts: &BTreeMap<String, u64>, key| counts.get(key).copied().unwrap_or(0);
        keys.into_iter()
            .map(|key| (key.clone(), at(found, key), at(expected, key)))
            .filter(|(_, found, expected)| found != expected)
            .collect()
    }
}

/// The value of a count.
#[must_use]
pub fn whole(series: &Series) -> u64 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "counts are whole numbers"
    )]
    let value = series.value as u64;
    value
}

/// The sum of a counter's series that have this label, as they are scraped.
#[must_use]
pub fn scraped(text: &str, name: &str, label: Option<(&str, &str)>) -> u64 {
    let has = |series: &Series| {
        label.is_none_or(|(key, value)| series.labels.iter().any(|(k, v)| k == key && v == value))
    };
    let all = series(text).into_iter();
    all.filter(|series| series.name == name && has(series))
        .map(|series| whole(&series))
        .sum()
}
