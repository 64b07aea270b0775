//! The rounds of a call (protocol 2026-07-28): in one trace, each linked to the one before, on both
//! sides; what the user takes to answer is no time of the server's.

use std::time::Duration;

use mcp_observe::mcp_tool;
use mcp_observe::rmcp::Observed;
use mcp_observe_tests::wire::{Wire, eventually, modern_meta, request};
use mcp_observe_tests::{Capture, attribute};
use opentelemetry::trace::{SpanKind, TraceContextExt as _, Tracer as _, TracerProvider as _};
use opentelemetry_sdk::trace::{SdkTracerProvider, SpanData};
use rmcp::handler::server::router::tool::ToolRouter;
use rmcp::handler::server::tool::{InputResponses, RequestState};
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, GetPromptRequestParams,
    GetPromptResponse, GetPromptResult, InputRequiredResult, ReadResourceRequestParams,
    ReadResourceResponse, ReadResourceResult, ServerCapabilities, ServerConfig,
};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer, ServerHandler, tool, tool_handler, tool_router};
use serde_json::{Value, json};

use super::delegation::form;
use super::fixture::{Session, User, assert_below, error, links, of};

#[derive(Clone)]
struct Rounds {
    tool_router: ToolRouter<Self>,
}

fn asked(state: Option<&str>) -> InputRequiredResult {
    let request = json!({ "who": { "method": "elicitation/create", "params": form("who?") } });
    InputRequiredResult::new(Some(of(request)), state.map(str::to_owned))
}

fn asks(state: Option<&str>) -> CallToolResponse {
    asked(state).into()
}

fn done() -> CallToolResponse {
    CallToolResult::success(vec![]).into()
}

#[tool_router]
impl Rounds {
    fn new() -> Self {
        Self {
            tool_router: Self::tool_router(),
        }
    }

    /// Three rounds; the state is the same for all calls.
    #[mcp_tool]
    #[tool]
    async fn with_state(&self, RequestState(state): RequestState) -> CallToolResponse {
        match state.as_deref() {
            None => asks(Some("second")),
            Some("second") => asks(Some("third")),
            Some(_) => done(),
        }
    }

    #[mcp_tool]
    #[tool]
    async fn without_state(&self, InputResponses(answers): InputResponses) -> CallToolResponse {
        if answers.is_none() {
            asks(None)
        } else {
            done()
        }
    }

    #[mcp_tool]
    #[tool]
    async fn asks_for_nothing(&self, RequestState(state): RequestState) -> CallToolResponse {
        if state.is_some() {
            return done();
        }
        InputRequiredResult::from_request_state("again").into()
    }

    #[mcp_tool]
    #[tool]
    async fn is_cancelled(&self, context: RequestContext<RoleServer>) -> CallToolResponse {
        context.ct.cancelled().await;
        asks(Some("never"))
    }
}

#[tool_handler(router = self.tool_router)]
impl ServerHandler for Rounds {
    fn get_info(&self) -> ServerConfig {
        ServerConfig::new(ServerCapabilities::builder().enable_tools().build())
    }

    async fn get_prompt(
        &self,
        request: GetPromptRequestParams,
        _context: RequestContext<RoleServer>,
    ) -> Result<GetPromptResponse, ErrorData> {
        Ok(match request.request_state {
            None => asked(Some("prompt")).into(),
            Some(_) => of::<GetPromptResult>(json!({ "messages": [] })).into(),
        })
    }

    async fn read_resource(
        &self,
        request: ReadResourceRequestParams,
        _context: RequestContext<RoleServer>,
    ) -> Result<ReadResourceResponse, ErrorData> {
        Ok(match request.input_responses {
            None => asked(None).into(),
            Some(_) => of::<ReadResourceResult>(json!({ "contents": [] })).into(),
        })
    }
}

async fn session() -> Session {
    let mut user = User::default();
    user.thinks = Duration::from_millis(20);
    Session::modern(Rounds::new(), user).await
}

fn counted(capture: &Capture, state: &str) -> Option<f64> {
    capture.metric("mcp_rounds_total", &[("state", state)])
}

