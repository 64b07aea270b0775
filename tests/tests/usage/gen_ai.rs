//! Spans of agents and models.

use std::future::{pending, ready};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use mcp_observe::gen_ai::{inference, invoke_agent};
use mcp_observe::{ErrorType, Usage, mcp_tool, record_usage};
use mcp_observe_tests::{Capture, attribute, attributes};
use opentelemetry::trace::{SpanId, SpanKind, Status};
use opentelemetry_sdk::trace::SpanData;

use super::{all_of, usage};

fn is_below(span: &SpanData, parent: &SpanData) -> bool {
    span.parent_span_id == parent.span_context.span_id()
        && span.span_context.trace_id() == parent.span_context.trace_id()
}

#[tokio::test]
async fn an_agents_calls_are_one_trace() {
    #[mcp_tool(tokens)]
    async fn called_by_agent() {
        record_usage(Usage::new(9, 0));
    }
    let capture = Capture::installed();
    // Not `Send`: an agent may be anything.
    let not_send = Rc::new(());
    invoke_agent("assistant")
        .id("asst_1")
        .conversation_id("conv_0")
        .conversation_id("conv_1")
        .provider("openai")
        .model("gpt-5-mini")
        .run(async {
            inference("openai", "agents-model")
                .conversation_id("conv_1")
                .run(async {
                    record_usage(Usage::new(20, 10).reasoning(6));
                    Ok::<_, String>(())
                })
                .await?;
            tokio::task::yield_now().await;
            called_by_agent().await;
            drop(not_send);
            Ok::<_, String>(())
        })
        .await
        .expect("it succeeds");

    let agent = capture.span("invoke_agent assistant");
    assert_eq!(agent.span_kind, SpanKind::Internal);
    assert_eq!(agent.parent_span_id, SpanId::INVALID);
    assert_eq!(agent.status, Status::Unset);
    assert_eq!(
        attributes(&agent),
        [
            "gen_ai.agent.id=asst_1",
            "gen_ai.agent.name=assistant",
            "gen_ai.conversation.id=conv_1",
            "gen_ai.operation.name=invoke_agent",
            "gen_ai.provider.name=openai",
            "gen_ai.request.model=gpt-5-mini",
        ],
        "the tokens stand on the model's span and the tool's, and on no second one"
    );
    let model = capture.span("chat agents-model");
    assert_eq!(model.span_kind, SpanKind::Client);
    assert!(is_below(&model, &agent));
    assert_eq!(
        attributes(&model),
        [
            "gen_ai.conversation.id=conv_1",
            "gen_ai.operation.name=chat",
            "gen_ai.provider.name=openai",
            "gen_ai.request.model=agents-model",
            "gen_ai.usage.input_tokens=20",
            "gen_ai.usage.output_tokens=10",
            "gen_ai.usage.reasoning.output_tokens=6",
        ]
    );
    // Called from outside of any tool it is a message.
    let tool = capture.span("tools/call called_by_agent");
    assert_eq!(tool.span_kind, SpanKind::Server);
    assert!(is_below(&tool, &agent));
    assert_eq!(all_of(capture, "called_by_agent"), 9.0);
}

/// Where no span of a model is open, the agent's is the one that the conventions have for them.
#[test]
fn tokens_of_an_agent_without_a_models_span_are_on_its_own() {
    let capture = Capture::installed();
    let use_some = || {
        record_usage(Usage::new(3, 1));
        Ok::<_, String>(())
    };
    let agent = invoke_agent("without-model");
    agent.run_sync(use_some).expect("it succeeds");
    let span = capture.span("invoke_agent without-model");
    assert_eq!(usage(&span), ["input_tokens=3", "output_tokens=1"]);
}

