//! Tools behind an observed rmcp handler.

use mcp_observe::rmcp::Observed;
use mcp_observe::{LabelValue, Usage, carry, mcp_tool, record_usage};
use mcp_observe_tests::Capture;
use mcp_observe_tests::connect::connect;
use rmcp::handler::server::router::tool::ToolRouter;
use rmcp::handler::server::wrapper::Parameters;
use rmcp::model::CallToolRequestParams;
use rmcp::service::RequestContext;
use rmcp::{RoleServer, ServerHandler, tool, tool_handler, tool_router};
use serde_json::{Value, json};

use super::{Team, all_of, counted, usage};

#[derive(Clone, Copy, LabelValue)]
enum Size {
    Small,
}

#[derive(serde::Deserialize, schemars::JsonSchema)]
struct Question {
    team: Team,
}

#[derive(Clone)]
struct Tools {
    tool_router: ToolRouter<Self>,
}

#[tool_router]
impl Tools {
    #[mcp_tool(tokens, labels(team = question.team))]
    #[tool]
    async fn asks(&self, Parameters(question): Parameters<Question>) -> String {
        record_usage(Usage::new(100, 10).cache_read(40));
        let task = carry(async { record_usage(Usage::new(1, 1)) });
        tokio::spawn(task).await.expect("the task ends");
        helps(Size::Small);
        match question.team {
            Team::Search => "search".to_owned(),
            Team::Support => "support".to_owned(),
        }
    }

    #[tool]
    async fn without_attribute(&self) -> String {
        record_usage(Usage::new(6, 1));
        "done".to_owned()
    }

    /// Answers at once, and lets another tool work in a task, as rmcp's `TaskManager` does.
    #[mcp_tool(tokens)]
    #[tool]
    async fn spawns(&self, context: RequestContext<RoleServer>) -> String {
        let this = self.clone();
        tokio::spawn(async move { this.in_task(Team::Support, context).await })
            .await
            .expect("the task ends")
    }

    #[mcp_tool(tokens, labels(team))]
    async fn in_task(&self, team: Team, _context: RequestContext<RoleServer>) -> String {
        record_usage(Usage::new(30, 3));
        match team {
            Team::Search => "search".to_owned(),
            Team::Support => "support".to_owned(),
        }
    }
}

#[mcp_tool(tokens, labels(size))]
fn helps(size: Size) -> bool {
    record_usage(Usage::new(1_000, 0));
    matches!(size, Size::Small)
}

#[tool_handler(router = self.tool_router)]
impl ServerHandler for Tools {}

async fn call(tool: &'static str, arguments: Value) -> Capture {
    let capture = Capture::new();
    let tools = Tools {
        tool_router: Tools::tool_router(),
    };
    let observed = Observed::builder(tools).telemetry(&capture.telemetry);
    let client = connect(observed.build()).await;
    let Value::Object(arguments) = arguments else {
        panic!("{arguments} is no object");
    };
    let request = CallToolRequestParams::new(tool).with_arguments(arguments);
    client.call_tool(request).await.expect("an answer");
    capture
}

#[tokio::test]
async fn a_call_is_charged_whatever_is_between() {
    let capture = call("asks", json!({ "team": "support" })).await;
    let labels = [("tool_name", "asks"), ("team", "support")];
    assert_eq!(
        counted(&capture, &labels),
        [1_061.0, 40.0, 0.0, 11.0, 0.0].map(Some)
    );
    assert_eq!(all_of(&capture, "asks"), 1_112.0);
    assert_eq!(all_of(&capture, "helps"), 0.0);
    assert_eq!(
        usage(&capture.span("tools/call asks")),
        [
            "cache_read.input_tokens=40",
            "input_tokens=101",
            "output_tokens=11",
        ]
    );
    let inner = capture.span("execute_tool helps");
    assert_eq!(usage(&inner), ["input_tokens=1000", "output_tokens=0"]);
}

/// It cannot declare anything.
#[tokio::test]
async fn a_tool_without_the_attribute_is_charged_as_well() {
    let capture = call("without_attribute", json!({})).await;
    let labels = [("tool_name", "without_attribute")];
    assert_eq!(
        counted(&capture, &labels),
        [6.0, 0.0, 0.0, 1.0, 0.0].map(Some)
    );
    let span = capture.span("tools/call without_attribute");
    assert_eq!(usage(&span), ["input_tokens=6", "output_tokens=1"]);
}

/// What works in a task of its own is no part of the call, which may have ended: it is charged itself.
#[tokio::test]
async fn a_tool_in_a_task_of_its_own_is_charged_with_its_labels() {
    let capture = call("spawns", json!({})).await;
    let labels = [("tool_name", "in_task"), ("team", "support")];
    assert_eq!(
        counted(&capture, &labels),
        [30.0, 0.0, 0.0, 3.0, 0.0].map(Some)
    );
    assert_eq!(all_of(&capture, "spawns"), 0.0);
    let span = capture.span("execute_tool in_task");
    assert_eq!(usage(&span), ["input_tokens=30", "output_tokens=3"]);
    let calls = capture.sum("mcp_tool_calls_total", &[("tool_name", "in_task")]);
    assert_eq!(calls, 0.0, "it was not called as a message");
}
