//! The files' YAML: rules as Prometheus reads them, examples as promtool does.

use std::collections::BTreeMap;

use serde::Serialize;

use super::alert::{Alert, Annotations};
use super::case::{Case, Length};
use super::recording::Recording;
use super::server::Server;

/// How often rules are evaluated, and the interval of the examples' samples.
const INTERVAL: &str = "1m";

/// Rules that are evaluated together.
#[derive(Debug, Clone)]
pub(super) struct Group {
    pub(super) name: &'static str,
    pub(super) recordings: Vec<Recording>,
    pub(super) alerts: Vec<Alert>,
}

#[derive(Serialize)]
struct RuleFile<'a> {
    groups: Vec<WrittenGroup<'a>>,
}

#[derive(Serialize)]
struct WrittenGroup<'a> {
    name: &'a str,
    interval: &'static str,
    rules: Vec<WrittenRule<'a>>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum WrittenRule<'a> {
    Recording {
        record: &'a str,
        expr: &'a str,
    },
    Alert {
        alert: &'a str,
        expr: &'a str,
        #[serde(rename = "for", skip_serializing_if = "Option::is_none")]
        lasts: Option<&'a str>,
        labels: BTreeMap<&'static str, String>,
        annotations: Annotations,
    },
}

#[derive(Serialize)]
struct TestFile<'a> {
    rule_files: [&'a str; 1],
    evaluation_interval: &'static str,
    /// What is recorded first: promtool takes the others in any order.
    group_eval_order: Vec<&'a str>,
    tests: Vec<WrittenCase<'a>>,
}

#[derive(Serialize)]
struct WrittenCase<'a> {
    name: &'a str,
    interval: &'static str,
    input_series: Vec<InputSeries<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    alert_rule_test: Vec<WrittenCheck<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    promql_expr_test: Vec<WrittenRecorded<'a>>,
}

#[derive(Serialize)]
struct InputSeries<'a> {
    series: String,
    values: &'a str,
}

#[derive(Serialize)]
struct WrittenCheck<'a> {
    eval_time: &'a str,
    alertname: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    exp_alerts: Option<[WrittenFiring; 1]>,
}

#[derive(Serialize)]
struct WrittenFiring {
    exp_labels: BTreeMap<&'static str, String>,
    exp_annotations: Annotations,
}

#[derive(Serialize)]
struct WrittenRecorded<'a> {
    eval_time: &'a str,
    expr: String,
    exp_samples: [Sample; 1],
}

#[derive(Serialize)]
struct Sample {
    labels: String,
    value: f64,
}

/// The rules as Prometheus reads them.
pub(super) fn rules(server: &Server<'_>, groups: &[Group]) -> String {
    let groups = groups.iter().map(|group| {
        let recordings = group.recordings.iter().map(|rule| WrittenRule::Recording {
            record: &rule.name,
            expr: rule.query.text(),
        });
        let alerts = group.alerts.iter().map(|alert| WrittenRule::Alert {
            alert: alert.name,
            expr: alert.query.text(),
            lasts: alert.lasts,
            labels: alert.own_labels(),
            annotations: alert.annotations(&server.settings.runbook),
        });
        WrittenGroup {
            name: group.name,
            interval: INTERVAL,
            rules: recordings.chain(alerts).collect(),
        }
    });
    let file = RuleFile {
        groups: groups.collect(),
    };
    yaml(server, &file)
}

/// The cases of that length: of what is recorded, and of all alerts of the rules in the file of that name.
pub(super) fn tests(
    server: &Server<'_>,
    rules: &str,
    length: Length,
    recorded: &[Case],
    groups: &[Group],
) -> String {
    let alerts = groups.iter().flat_map(|group| &group.alerts);
    let of_alerts = alerts.flat_map(|alert| alert.cases.iter().map(move |it| (Some(alert), it)));
    let of_recordings = recorded.iter().map(|case| (None, case));
    let all = of_recordings.chain(of_alerts);
    let of_length = all.filter(|(_, case)| case.length == length);
    let tests = of_length.map(|(alert, case)| {
        let checks = alert.map_or_else(Vec::new, |alert| checks(server, alert, case));
        WrittenCase {
            name: &case.name,
            interval: INTERVAL,
            input_series: given(case),
            alert_rule_test: checks,
            promql_expr_test: records(case),
        }
    });
    let file = TestFile {
        rule_files: [rules],
        evaluation_interval: match length {
            Length::Hours => INTERVAL,
            Length::Days => "15m",
        },
        group_eval_order: groups.iter().map(|group| group.name).collect(),
        tests: tests.collect(),
    };
    yaml(server, &file)
}

fn given(case: &Case) -> Vec<InputSeries<'_>> {
    let given = case.given.iter().map(|(series, values)| InputSeries {
        series: series.selector(),
        values,
    });
    given.collect()
}

fn checks<'a>(server: &Server<'_>, alert: &'a Alert, case: &'a Case) -> Vec<WrittenCheck<'a>> {
    let checks = case.checks.iter().map(|check| {
        let firing = check.fires.as_ref().map(|firing| {
            let exp_labels = alert.labels_of(firing, server.name());
            let templates = alert.annotations(&server.settings.runbook);
            [WrittenFiring {
                exp_annotations: templates.filled_in(&exp_labels, &firing.value),
                exp_labels,
            }]
        });
        WrittenCheck {
            eval_time: &check.at,
            alertname: alert.name,
            exp_alerts: firing,
        }
    });
    checks.collect()
}

fn records(case: &Case) -> Vec<WrittenRecorded<'_>> {
    let records = case.records.iter().map(|recorded| WrittenRecorded {
        eval_time: &recorded.at,
        expr: recorded.series.selector(),
        exp_samples: [Sample {
            labels: recorded.series.selector(),
            value: recorded.value,
        }],
    });
    records.collect()
}

/// # Panics
/// Never: these are texts, numbers, lists and maps with texts as keys.
fn yaml(server: &Server<'_>, file: &impl Serialize) -> String {
    let yaml = yaml_serde::to_string(file).expect("what YAML can have");
    format!(
        "# Made by mcp-observe-assets from the tools of {}; changes here are lost.\n{yaml}",
        server.name()
    )
}
