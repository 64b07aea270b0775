//! Tools of one name in one binary, as of two servers or of two versions: each call is recorded as that of
//! the function that carried it out.

use mcp_observe::rmcp::Observed;
use mcp_observe_tests::Capture;
use mcp_observe_tests::connect::connect;
use mcp_observe_tests::security::Lines;
use rmcp::model::{CallToolRequestParams, CallToolResponse, CallToolResult};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer, ServerHandler};
use serde_json::{Value, json};

use crate::{CALLS, FINISHED, call};

mod first {
    #[mcp_observe::mcp_tool(name = "namesake", tags(source))]
    pub(super) fn plain() {}
}

mod second {
    #[derive(Debug, thiserror::Error, mcp_observe::ErrorType)]
    #[error("too fast")]
    pub(super) struct TooFast;

    #[mcp_observe::mcp_tool(
        name = "namesake",
        labels(fast),
        tags(sink),
        buckets = [0.25, 2.0],
        tokens
    )]
    pub(super) fn labelled(fast: bool) -> Result<(), TooFast> {
        mcp_observe::record_usage(mcp_observe::Usage::new(7, 0));
        if fast { Err(TooFast) } else { Ok(()) }
    }
}

struct Both;

impl ServerHandler for Both {
    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let argument = |arguments: rmcp::model::JsonObject| arguments["fast"].as_bool();
        let result = match request.arguments.and_then(argument) {
            Some(fast) if second::labelled(fast).is_err() => CallToolResult::error(vec![]),
            Some(_) => CallToolResult::success(vec![]),
            None => {
                first::plain();
                CallToolResult::success(vec![])
            }
        };
        Ok(result.into())
    }
}

const ACTIVE: &str = "mcp_tool_active";
const ERRORS: &str = "mcp_tool_errors_total";
const BUCKETS: &str = "mcp_tool_invocation_duration_seconds_bucket";
const TOKENS: &str = "mcp_tool_tokens_total";

#[tokio::test]
async fn a_call_is_recorded_with_what_its_own_function_declares() {
    let lines = Lines::default();
    let capture: Capture = lines.capture(|log| log, |builder| builder);
    let observed = Observed::builder(Both)
        .telemetry(&capture.telemetry)
        .build();
    let client = connect(observed).await;
    for request in [
        CallToolRequestParams::new("namesake"),
        call("namesake", &json!({ "fast": true })),
        call("namesake", &json!({ "fast": false })),
        CallToolRequestParams::new("namesake"),
    ] {
        client.call_tool(request).await.expect("an answer");
    }
    let name = ("tool_name", "namesake");
    let (slow, fast) = (("fast", "false"), ("fast", "true"));
    for metric in [CALLS, FINISHED] {
        assert_eq!(capture.sum(metric, &[name]), 4.0, "{metric}");
        assert_eq!(capture.sum(metric, &[name, slow]), 1.0, "{metric}");
        assert_eq!(capture.sum(metric, &[name, fast]), 1.0, "{metric}");
        assert_eq!(capture.sum(metric, &[name, ("fast", "_OTHER")]), 0.0);
    }
    assert_eq!(capture.metric(ACTIVE, &[name]), Some(0.0));
    let class = ("error_type", "too_fast");
    assert_eq!(capture.metric(ERRORS, &[name, class]), Some(1.0));
    assert_eq!(capture.sum(ERRORS, &[name]), 1.0);
    assert_eq!(capture.sum(TOKENS, &[name]), 14.0);
    // Its own buckets, and those that others have.
    let labelled = [name, fast, ("status", "error"), ("le", "2")];
    assert_eq!(capture.sum(BUCKETS, &labelled), 1.0);
    let plain = [name, ("status", "success"), ("le", "5")];
    assert_eq!(capture.sum(BUCKETS, &plain), 2.0);
    let text = lines.text(&capture.telemetry);
    let event = |line| serde_json::from_str::<Value>(line).expect("JSON");
    let tags: Vec<_> = text
        .lines()
        .map(|line| event(line)["mcp.tool.tags"].clone())
        .collect();
    let (first, second) = (json!(["source"]), json!(["sink"]));
    assert_eq!(tags, [&first, &second, &second, &first].map(Clone::clone));
}

/// A call that no function was entered for is none of theirs, and is counted all the same.
#[tokio::test]
async fn a_call_that_no_function_carried_out_is_counted() {
    struct Neither;

    impl ServerHandler for Neither {
        fn get_tool(&self, name: &str) -> Option<rmcp::model::Tool> {
            let schema = std::sync::Arc::default();
            (name == "namesake").then(|| rmcp::model::Tool::new("namesake", "", schema))
        }

        async fn call_tool(
            &self,
            _: CallToolRequestParams,
            _: RequestContext<RoleServer>,
        ) -> Result<CallToolResponse, ErrorData> {
            Err(ErrorData::invalid_params("not like this", None))
        }
    }

    let capture = Capture::new();
    let observed = Observed::builder(Neither)
        .telemetry(&capture.telemetry)
        .build();
    let client = connect(observed).await;
    let request = CallToolRequestParams::new("namesake");
    client.call_tool(request).await.expect_err("it is refused");
    let name = ("tool_name", "namesake");
    assert_eq!(capture.sum(CALLS, &[name]), 1.0);
    assert_eq!(capture.sum(FINISHED, &[name]), 1.0);
    assert_eq!(capture.metric(ACTIVE, &[name]), Some(0.0));
}

/// Whoever declares them in which order, the same values are the same series.
#[test]
fn the_order_of_labels_makes_no_series() {
    mod one {
        #[mcp_observe::mcp_tool(name = "reordered", labels(fast, loud))]
        pub(super) fn fast_first(fast: bool, loud: bool) -> bool {
            fast && loud
        }
    }
    mod other {
        #[mcp_observe::mcp_tool(name = "reordered", labels(loud, fast))]
        pub(super) fn loud_first(fast: bool, loud: bool) -> bool {
            fast && loud
        }
    }
    let capture = Capture::installed();
    one::fast_first(true, false);
    other::loud_first(true, false);
    let labels = [
        ("tool_name", "reordered"),
        ("fast", "true"),
        ("loud", "false"),
    ];
    assert_eq!(capture.metric(CALLS, &labels), Some(2.0));
    let success = [&labels[..], &[("status", "success")]].concat();
    assert_eq!(capture.metric(FINISHED, &success), Some(2.0));
}
