//! The queries are of the languages that they are meant to be: the parsers of Grafana's and Prometheus's
//! editors read them.

use regex::Captures;
use serde_json::{Value, json};

use crate::links;
use crate::panels::{list, panels, text};
use crate::servers::{self, Server};
use crate::types::judged;
use crate::variables::{self, VARIABLE};

/// A query of the dashboard with values in place of its variables.
fn filled(query: &str) -> String {
    let value = |found: &Captures<'_>| match variables::name(found) {
        "__rate_interval" | "__range" | "__auto" => "5m",
        "slow" => "1s",
        price if price.starts_with("price_") => "3.00",
        "job" => "weather",
        _ => "one|two",
    };
    VARIABLE.replace_all(query, value).into_owned()
}

fn query(language: &str, query: &str) -> Value {
    json!({ "language": language, "query": filled(query) })
}

/// All queries of a dashboard: of its panels, annotations and links.
fn queries(server: &Server) -> Vec<Value> {
    let mut queries = vec![];
    for target in panels(&server.dashboard)
        .iter()
        .flat_map(|panel| list(&panel["targets"]))
    {
        queries.push(match text(&target["datasource"]["type"]) {
            "prometheus" => query("promql", text(&target["expr"])),
            "loki" => query("logql", text(&target["expr"])),
            "tempo" => query("traceql", text(&target["query"])),
            other => panic!("{other} is asked by no panel"),
        });
    }
    for annotation in list(&server.dashboard["annotations"]["list"]) {
        if let Some(expression) = annotation["target"]["expr"].as_str() {
            queries.push(query("promql", expression));
        }
    }
    for link in links::all(&server.dashboard) {
        for asked in link.queries() {
            queries.push(match asked["query"].as_str() {
                Some(traces) => query("traceql", traces),
                None => query("logql", text(&asked["expr"])),
            });
        }
    }
    queries
}

#[test]
fn queries_can_be_read() {
    let all: Vec<_> = servers::all().iter().flat_map(queries).collect();
    for language in ["promql", "logql", "traceql"] {
        let some = all.iter().filter(|it| it["language"] == language).count();
        assert!(some > 4, "{language}: {some}");
    }
    let complaints = judged("queries.mjs", "", &json!(all)).concat();
    assert!(complaints.is_empty(), "{complaints:#?}");
}

#[test]
fn what_cannot_be_read_is_found() {
    let wrong = [
        (
            "promql",
            "histogram_quantile(0.95, rate(x[5m])) by (tool_name)",
        ),
        ("promql", "rate(x[$__no_interval])"),
        ("logql", r#"{service_name="a"} | status="#),
        ("traceql", r"{ span.gen_ai.tool.name && status == error }"),
    ];
    let queries = wrong.map(|(language, query)| json!({ "language": language, "query": query }));
    let complaints = judged("queries.mjs", "", &json!(queries));
    for ((_, query), complaints) in wrong.iter().zip(complaints) {
        assert!(!complaints.is_empty(), "{query}");
    }
}
