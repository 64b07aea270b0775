//! Every query of the shipped rules and of the dashboard, asked of the Prometheus that scrapes the demo.

use mcp_observe_assets::{Assets, Expression};
// Links the demo's tools, of which the queries are made.
use mcp_observe_examples as _;
use regex::{Captures, Regex};

use crate::demo::NAME;
use crate::polling::until;
use crate::prometheus::Prometheus;

/// Asserts that each has data, or says why it may have none; and that those who say so do so for a reason
/// that is not always there.
pub(crate) async fn assert_answered(prometheus: &Prometheus) {
    let assets = Assets::builder(NAME).build().expect("there are tools");
    let expressions = assets.expressions();
    assert!(expressions.len() > 100, "{}", expressions.len());
    for expression in expressions {
        let query = filled_in(&expression.promql);
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
    let fill =
        |found: &Captures<'_>| match found.iter().flatten().last().map_or("", |it| it.as_str()) {
            "job" => NAME.to_owned(),
            "tool_name" => ".*".to_owned(),
            "__tags" => format!("job=\"{NAME}\""),
            "__rate_interval" => "1m".to_owned(),
            "__range" => "1h".to_owned(),
            price if price.starts_with("price_") => "3".to_owned(),
            other => panic!("what is ${other} in {promql}?"),
        };
    variable.replace_all(promql, fill).into_owned()
}
