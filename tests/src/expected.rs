//! What all signals of one tool call must show: the outcome table, for tests to compare with.

use opentelemetry::trace::{SpanKind, Status};

use crate::{Capture, attribute};

/// A row of the outcome table.
#[derive(Debug, Clone, Copy)]
pub struct Expected {
    /// The label `status`.
    pub status: &'static str,
    /// `error.type` on the span and on the operation duration.
    pub error_type: Option<&'static str>,
    /// `error_type` of the errors counter.
    pub counted: Option<&'static str>,
    /// `rpc.response.status_code`.
    pub code: Option<&'static str>,
}

impl Expected {
    /// Returned normally.
    pub const SUCCESS: Self = Self {
        status: "success",
        error_type: None,
        counted: None,
        code: None,
    };

    /// The client cancelled, or the future was dropped.
    pub const CANCELLED: Self = Self {
        status: "cancelled",
        error_type: Some("cancelled"),
        counted: None,
        code: None,
    };

    /// Failed in band, or without an answer.
    #[must_use]
    pub fn failed(class: &'static str) -> Self {
        Self {
            status: "error",
            error_type: Some(class),
            counted: Some(class),
            code: None,
        }
    }

    /// A JSON-RPC error that is the server's fault.
    #[must_use]
    pub fn servers_fault(code: &'static str) -> Self {
        Self {
            code: Some(code),
            ..Self::failed(code)
        }
    }

    /// A JSON-RPC error that is the caller's fault.
    #[must_use]
    pub fn callers_fault(code: &'static str) -> Self {
        Self {
            status: "error",
            error_type: None,
            counted: Some(code),
            code: Some(code),
        }
    }

    /// Checks that exactly one call of `tool` was exported, and that every signal says the same of
    /// it; `more` are the labels that its operation duration has from the transport.
    ///
    /// # Panics
    /// If not.
    pub fn check(&self, capture: &Capture, tool: &str, more: &[(&str, &str)]) {
        let span = capture.span(&format!("tools/call {tool}"));
        let on_span = |key: &str| attribute(&span, key);
        assert_eq!(span.span_kind, SpanKind::Server);
        assert_eq!(on_span("mcp.method.name").as_deref(), Some("tools/call"));
        assert_eq!(on_span("gen_ai.tool.name").as_deref(), Some(tool));
        assert_eq!(on_span("error.type").as_deref(), self.error_type);
        assert_eq!(on_span("rpc.response.status_code").as_deref(), self.code);
        assert_eq!(span.events.len(), 0, "nothing is recorded as an event");
        match self.error_type {
            None => assert_eq!(span.status, Status::Unset),
            Some(_) => assert_eq!(span.status, Status::error("")),
        }

        let lasted = span.end_time.duration_since(span.start_time);
        let seconds = lasted.expect("it ends after it starts").as_secs_f64();
        let mut labels = vec![
            ("mcp_method_name", "tools/call"),
            ("gen_ai_operation_name", "execute_tool"),
            ("gen_ai_tool_name", tool),
        ];
        labels.extend(more);
        labels.extend(self.error_type.map(|class| ("error_type", class)));
        labels.extend(self.code.map(|code| ("rpc_response_status_code", code)));
        let operations = "mcp_server_operation_duration_seconds";
        let of_operations = |part: &str| capture.metric(&format!("{operations}_{part}"), &labels);
        assert_eq!(of_operations("count"), Some(1.0));
        assert_close(of_operations("sum"), seconds);

        let name = ("tool_name", tool);
        let invocations = "mcp_tool_invocation_duration_seconds";
        for status in ["success", "error", "cancelled"] {
            let labels = [name, ("status", status)];
            let part = |part: &str| capture.metric(&format!("{invocations}_{part}"), &labels);
            let is_this = status == self.status;
            assert_eq!(part("count"), Some(f64::from(u8::from(is_this))));
            assert_close(part("sum"), if is_this { seconds } else { 0.0 });
        }
        assert_eq!(capture.metric("mcp_tool_calls_total", &[name]), Some(1.0));
        assert_eq!(capture.metric("mcp_tool_active", &[name]), Some(0.0));
        let all = capture.sum("mcp_tool_errors_total", &[name]);
        assert_close(Some(all), f64::from(u8::from(self.counted.is_some())));
        if let Some(class) = self.counted {
            let labels = [name, ("error_type", class)];
            assert_eq!(capture.metric("mcp_tool_errors_total", &labels), Some(1.0));
        }
    }
}

/// Equal but for the nanosecond that the span's wall-clock times are rounded to.
fn assert_close(measured: Option<f64>, expected: f64) {
    let measured = measured.expect("there is such a series");
    assert!(
        (measured - expected).abs() < 2e-9,
        "{measured} is not {expected}"
    );
}
