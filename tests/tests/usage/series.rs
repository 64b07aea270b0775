//! Which series there are: of tools that declare tokens from the start, of others when they occur.

use std::sync::OnceLock;

use mcp_observe::{Usage, mcp_tool, record_usage, tools};
use mcp_observe_tests::Capture;
use mcp_observe_tests::written::Written;

use super::{TOKENS, TYPES, Team, counted};

#[mcp_tool(tokens, labels(team), budget = 320)]
fn declared(team: Team) -> bool {
    matches!(team, Team::Search)
}

#[mcp_tool(labels(team))]
fn undeclared(team: Team) -> bool {
    record_usage(Usage::new(4, 2));
    matches!(team, Team::Search)
}

fn log() -> &'static Written {
    static LOG: OnceLock<Written> = OnceLock::new();
    LOG.get_or_init(|| {
        let log = Written::default();
        let writer = log.clone();
        mcp_observe::logs::Logs::json()
            .writer(move || writer.clone())
            .init(&Capture::installed().telemetry)
            .expect("nothing else logs");
        log
    })
}

#[test]
fn declared_ones_are_there_at_zero() {
    let capture = Capture::new();
    for team in ["search", "support", "_OTHER"] {
        let labels = [("tool_name", "declared"), ("team", team)];
        assert_eq!(counted(&capture, &labels), [Some(0.0); TYPES.len()]);
    }
    let labels = [("tool_name", "undeclared"), ("team", "search")];
    assert_eq!(counted(&capture, &labels), [None; TYPES.len()]);
}

#[test]
fn they_are_in_the_budget() {
    let of = |name: &str| {
        let tool = tools().into_iter().find(|tool| tool.name == name);
        let tool = tool.expect("it is listed");
        (tool.tokens, tool.series)
    };
    // (2 + 1) x (1 + 3 x (6 + 3)) + 15 + 1 + 12 x 17
    assert_eq!(of("undeclared"), (false, 3 * 28 + 220));
    assert_eq!(of("declared"), (true, 3 * (28 + 5) + 220));
    assert!(declared(Team::Search));
}

/// Counted all the same, with its labels; the log says so once.
#[test]
fn undeclared_ones_begin_when_they_are_used() {
    let (capture, log) = (Capture::installed(), log());
    undeclared(Team::Search);
    undeclared(Team::Search);
    let labels = |team| [("tool_name", "undeclared"), ("team", team)];
    let searched = [8.0, 0.0, 0.0, 4.0, 0.0].map(Some);
    assert_eq!(counted(capture, &labels("search")), searched);
    assert_eq!(
        counted(capture, &labels("support")),
        [None; TYPES.len()],
        "no other combination has series by that"
    );
    let line = log.line("records token usage without declaring it");
    assert!(line.contains("tool `undeclared`"), "{line}");
    assert!(line.contains("\"level\":\"WARN\""), "{line}");
}

#[test]
fn the_unit_is_no_part_of_the_name() {
    let text = Capture::new().telemetry.prometheus_text();
    assert!(text.contains(&format!("# TYPE {TOKENS} counter")), "{text}");
}
