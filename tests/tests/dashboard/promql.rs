//! Queries for metrics: whose they are, and that they sum nothing that must not be summed.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use mcp_observe::metric::{self, Kind};
use regex::Regex;

use crate::panels::{list, panel, panels, text};
use crate::servers::{self, PATH, Server};

/// The queries of panels and annotations, with where they are.
fn queries(server: &Server) -> BTreeSet<(String, String)> {
    let mut queries = BTreeSet::new();
    for panel in panels(&server.dashboard) {
        for target in list(&panel["targets"]) {
            if target["datasource"]["type"] == "prometheus" {
                let place = text(&panel["title"]).to_owned();
                queries.insert((place, text(&target["expr"]).to_owned()));
            }
        }
    }
    for annotation in list(&server.dashboard["annotations"]["list"]) {
        if let Some(query) = annotation["target"]["expr"].as_str() {
            queries.insert((text(&annotation["name"]).to_owned(), query.to_owned()));
        }
    }
    queries
}

#[test]
fn expressions_are_the_queries_of_the_file() {
    for server in servers::all() {
        let expressions: BTreeSet<_> = server
            .assets
            .expressions()
            .iter()
            .filter(|it| it.path == PATH)
            .map(|it| (it.place.clone(), it.promql.clone()))
            .collect();
        let asked = queries(server);
        let differing: Vec<_> = expressions.symmetric_difference(&asked).collect();
        assert!(differing.is_empty(), "{}: {differing:#?}", server.name);
    }
}

#[test]
fn what_may_be_empty_says_why() {
    for server in servers::all() {
        let expressions = server.assets.expressions();
        for expression in expressions.iter().filter(|it| it.path == PATH) {
            // `> 0` and `ALERTS` are for what is not there on a good day.
            let query = &expression.promql;
            if query.contains("ALERTS") || query.contains("> 0") || query.contains("unless") {
                assert!(expression.may_be_empty.is_some(), "{query}");
            }
            let reason = expression.may_be_empty.unwrap_or("a reason");
            assert!(!reason.is_empty() && !reason.ends_with('.'), "{reason}");
        }
    }
}

/// Every selector: a name with labels, or labels alone.
fn selectors(query: &str) -> Vec<String> {
    static SELECTOR: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"[A-Za-z_][A-Za-z0-9_]*\{[^{}]*\}|\(\{[^{}]*\}").expect("a regex")
    });
    let found = SELECTOR.find_iter(query);
    found.map(|it| it.as_str().to_owned()).collect()
}

