//! What the agent's session prints.

use crate::demo::child::{Demo, FREE_PORTS};

/// A row of the tree: the branch with the span's name, its kind, its duration, how it failed.
type Row<'a> = (&'a str, &'a str, f64, Option<&'a str>);

/// The rows of the tree that was printed.
pub(crate) fn tree(printed: &str) -> Vec<Row<'_>> {
    printed
        .lines()
        .skip_while(|line| !line.starts_with("One trace"))
        .skip(2)
        .take_while(|line| !line.is_empty())
        .map(row)
        .collect()
}

fn row(line: &str) -> Row<'_> {
    let (row, failure) = match line.split_once('✗') {
        Some((row, failure)) => (row, Some(failure.trim())),
        None => (line, None),
    };
    let (row, _) = row.split_once(" ms").expect("a duration");
    let (row, duration) = row.rsplit_once(' ').expect("a duration");
    let (name, kind) = row.trim_end().rsplit_once(' ').expect("a kind");
    let duration = duration.parse().expect("a number");
    (name.trim(), kind, duration, failure)
}

/// The agent's trace, whatever it took.
pub(crate) fn assert_whole_trace(printed: &str) {
    let rows = tree(printed);
    let shape: Vec<_> = rows
        .iter()
        .map(|&(name, kind, _, failure)| (name, kind, failure))
        .collect();
    assert_eq!(
        shape,
        [
            ("invoke_agent weather-assistant", "INTERNAL", None),
            ("├── tools/call get_weather", "CLIENT", None),
            ("│   └── tools/call get_weather", "SERVER", None),
            ("├── tools/call query_database", "CLIENT", None),
            ("│   └── tools/call query_database", "SERVER", None),
            ("│       └── db.query", "CLIENT", None),
            ("└── tools/call send_report", "CLIENT", Some("tool_error")),
            ("    └── tools/call send_report", "SERVER", Some("timeout")),
        ]
        .map(|(name, kind, failure)| (name.trim(), kind, failure)),
        "{printed}"
    );
}

#[test]
fn the_trace_is_one_tree_from_the_agent_down() {
    let demo = Demo::run(&[&FREE_PORTS[..], &["--once"]].concat(), &[]);
    assert_eq!(demo.code, Some(0), "{demo:#?}");
    assert_eq!(demo.stderr, "");
    assert!(!demo.stdout.contains('\x1b'), "no colour into a pipe");
    assert_whole_trace(&demo.stdout);
}

#[test]
fn a_call_takes_longer_for_the_client_than_for_the_server() {
    let demo = Demo::run(&[&FREE_PORTS[..], &["--once"]].concat(), &[]);
    let took = |kind: &str| {
        tree(&demo.stdout)
            .into_iter()
            .filter(move |row| row.1 == kind && row.0.contains("tools/call"))
            .map(|row| row.2)
            .collect::<Vec<_>>()
    };
    let (clients, servers) = (took("CLIENT"), took("SERVER"));
    assert_eq!((clients.len(), servers.len()), (3, 3), "{}", demo.stdout);
    for (client, server) in clients.iter().zip(&servers) {
        assert!(client >= server && *server > 0.0, "{}", demo.stdout);
    }
}

#[test]
fn the_metrics_tell_of_the_same_calls() {
    let demo = Demo::run(&[&FREE_PORTS[..], &["--once"]].concat(), &[]);
    let table: Vec<Vec<&str>> = demo
        .stdout
        .lines()
        .skip_while(|line| !line.starts_with("The same calls as metrics"))
        .skip(3)
        .take_while(|line| !line.is_empty())
        .map(|line| line.split_whitespace().collect())
        .collect();
    // Name, calls, errors, active, mean, unit, errors by type.
    let counted: Vec<_> = table
        .iter()
        .map(|row| (&row[..4], row.get(6..).unwrap_or_default()))
        .collect();
    assert_eq!(
        counted,
        [
            (&["get_weather", "1", "0", "0"][..], &[][..]),
            (&["query_database", "1", "0", "0"][..], &[][..]),
            (&["send_report", "1", "1", "0"][..], &["timeout", "1"][..]),
            // There from the start, although nobody called it.
            (&["summarise", "0", "0", "0"][..], &[][..]),
        ],
        "{}",
        demo.stdout
    );
    for row in &table[..3] {
        let mean: f64 = row[4].parse().expect("a mean");
        assert!(mean > 0.0, "{row:?}");
    }
}

#[test]
fn arguments_are_recorded_as_far_as_they_are_declared() {
    let demo = Demo::run(&[&FREE_PORTS[..], &["--once"]].concat(), &[]);
    let rows: Vec<(&str, &str)> = demo
        .stdout
        .lines()
        .skip_while(|line| !line.starts_with("What of their arguments is recorded"))
        .skip(2)
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.trim().split_once(' '))
        .map(|(tool, arguments)| (tool, arguments.trim()))
        .collect();
    let Some(("send_report", report)) = rows.get(2) else {
        panic!("{}", demo.stdout);
    };
    assert_eq!(
        rows[..2],
        [
            ("get_weather", r#"{"city":"Lisbon"}"#),
            ("query_database", r#"{"city":"Lisbon","days":7}"#),
        ]
    );
    assert!(
        report.starts_with(r#"{"to":"[hash:"#) && !report.contains("text"),
        "{report}"
    );

    let variable = "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT";
    let flags = [&FREE_PORTS[..], &["--once"]].concat();
    let off = Demo::run(&flags, &[(variable, "false")]);
    assert_eq!(off.code, Some(0), "{off:#?}");
    assert!(!off.stdout.contains("arguments is recorded"), "{off:#?}");
}

#[test]
fn what_the_environment_turns_off_is_said_to_be_off() {
    let flags = [&FREE_PORTS[..], &["--once"]].concat();
    let disabled = Demo::run(&flags, &[("OTEL_SDK_DISABLED", "true")]);
    assert_eq!(disabled.code, Some(0), "{disabled:#?}");
    assert!(disabled.stdout.contains("No trace:"), "{disabled:#?}");
    assert!(disabled.stdout.contains("No metrics:"), "{disabled:#?}");

    let unsampled = Demo::run(&flags, &[("OTEL_TRACES_SAMPLER", "always_off")]);
    assert_eq!(unsampled.code, Some(0), "{unsampled:#?}");
    assert!(unsampled.stdout.contains("No trace:"), "{unsampled:#?}");
    assert!(unsampled.stdout.contains("send_report"), "{unsampled:#?}");
}
