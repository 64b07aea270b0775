//! What a user sets, and what cannot be set.

use mcp_observe_assets::{Assets, AssetsError};

use crate::documents::{rules, string};
use crate::servers::{assets, tools};

/// The expressions of the alert's rules.
fn expressions(assets: &Assets, alert: &str) -> Vec<String> {
    let rules = rules(assets);
    let of_alert = rules.iter().filter(|(_, rule)| rule["alert"] == alert);
    of_alert
        .map(|(_, rule)| string(&rule["expr"]).to_owned())
        .collect()
}

#[test]
fn an_objective_that_alerts_cannot_watch_is_refused() {
    for objective in [0.0, 0.9399, 1.0, 99.0, f64::NAN] {
        let refused = assets("odd", "servers::odd").objective(objective).build();
        let error = refused.expect_err("an objective out of range");
        assert!(matches!(error, AssetsError::Objective(_)), "{error}");
    }
    let strictest = assets("odd", "servers::odd").objective(0.99999).build();
    let fast = expressions(&strictest.expect("assets"), "McpErrorBudgetBurnFast");
    assert!(fast[0].contains("> 0.000144\n"), "{fast:?}");
}

#[test]
fn a_threshold_that_a_histogram_cannot_tell_is_refused() {
    let with = |tool, seconds| {
        let builder = assets("odd", "servers::odd").p95_threshold(tool, seconds);
        builder.build().map(|_| ())
    };
    assert_eq!(with("a/b.c", 0.01), Ok(()));
    let no_tool = AssetsError::NoSuchTool("a/b.d".to_owned());
    assert_eq!(with("a/b.d", 0.01), Err(no_tool));
    for seconds in [0.0001, 0.02, f64::INFINITY] {
        let refused = AssetsError::Threshold {
            tool: "a/b.c".to_owned(),
            seconds,
            smallest: 0.001,
            largest: 0.01,
        };
        assert_eq!(with("a/b.c", seconds), Err(refused));
    }
}

#[test]
fn thresholds_come_from_the_buckets_unless_they_are_set() {
    let built = assets("odd", "servers::odd").p95_threshold("a/b.c", 0.005);
    let slow = expressions(&built.build().expect("assets"), "McpToolSlow");
    let expected = [
        (r"a/b\\.c", ">= 0.005\n"),
        ("one-bound", ">= 0.25\n"),
        (r"takes\\.hours", ">= 600\n"),
    ];
    assert_eq!(slow.len(), expected.len());
    for (expression, (tool, threshold)) in slow.iter().zip(expected) {
        assert!(expression.contains(tool), "{expression}");
        assert!(expression.contains(threshold), "{expression}");
    }
}

#[test]
fn what_is_the_callers_fault_is_no_failure() {
    let unknown = assets("odd", "servers::odd")
        .callers_faults(["found"])
        .build();
    let error = AssetsError::NoSuchErrorClass("found".to_owned());
    assert_eq!(unknown.expect_err("no such class"), error);

    let with = |classes: &[&str]| {
        let builder = assets("odd", "servers::odd").callers_faults(classes.iter().copied());
        builder.build().expect("assets")
    };
    let ratio = |assets: &Assets| {
        let recorded = rules(assets)
            .into_iter()
            .find(|(_, rule)| rule["record"] == "job_tool:mcp_tool_failures:ratio_rate5m");
        string(&recorded.expect("a rule").1["expr"]).to_owned()
    };
    let always = r#"error_type!~"invalid_arguments|-32700|-32600|-32601|-32602|-32002"#;
    assert!(ratio(&with(&[])).contains(&format!("{always}\"")));
    assert!(ratio(&with(&["not_found"])).contains(&format!("{always}|not_found\"")));
}

#[test]
fn alerts_link_to_where_the_runbook_is() {
    let built = assets("odd", "servers::odd").runbook("https://example.net/r.md");
    for (_, rule) in rules(&built.build().expect("assets")) {
        if let Some(alert) = rule["alert"].as_str() {
            let url = format!("https://example.net/r.md#{}", alert.to_lowercase());
            assert_eq!(rule["annotations"]["runbook_url"], url);
        }
    }
}

/// A single bound cannot tell twice as long from as long.
#[test]
fn tools_whose_buckets_cannot_tell_have_no_alert_that_never_fires() {
    let mut tools = tools("servers::odd");
    tools.retain(|tool| tool.name == "one-bound");
    let built = Assets::builder("odd").tools(tools).build();
    let built = built.expect("assets");
    assert_eq!(expressions(&built, "McpToolSlowerThanUsual").len(), 0);
    assert_eq!(expressions(&built, "McpToolSlow").len(), 1);
}