/// Each round of the client's, with the server's below it; each linked to the one before.
fn rounds(session: &Session, name: &str) -> Vec<(SpanData, SpanData)> {
    // The two need not know the same names of prompts.
    let named = |capture: &Capture| {
        let mut spans = capture.spans();
        spans.retain(|span| span.name.starts_with(name));
        spans
    };
    let (sent, handled) = (named(&session.client), named(&session.server));
    assert_eq!(sent.len(), handled.len());
    for (sent, handled) in sent.iter().zip(&handled) {
        assert_eq!(sent.span_kind, SpanKind::Client);
        assert_eq!(handled.span_kind, SpanKind::Server);
        assert_below(handled, sent);
    }
    for spans in [&sent, &handled] {
        assert_eq!(links(&spans[0]), []);
        for pair in spans.windows(2) {
            assert_eq!(links(&pair[1]), [pair[0].span_context.span_id()]);
            assert_eq!(
                pair[1].span_context.trace_id(),
                pair[0].span_context.trace_id()
            );
            let kind = attribute(&pair[0], "mcp.result.type");
            assert_eq!(kind.as_deref(), Some("input_required"));
        }
    }
    sent.into_iter().zip(handled).collect()
}

#[tokio::test]
async fn rounds_share_a_trace_and_are_linked() {
    for (tool, count, interim) in [
        ("with_state", 3, 2.0),
        ("without_state", 2, 1.0),
        ("asks_for_nothing", 2, 1.0),
    ] {
        let session = session().await;
        session.call(tool).await;
        let rounds = rounds(&session, &format!("tools/call {tool}"));
        assert_eq!(rounds.len(), count, "{tool}");
        assert_eq!(counted(&session.server, "input_required"), Some(interim));
        assert_eq!(counted(&session.server, "resumed"), Some(interim));
    }
}

#[tokio::test]
async fn prompts_and_resources_have_rounds_as_well() {
    let session = session().await;
    let prompt = session.peer.get_prompt(GetPromptRequestParams::new("p"));
    prompt.await.expect("a prompt");
    assert_eq!(rounds(&session, "prompts/get").len(), 2);
    let resource = session
        .peer
        .read_resource(ReadResourceRequestParams::new("memo://one"));
    resource.await.expect("a resource");
    assert_eq!(rounds(&session, "resources/read").len(), 2);
    assert_eq!(counted(&session.server, "resumed"), Some(2.0));
}

#[tokio::test]
async fn a_question_in_a_result_is_answered_between_two_rounds() {
    let session = session().await;
    session.call("without_state").await;
    let rounds = rounds(&session, "tools/call without_state");
    let answered = session.client.span("elicitation/create");
    assert_eq!(answered.span_kind, SpanKind::Server);
    // It was in a result: it has no request of its own, and belongs to the call.
    assert_eq!(attribute(&answered, "jsonrpc.request.id"), None);
    assert_below(&answered, &rounds[0].0);
    // No span of the call's is open meanwhile, on either side.
    for (sent, handled) in &rounds {
        for span in [sent, handled] {
            let before = span.end_time <= answered.start_time;
            let after = span.start_time >= answered.end_time;
            assert!(before || after, "{} {}", span.name, answered.name);
        }
    }
}

/// Below the caller's span, where it has one.
#[tokio::test]
async fn the_callers_span_is_the_parent_of_rounds_and_answers() {
    let session = session().await;
    let tracer = SdkTracerProvider::builder().build().tracer("agent");
    let agent = opentelemetry::Context::new().with_span(tracer.start("agent"));
    let id = agent.span().span_context().span_id();
    let call = session.call("with_state");
    opentelemetry::trace::FutureExt::with_context(call, agent).await;
    for (sent, _) in rounds(&session, "tools/call with_state") {
        assert_eq!(sent.parent_span_id, id);
    }
    let answers = session.client.spans_named("elicitation/create");
    assert_eq!(answers.len(), 2);
    for answer in answers {
        assert_eq!(answer.parent_span_id, id);
    }
}

#[tokio::test]
async fn a_round_that_nobody_comes_back_for_is_seen() {
    let session = session().await;
    let params = CallToolRequestParams::new("with_state");
    let answer = session.peer.call_tool_once(params).await;
    assert!(matches!(answer, Ok(CallToolResponse::InputRequired(_))));
    assert_eq!(counted(&session.server, "input_required"), Some(1.0));
    assert_eq!(counted(&session.server, "resumed"), Some(0.0));
}

fn call(id: u32, params: Value, trace: Option<u32>) -> Value {
    let mut params = params;
    params["_meta"] = modern_meta(&match trace {
        Some(trace) => json!({ "traceparent": format!("00-{trace:032x}-{id:016x}-01") }),
        None => json!({}),
    });
    request(id, "tools/call", &params)
}

fn handled(capture: &Capture, id: u32) -> SpanData {
    let spans = capture.spans();
    let with_id =
        |it: &&SpanData| attribute(it, "jsonrpc.request.id").is_some_and(|it| it == id.to_string());
    spans.iter().find(with_id).expect("a span").clone()
}

