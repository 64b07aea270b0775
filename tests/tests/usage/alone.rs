//! Tools whose calls the macro observes by itself, and the tools and tasks inside of them.

use mcp_observe::{Usage, carry, mcp_tool, record_usage};
use mcp_observe_tests::Capture;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::{Team, all_of, counted, usage};

/// All tokens are of one type each on the counter; on the span the conventions' totals stand.
#[tokio::test]
async fn several_uses_of_one_call_add_up() {
    #[mcp_tool(tokens)]
    async fn adds_up() {
        let usage = Usage::new(100, 50);
        record_usage(usage.cache_read(60).cache_creation(30).reasoning(20));
        tokio::task::yield_now().await;
        record_usage(Usage::new(7, 1));
    }
    let capture = Capture::installed();
    adds_up().await;
    let of_tool = [("tool_name", "adds_up")];
    assert_eq!(
        counted(capture, &of_tool),
        [17.0, 60.0, 30.0, 31.0, 20.0].map(Some)
    );
    assert_eq!(
        usage(&capture.span("tools/call adds_up")),
        [
            "cache_creation.input_tokens=30",
            "cache_read.input_tokens=60",
            "input_tokens=107",
            "output_tokens=51",
            "reasoning.output_tokens=20",
        ]
    );
}

#[test]
fn parts_that_were_not_used_are_not_on_the_span() {
    #[mcp_tool(tokens)]
    fn embeds() {
        record_usage(Usage::new(12, 0));
    }
    #[mcp_tool(tokens)]
    fn uses_nothing() {}
    let capture = Capture::installed();
    embeds();
    uses_nothing();
    let span = capture.span("tools/call embeds");
    assert_eq!(usage(&span), ["input_tokens=12", "output_tokens=0"]);
    let none: [&str; 0] = [];
    assert_eq!(usage(&capture.span("tools/call uses_nothing")), none);
}

#[test]
fn tokens_have_the_labels_of_the_call() {
    #[mcp_tool(tokens, labels(team))]
    fn labelled(team: Team, tokens: u64) -> bool {
        record_usage(Usage::new(tokens, 0));
        matches!(team, Team::Search)
    }
    let capture = Capture::installed();
    labelled(Team::Search, 1);
    labelled(Team::Search, 2);
    labelled(Team::Support, 10);
    for (team, tokens) in [("search", 3.0), ("support", 10.0), ("_OTHER", 0.0)] {
        let labels = [("tool_name", "labelled"), ("team", team)];
        assert_eq!(counted(capture, &labels)[0], Some(tokens), "{team}");
    }
}

/// The inner call is no message: whoever counts calls and tokens by tool counts both for the outer one.
#[test]
fn a_tool_that_another_one_calls_uses_tokens_of_that_call() {
    #[mcp_tool(tokens, labels(team))]
    fn inner(team: Team) -> bool {
        record_usage(Usage::new(5, 3));
        matches!(team, Team::Search)
    }
    #[mcp_tool(tokens, labels(team))]
    fn outer(team: Team) -> bool {
        record_usage(Usage::new(100, 0));
        inner(Team::Support) && matches!(team, Team::Search)
    }
    let capture = Capture::installed();
    outer(Team::Search);
    let of_outer = [("tool_name", "outer"), ("team", "search")];
    let counted = counted(capture, &of_outer);
    assert_eq!((counted[0], counted[3]), (Some(105.0), Some(3.0)));
    assert_eq!(all_of(capture, "outer"), 108.0);
    assert_eq!(all_of(capture, "inner"), 0.0);
    let on = |span: &str| usage(&capture.span(span));
    let outer = ["input_tokens=100", "output_tokens=0"];
    assert_eq!(on("tools/call outer"), outer);
    assert_eq!(
        on("execute_tool inner"),
        ["input_tokens=5", "output_tokens=3"]
    );
}

#[tokio::test]
async fn a_carried_task_uses_tokens_of_its_call_before_and_after_its_end() {
    #[mcp_tool(tokens, labels(team))]
    async fn carries(team: Team, go_on: oneshot::Receiver<()>) -> [JoinHandle<bool>; 1] {
        tokio::spawn(carry(async { record_usage(Usage::new(10, 4)) }))
            .await
            .expect("the task ends");
        [tokio::spawn(carry(async move {
            go_on.await.expect("it is told");
            record_usage(Usage::new(1_000, 0));
            matches!(team, Team::Search)
        }))]
    }
    let capture = Capture::installed();
    let (tell, go_on) = oneshot::channel();
    let [outlives] = carries(Team::Support, go_on).await;
    let labels = [("tool_name", "carries"), ("team", "support")];
    assert_eq!(counted(capture, &labels)[0], Some(10.0));
    tell.send(()).expect("it waits");
    outlives.await.expect("the task ends");
    assert_eq!(counted(capture, &labels)[0], Some(1_010.0));
    let span = capture.span("tools/call carries");
    assert_eq!(usage(&span), ["input_tokens=10", "output_tokens=4"]);
}

/// The tokens were used, whatever became of the call.
#[test]
fn a_call_that_panics_has_used_its_tokens() {
    #[mcp_tool(tokens)]
    fn panics() {
        record_usage(Usage::new(8, 2));
        panic!("afterwards");
    }
    let capture = Capture::installed();
    std::panic::catch_unwind(panics).expect_err("it goes on");
    assert_eq!(all_of(capture, "panics"), 10.0);
    let span = capture.span("tools/call panics");
    assert_eq!(usage(&span), ["input_tokens=8", "output_tokens=2"]);
}

#[test]
fn outside_of_any_tool_nothing_is_counted() {
    let capture = Capture::installed();
    record_usage(Usage::new(123_456_789, 0));
    let text = capture.telemetry.prometheus_text();
    assert!(!text.contains("123456789"), "{text}");
}

#[tokio::test]
async fn a_builders_switch_leaves_it_off_spans_of_tools() {
    use mcp_observe::gen_ai;
    #[mcp_tool(tokens)]
    async fn switched_off() -> Result<(), String> {
        record_usage(Usage::new(1, 1));
        gen_ai::inference("openai", "switched-off")
            .run(async {
                record_usage(Usage::new(2, 2));
                Ok(())
            })
            .await
    }
    let capture = Capture::with(|builder| builder.usage_on_tool_spans(false));
    // Directly below an agent's work a tool is observed by the agent's instance.
    gen_ai::invoke_agent("switched-off")
        .telemetry(&capture.telemetry)
        .run(switched_off())
        .await
        .expect("it succeeds");
    let none: [&str; 0] = [];
    assert_eq!(usage(&capture.span("tools/call switched_off")), none);
    let model = capture.span("chat switched-off");
    assert_eq!(usage(&model), ["input_tokens=2", "output_tokens=2"]);
    assert_eq!(all_of(&capture, "switched_off"), 6.0);
}
