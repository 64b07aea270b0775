//! Every query of the shipped rules and of the dashboard, asked of the Prometheus that scrapes the demo.

use std::collections::BTreeSet;

use mcp_observe_assets::{Assets, Expression};
// Links the demo's tools, of which the queries are made.
use mcp_observe_examples as _;
use regex::{Captures, Regex};

use crate::demo::NAME;
use crate::polling::until;
use crate::prometheus::{Prometheus, each_shipped_rule};

/// Asserts that each has data, or says why it may have none; and that those who say so do so for a reason
/// that is not always there.
pub(crate) async fn assert_answered(prometheus: &Prometheus) {
    let assets = Assets::builder(NAME).build().expect("there are tools");
    let expressions = assets.expressions();
    assert!(expressions.len() > 100, "{}", expressions.len());
    let recorded = recorded();
    for expression in expressions {
        let query = filled_in(&expression.promql);
        // A name that nothing has is no reason for no data.
        let names = recording_names(&query);
        assert!(
            names.is_subset(&recorded),
            "{}: no rules record all of {names:?}",
            place(expression)
        );
        let seen = until(&expression.place, async || {
            let samples = prometheus.store.query(&query).await;
            // What it cannot read, it will not be able to read later.
            let samples = samples.unwrap_or_else(|error| panic!("{}: {error}", place(expression)));
            if samples.is_empty() && expression.may_be_empty.is_none() {
                return Err(format!("{} has no data: {query}", place(expression)));
            }
            Ok(samples)
        })
        .await;
        let of_others = seen.iter().filter_map(|it| it.labels.get("job"));
        for job in of_others {
            assert_eq!(job, NAME, "{}: {query}", place(expression));
        }
    }
}

fn place(expression: &Expression) -> String {
    format!("{}, {}", expression.path, expression.place)
}

/// With what Grafana puts for its variables.
fn filled_in(promql: &str) -> String {
    let variable = Regex::new(r"\$(?:\{([a-z_]+)\}|([a-z_]+))").expect("an expression");
    let fill = |found: &Captures<'_>| {
        let name = found.get(1).or_else(|| found.get(2));
        match name.expect("one of the two forms").as_str() {
            "job" => NAME.to_owned(),
            "tool_name" => ".*".to_owned(),
            "__tags" => format!("job=\"{NAME}\""),
            "__rate_interval" => "1m".to_owned(),
            "__range" => "1h".to_owned(),
            price if price.starts_with("price_") => "3".to_owned(),
            other => panic!("what is ${other} in {promql}?"),
        }
    };
    variable.replace_all(promql, fill).into_owned()
}

/// The names of the shipped recording rules.
fn recorded() -> BTreeSet<String> {
    let rules = each_shipped_rule();
    let names = rules.iter().filter_map(|rule| rule["record"].as_str());
    names.map(str::to_owned).collect()
}

/// The names with colons outside strings: those of recording rules.
fn recording_names(query: &str) -> BTreeSet<String> {
    let string = Regex::new(r#""[^"]*""#).expect("an expression");
    let name = Regex::new("[a-z][a-z0-9_]*(:[a-z0-9_]+)+").expect("an expression");
    let query = string.replace_all(query, "");
    name.find_iter(&query)
        .map(|it| it.as_str().to_owned())
        .collect()
}