fn wire(capture: &Capture) -> Wire {
    let handler = Observed::builder(Rounds::new())
        .telemetry(&capture.telemetry)
        .build();
    Wire::serve(handler)
}

/// Two callers with the same `requestState`, as it is the server's own name for a step.
#[tokio::test]
async fn calls_with_a_state_in_common_are_told_apart() {
    let capture = Capture::new();
    let mut wire = wire(&capture);
    let first = json!({ "name": "with_state" });
    let second = json!({ "name": "with_state", "requestState": "second" });
    wire.ask(&call(1, first.clone(), Some(0xA))).await;
    wire.ask(&call(2, first, Some(0xB))).await;
    wire.ask(&call(3, second.clone(), Some(0xA))).await;
    wire.ask(&call(4, second.clone(), Some(0xB))).await;
    // It tries again, which is no other round.
    wire.ask(&call(5, second, Some(0xA))).await;
    let id = |of: u32| handled(&capture, of).span_context.span_id();
    assert_eq!(links(&handled(&capture, 3)), [id(1)]);
    assert_eq!(links(&handled(&capture, 4)), [id(2)]);
    assert_eq!(links(&handled(&capture, 5)), [id(1)]);
    assert_eq!(counted(&capture, "resumed"), Some(2.0));
    wire.close().await;
}

/// Answers alone may be anyone's.
#[tokio::test]
async fn a_round_without_state_is_linked_within_its_trace_alone() {
    let capture = Capture::new();
    let mut wire = wire(&capture);
    let first = json!({ "name": "without_state" });
    let second = json!({ "name": "without_state", "inputResponses": { "who": {} } });
    wire.ask(&call(1, first.clone(), Some(0xA))).await;
    wire.ask(&call(2, second.clone(), Some(0xB))).await;
    assert_eq!(links(&handled(&capture, 2)), []);
    wire.ask(&call(3, first, None)).await;
    wire.ask(&call(4, second, None)).await;
    assert_eq!(links(&handled(&capture, 4)), []);
    // They are counted all the same.
    assert_eq!(counted(&capture, "input_required"), Some(2.0));
    assert_eq!(counted(&capture, "resumed"), Some(2.0));
    wire.close().await;
}

/// rmcp answers with an error instead: nobody will come back.
#[tokio::test]
async fn an_interim_result_that_the_client_cannot_be_given_is_no_round() {
    let capture = Capture::new();
    let handler = Observed::builder(Rounds::new())
        .telemetry(&capture.telemetry)
        .build();
    let mut wire = Wire::initialized(handler, "2025-11-25").await;
    let call = request(1, "tools/call", &json!({ "name": "with_state" }));
    let answer = wire.ask(&call).await;
    assert_eq!(answer["error"]["code"], -32_600);
    assert_eq!(counted(&capture, "input_required"), Some(0.0));
    wire.close().await;
}

/// Its caller does not get to know what was asked.
#[tokio::test]
async fn a_cancelled_round_is_none() {
    let capture = Capture::new();
    let mut wire = wire(&capture);
    let first = json!({ "name": "is_cancelled" });
    wire.send(&call(1, first, None).to_string()).await;
    let params = json!({ "requestId": 1, "_meta": modern_meta(&json!({})) });
    let cancel = json!({ "jsonrpc": "2.0", "method": "notifications/cancelled", "params": params });
    wire.send(&cancel.to_string()).await;
    let name = "tools/call is_cancelled";
    eventually("it is cancelled", || !capture.spans_named(name).is_empty()).await;
    assert_eq!(error(&capture.span(name)).as_deref(), Some("cancelled"));
    assert_eq!(counted(&capture, "input_required"), Some(0.0));
    wire.close().await;
}

/// An instance without traces counts rounds as one with them.
#[tokio::test]
async fn rounds_are_counted_without_traces() {
    let telemetry = mcp_observe::Telemetry::builder()
        .build()
        .expect("the instance can be made");
    let handler = Observed::builder(Rounds::new())
        .telemetry(&telemetry)
        .build();
    let mut wire = Wire::serve(handler);
    wire.ask(&call(1, json!({ "name": "with_state" }), Some(0xA)))
        .await;
    let second = json!({ "name": "with_state", "requestState": "second" });
    wire.ask(&call(2, second, Some(0xA))).await;
    let text = telemetry.prometheus_text();
    assert!(
        text.contains(r#"mcp_rounds_total{state="input_required"} 2"#),
        "{text}"
    );
    assert!(
        text.contains(r#"mcp_rounds_total{state="resumed"} 1"#),
        "{text}"
    );
    wire.close().await;
}