#[test]
fn every_selector_is_of_the_server_and_known() {
    let names: BTreeSet<String> = metric::ALL
        .iter()
        .flat_map(|metric| {
            match metric.kind {
                Kind::Histogram { .. } => vec!["_bucket", "_sum", "_count"],
                _ => vec![""],
            }
            .into_iter()
            .map(|suffix| format!("{}{suffix}", metric.prometheus_name))
        })
        // Prometheus's own, and that of mcp-observe-detect.
        .chain(["ALERTS", "up", "mcp_alerts_total"].map(str::to_owned))
        .collect();
    let any = Regex::new(r#"__name__=~"([^"]*)""#).expect("a regex");
    for server in servers::all() {
        for (place, query) in queries(server) {
            let selectors = selectors(&query);
            assert!(!selectors.is_empty(), "{place}: {query}");
            for selector in &selectors {
                assert!(selector.contains(r#"job="$job""#), "{place}: {selector}");
                let (name, _) = selector.split_once('{').expect("labels");
                let asked: Vec<_> = match any.captures(selector) {
                    Some(any) => any[1].split('|').map(str::to_owned).collect(),
                    None => vec![name.to_owned()],
                };
                for name in asked {
                    assert!(names.contains(&name), "{place}: {name}");
                }
            }
            // Nothing is asked outside of a selector.
            let outside = selectors
                .iter()
                .fold(query.clone(), |rest, selector| rest.replace(selector, ""));
            let bare = names.iter().find(|name| outside.contains(name.as_str()));
            let bare = bare.filter(|name| name.len() > 2);
            assert_eq!(bare, None, "{place}: {query}");
        }
    }
}

/// Series of tools are those of the chosen ones.
#[test]
fn tools_are_chosen_by_the_variable() {
    // Marks on all panels.
    let of_all = ["Restarts"];
    // How many series there are.
    let of_the_server = ["Time series"];
    for server in servers::all() {
        for (place, query) in queries(server) {
            if of_all.contains(&&*place) || of_the_server.contains(&&*place) {
                continue;
            }
            for selector in selectors(&query) {
                if selector.contains("mcp_tool_") {
                    let chosen = r#"tool_name=~"$tool_name""#;
                    assert!(selector.contains(chosen), "{place}: {selector}");
                }
            }
        }
    }
}

/// The buckets of tools that have others cannot be summed: the sum would be of nothing that was measured.
#[test]
fn durations_are_summed_over_equal_buckets_only() {
    let grouped = Regex::new(r"sum by \(([^)]*)\) \([a-z]+\(([^\[]*)\[").expect("a regex");
    let matcher = Regex::new(r#"tool_name=~?"([^"$]*)""#).expect("a regex");
    for server in servers::all() {
        let mut summed = 0;
        for (place, query) in queries(server) {
            for found in grouped.captures_iter(&query) {
                if !found[2].starts_with("mcp_tool_invocation_duration_seconds_bucket") {
                    continue;
                }
                summed += 1;
                if found[1].split(", ").any(|label| label == "tool_name") {
                    continue;
                }
                let tools = matcher.captures(&found[2]);
                let tools = tools.unwrap_or_else(|| panic!("{place}: {query}"));
                let names: Vec<_> = tools[1].split('|').map(|it| it.replace('\\', "")).collect();
                let buckets: Vec<_> = names
                    .iter()
                    .map(|name| {
                        let tool = server.tools.iter().find(|it| it.name == name);
                        tool.unwrap_or_else(|| panic!("{name}: {query}")).buckets
                    })
                    .collect();
                assert!(buckets.windows(2).all(|two| two[0] == two[1]), "{query}");
            }
        }
        assert!(summed >= 6, "{}: {summed}", server.name);
    }
}

#[test]
fn each_tool_is_in_one_heat_map() {
    for (name, expected) in [("one", 1), ("weather-demo", 2), ("odd", 3), ("spending", 1)] {
        let server = servers::all().iter().find(|it| it.name.contains(name));
        let server = server.expect("a server");
        let maps: Vec<_> = panels(&server.dashboard)
            .into_iter()
            .filter(|it| it["type"] == "heatmap")
            .map(|it| text(&it["targets"][0]["expr"]))
            .collect();
        assert_eq!(maps.len(), expected, "{maps:?}");
        for tool in &server.tools {
            let escaped = tool.name.replace('.', r"\\.");
            let of_tool = maps.iter().filter(|it| it.contains(&escaped)).count();
            assert_eq!(of_tool, 1, "{}: {maps:?}", tool.name);
        }
    }
}

/// Each legend and title column is a label that the series have.
#[test]
fn legends_name_labels_of_the_series() {
    let label = Regex::new(r"\{\{(\w+)\}\}").expect("a regex");
    let by = Regex::new(r"by \(([^)]*)\)").expect("a regex");
    for server in servers::all() {
        for panel in panels(&server.dashboard) {
            for target in list(&panel["targets"]) {
                let Some(legend) = target["legendFormat"].as_str() else {
                    continue;
                };
                let query = text(&target["expr"]);
                let groups: Vec<_> = by.captures_iter(query).map(|it| it[1].to_owned()).collect();
                for found in label.captures_iter(legend) {
                    let is_grouped = groups
                        .iter()
                        .any(|it| it.split(", ").any(|label| label == &found[1]));
                    assert!(is_grouped, "{}: {legend}: {query}", panel["title"]);
                }
            }
        }
    }
}

#[test]
fn labels_that_tools_declare_have_panels() {
    let dashboard = &servers::named("spending").dashboard;
    for title in [
        "summarise: calls by unit",
        "summarise: p95 by team",
        "translate: calls by urgent",
        "Cost by team",
    ] {
        panel(dashboard, title);
    }
    let cost = panel(dashboard, "Cost by unit");
    let query = text(&cost["targets"][0]["expr"]);
    assert!(query.contains("* $price_cache_read / 1e6"), "{query}");
    assert!(query.starts_with("sum by (job, unit)"), "{query}");
}
