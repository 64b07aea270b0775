//! What must not be recorded is nowhere: not in what the stores answer, and not in their files.

use serde_json::{Value, json};

use crate::pipeline::Pipeline;

/// Texts that are unlike any other, for the places where a caller can put secrets.
#[derive(Debug)]
pub(crate) struct Masked {
    pub(crate) password: &'static str,
    pub(crate) token: &'static str,
    pub(crate) mail: &'static str,
    pub(crate) text: &'static str,
    pub(crate) tool: &'static str,
    /// In `_meta`, and in its baggage.
    meta: [&'static str; 2],
    /// Declared to be recorded: if this is not found, neither would the others be.
    shown: &'static str,
}

impl Default for Masked {
    fn default() -> Self {
        Self {
            password: "hunter2-canary-5f1c",
            token: "tok-canary-77aa01",
            mail: "canary.person@example.org",
            text: "Canary report: the vault code is 4711-0815.",
            tool: "canary_tool_9e3b",
            meta: ["meta-canary-c0ffee", "baggage-canary-b00c"],
            shown: "Canaryville-shown",
        }
    }
}

impl Masked {
    /// A city, which the tool that has it as its argument declares to be recorded.
    pub(crate) fn shown(&self) -> &'static str {
        self.shown
    }

    /// What each call has in its `_meta`.
    pub(crate) fn meta(&self) -> Value {
        let [authorization, baggage] = self.meta;
        json!({ "authorization": authorization, "baggage": format!("session={baggage}") })
    }

    /// Asserts that none of it is in anything that is stored, printed or sent to somebody.
    pub(crate) async fn assert_nowhere(&self, pipeline: &Pipeline) {
        let mut places = Vec::new();
        if let Some(prometheus) = &pipeline.prometheus {
            let series = prometheus.everything().await.expect("it answers");
            places.push((
                "Prometheus' series",
                "mcp_unknown_total",
                series.to_string(),
            ));
        }
        if let Some(alertmanager) = &pipeline.alertmanager {
            let sent = Value::from(alertmanager.notifications()).to_string();
            places.push(("the notifications", "McpEnumeration", sent));
        }
        if let Some(behind) = &pipeline.behind {
            let spans = behind.traces.spans().await.expect("it answers");
            let spans = spans.into_iter().map(|it| it.text).collect();
            places.push(("the trace store", self.shown, spans));
            if let Some(metrics) = &behind.metrics {
                let series = metrics.everything().await.expect("it answers");
                places.push(("VictoriaMetrics", "mcp_unknown_total", series));
            }
            if let Some(logs) = &behind.logs {
                let records = logs.records().await.expect("it answers");
                let records = Value::from(records).to_string();
                places.push(("VictoriaLogs", "mcp.tool_call", records));
            }
        }
        for (place, has, text) in places {
            assert!(text.contains(has), "{place} is searched in vain:\n{text}");
            self.assert_not_in(place, text.as_bytes());
        }
        for (path, bytes) in pipeline.directory.files() {
            self.assert_not_in(&path.display().to_string(), &bytes);
        }
    }

    fn assert_not_in(&self, place: &str, bytes: &[u8]) {
        let secrets = [self.password, self.token, self.mail, self.text, self.tool];
        for secret in secrets.into_iter().chain(self.meta) {
            let found = bytes
                .windows(secret.len())
                .any(|it| it == secret.as_bytes());
            assert!(!found, "{secret} is in {place}");
        }
    }
}