#[tokio::test]
async fn a_models_span_has_the_tokens_and_the_tool_is_charged() {
    #[mcp_tool(tokens)]
    async fn asks_model() {
        let model = || inference("anthropic", "tools-model");
        let ask = async { record_usage(Usage::new(10, 5)) };
        model().run_with(ask, |()| None).await;
        record_usage(Usage::new(1, 0));
    }
    let capture = Capture::installed();
    asks_model().await;
    let tool = capture.span("tools/call asks_model");
    let model = capture.span("chat tools-model");
    assert!(is_below(&model, &tool));
    assert_eq!(usage(&model), ["input_tokens=10", "output_tokens=5"]);
    assert_eq!(usage(&tool), ["input_tokens=1", "output_tokens=0"]);
    assert_eq!(all_of(capture, "asks_model"), 16.0);
}

/// A tool that an agent inside of a tool calls is part of that tool's call.
#[tokio::test]
async fn an_agent_in_a_tool_does_not_make_messages_of_what_it_calls() {
    #[mcp_tool(tokens)]
    fn agents_inner() {
        record_usage(Usage::new(2, 0));
    }
    #[mcp_tool(tokens)]
    async fn agents_outer() {
        let work = async { agents_inner() };
        invoke_agent("in-tool").run_with(work, |()| None).await;
    }
    let capture = Capture::installed();
    agents_outer().await;
    let inner = capture.span("execute_tool agents_inner");
    assert!(is_below(&inner, &capture.span("invoke_agent in-tool")));
    assert_eq!(all_of(capture, "agents_outer"), 2.0);
    assert_eq!(all_of(capture, "agents_inner"), 0.0);
}

fn ended(span: &SpanData) -> (Option<String>, Status) {
    (attribute(span, "error.type"), span.status.clone())
}

#[derive(Debug, ErrorType)]
enum ModelError {
    Overloaded,
}

#[tokio::test]
async fn a_failure_has_the_class_of_its_error() {
    let capture = Capture::installed();
    let fail = || ready(Err::<(), _>(std::fmt::Error));
    let _ = invoke_agent("fails").run(fail()).await;
    let _ = inference("openai", "fails").run_sync(|| Err::<(), _>(std::fmt::Error));
    for span in ["invoke_agent fails", "chat fails"] {
        let class = Some("core::fmt::Error".to_owned());
        assert_eq!(ended(&capture.span(span)), (class, Status::error("")));
    }

    // Its type's name is no class.
    let any = std::io::Error::other("secret").into();
    let fail = ready(Err::<(), Box<dyn std::error::Error>>(any));
    let _ = invoke_agent("fails-somehow").run(fail).await;
    let class = Some("_OTHER".to_owned());
    let span = capture.span("invoke_agent fails-somehow");
    assert_eq!(ended(&span), (class, Status::error("")));

    let fail = ready(Err::<(), _>(ModelError::Overloaded));
    let class_of = |it: &Result<_, ModelError>| it.as_ref().err().map(ModelError::error_type);
    let _ = inference("openai", "busy").run_with(fail, class_of).await;
    let class = Some("overloaded".to_owned());
    let span = capture.span("chat busy");
    assert_eq!(ended(&span), (class, Status::error("")));
}

#[tokio::test]
async fn work_that_is_dropped_was_cancelled() {
    let capture = Capture::installed();
    let mut work = Box::pin(invoke_agent("dropped").run(pending::<Result<(), String>>()));
    tokio::select! {
        biased;
        _ = &mut work => panic!("it never ends"),
        () = ready(()) => {}
    }
    drop(work);
    let class = Some("cancelled".to_owned());
    let span = capture.span("invoke_agent dropped");
    assert_eq!(ended(&span), (class, Status::error("")));
}

#[tokio::test]
async fn work_that_is_never_begun_is_no_span() {
    let capture = Capture::installed();
    drop(invoke_agent("never-begun").run(pending::<Result<(), String>>()));
    assert!(capture.spans_named("invoke_agent never-begun").is_empty());
}

#[test]
fn a_panic_is_the_works() {
    let capture = Capture::installed();
    let panics = || -> Result<(), String> { panic!("in the work") };
    let work = || invoke_agent("panics").run_sync(panics);
    catch_unwind(AssertUnwindSafe(work)).expect_err("it goes on");
    let class = Some("panic".to_owned());
    let span = capture.span("invoke_agent panics");
    assert_eq!(ended(&span), (class, Status::error("")));
}
