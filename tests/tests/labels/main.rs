//! Labels: which series a labelled tool has from the start, where its calls go, and that there are
//! never more than were counted when it was compiled.

#![expect(clippy::float_cmp, reason = "counts are whole numbers")]

mod namesakes;

use std::panic::catch_unwind;

use mcp_observe::rmcp::Observed;
use mcp_observe::{LabelValue, OverBudget, Telemetry, assert_series_budget, mcp_tool, tools};
use mcp_observe_tests::connect::connect;
use mcp_observe_tests::{Capture, series};
use rmcp::handler::server::router::tool::ToolRouter;
use rmcp::handler::server::wrapper::Parameters;
use rmcp::model::CallToolRequestParams;
use rmcp::{ServerHandler, tool, tool_handler, tool_router};
use serde_json::{Value, json};

#[derive(LabelValue, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Unit {
    Celsius,
    Fahrenheit,
}

#[derive(LabelValue)]
#[label(rename_all = "kebab-case")]
enum Region {
    EuWest,
    UsEast,
    #[label(rename = "elsewhere")]
    Other,
}

impl Region {
    fn of(city: &str) -> Self {
        match city {
            "Paris" => Self::EuWest,
            "Boston" => Self::UsEast,
            _ => Self::Other,
        }
    }
}

#[derive(LabelValue)]
#[label(max = 3)]
struct Team<'a>(&'a str);

#[derive(serde::Deserialize, schemars::JsonSchema)]
struct Place {
    city: String,
    unit: Unit,
    #[serde(default)]
    cached: Option<bool>,
}

#[derive(Clone)]
struct Weather {
    tool_router: ToolRouter<Self>,
}

#[tool_router]
impl Weather {
    #[mcp_tool(
        labels(unit = place.unit, cached = place.cached, region: Region = Region::of(&place.city)),
        budget = 800
    )]
    #[tool]
    async fn labelled_weather(
        &self,
        Parameters(place): Parameters<Place>,
    ) -> Result<String, String> {
        if place.city.is_empty() {
            return Err("no city".to_owned());
        }
        Ok(place.city)
    }

    #[mcp_tool(labels(unit))]
    #[tool]
    async fn destructured(&self, Parameters(Place { unit, .. }): Parameters<Place>) -> String {
        match unit {
            Unit::Celsius => "C".to_owned(),
            Unit::Fahrenheit => "F".to_owned(),
        }
    }
}

#[tool_handler(router = self.tool_router)]
impl ServerHandler for Weather {}

fn weather() -> Weather {
    Weather {
        tool_router: Weather::tool_router(),
    }
}

#[mcp_tool(labels(fast, team: Team<'_> = Team(owner)))]
fn teamwork(fast: bool, owner: &str) -> bool {
    fast && !owner.is_empty()
}

#[derive(LabelValue)]
#[label(max = 3)]
struct Owner<'a> {
    name: &'a str,
}

#[expect(
    dead_code,
    reason = "what is there of a tool that is never called is the point"
)]
#[mcp_tool(labels(fast, owner: Owner<'_> = Owner { name: owner }))]
fn never_called(fast: bool, owner: &str) -> bool {
    fast && !owner.is_empty()
}

#[mcp_tool(labels(unit: Unit = panicking_unit()))]
fn unreadable() {}

fn panicking_unit() -> Unit {
    panic!("while the label is read")
}

fn call(tool: &'static str, arguments: &Value) -> CallToolRequestParams {
    CallToolRequestParams::new(tool)
        .with_arguments(arguments.as_object().expect("an object").clone())
}

/// What of `metric` was counted with these labels, with the tool's name.
fn counted(capture: &Capture, metric: &str, labels: &[(&str, &str)]) -> f64 {
    capture
        .metric(metric, labels)
        .unwrap_or_else(|| panic!("no {metric} with {labels:?}"))
}

const CALLS: &str = "mcp_tool_calls_total";
const FINISHED: &str = "mcp_tool_invocation_duration_seconds_count";

#[test]
fn every_combination_is_there_at_zero() {
    let capture = Capture::new();
    for unit in ["celsius", "fahrenheit"] {
        for cached in ["none", "false", "true"] {
            for region in ["eu-west", "us-east", "elsewhere"] {
                let labels = [
                    ("tool_name", "labelled_weather"),
                    ("unit", unit),
                    ("cached", cached),
                    ("region", region),
                ];
                assert_eq!(capture.metric(CALLS, &labels), Some(0.0), "{labels:?}");
                for status in ["success", "error", "cancelled"] {
                    let labels = [&labels[..], &[("status", status)]].concat();
                    assert_eq!(capture.metric(FINISHED, &labels), Some(0.0), "{labels:?}");
                }
            }
        }
    }
    // Who owns anything is not known yet.
    let of_teams = series(&capture.telemetry.prometheus_text())
        .into_iter()
        .filter(|series| series.name == CALLS)
        .filter(|series| {
            series
                .labels
                .iter()
                .any(|(_, value)| value == "never_called")
        });
    assert_eq!(
        of_teams.count(),
        1 + 2,
        "`_OTHER` alone, and each `fast` with `_OTHER`"
    );
}

#[tokio::test]
async fn calls_through_rmcp_have_the_labels_of_their_arguments() {
    let capture = Capture::new();
    let observed = Observed::builder(weather()).telemetry(&capture.telemetry);
    let client = connect(observed.build()).await;
    let ask = async |tool: &'static str, arguments: Value| {
        let _ = client.call_tool(call(tool, &arguments)).await;
    };
    ask(
        "labelled_weather",
        json!({ "city": "Paris", "unit": "celsius" }),
    )
    .await;
    ask(
        "labelled_weather",
        json!({ "city": "", "unit": "celsius", "cached": true }),
    )
    .await;
    // The function is never entered: nobody read the labels.
    ask(
        "labelled_weather",
        json!({ "city": "Paris", "unit": "kelvin" }),
    )
    .await;
    ask(
        "destructured",
        json!({ "city": "Rome", "unit": "fahrenheit" }),
    )
    .await;

    for (unit, cached, region, status) in [
        ("celsius", "none", "eu-west", "success"),
        ("celsius", "true", "elsewhere", "error"),
        ("_OTHER", "_OTHER", "_OTHER", "error"),
    ] {
        let labels = [
            ("tool_name", "labelled_weather"),
            ("unit", unit),
            ("cached", cached),
            ("region", region),
        ];
        assert_eq!(counted(&capture, CALLS, &labels), 1.0, "{labels:?}");
        let labels = [&labels[..], &[("status", status)]].concat();
        assert_eq!(counted(&capture, FINISHED, &labels), 1.0, "{labels:?}");
    }
    let of_tool = [("tool_name", "labelled_weather")];
    assert_eq!(capture.sum(CALLS, &of_tool), 3.0);
    assert_eq!(capture.sum(FINISHED, &of_tool), 3.0);
    assert_eq!(counted(&capture, "mcp_tool_active", &of_tool), 0.0);
    let labels = [("tool_name", "destructured"), ("unit", "fahrenheit")];
    assert_eq!(counted(&capture, CALLS, &labels), 1.0);
}

#[test]
fn a_flood_of_values_stays_within_the_bound() {
    let capture = Capture::installed();
    for team in ["red", "green", "blue"] {
        teamwork(true, team);
    }
    for flood in 0..1_000 {
        teamwork(true, &format!("team {flood}"));
    }
    // No fit name for a label, and no way to forge another series.
    teamwork(true, "red\",fast=\"x");
    let of = |team: &str| {
        let labels = [("tool_name", "teamwork"), ("fast", "true"), ("team", team)];
        counted(capture, CALLS, &labels)
    };
    assert_eq!(
        ["red", "green", "blue", "_OTHER"].map(of),
        [1.0, 1.0, 1.0, 1_001.0]
    );
}

#[test]
fn a_panic_while_a_label_is_read_is_the_calls() {
    let capture = Capture::installed();
    catch_unwind(unreadable).expect_err("it goes on");
    let labels = [("tool_name", "unreadable"), ("unit", "_OTHER")];
    assert_eq!(counted(capture, CALLS, &labels), 1.0);
    let labels = [("tool_name", "unreadable"), ("error_type", "panic")];
    assert_eq!(counted(capture, "mcp_tool_errors_total", &labels), 1.0);
    assert_eq!(counted(capture, "mcp_tool_active", &labels[..1]), 0.0);
}

/// A tool that another one calls is no operation and not counted, so nobody wants its labels.
#[test]
fn labels_are_read_only_if_someone_wants_them() {
    #[mcp_tool(labels(unit: Unit = panicking_unit()))]
    fn inner() -> u8 {
        1
    }
    #[mcp_tool]
    fn outer() -> u8 {
        inner()
    }
    let capture = Capture::installed();
    assert_eq!(outer(), 1);
    assert_eq!(capture.sum(CALLS, &[("tool_name", "inner")]), 0.0);
}

#[test]
fn there_are_never_more_series_than_were_counted() {
    let capture = Capture::installed();
    for team in ["red", "green", "blue", "yellow"] {
        teamwork(false, team);
        teamwork(true, team);
    }
    let scraped = series(&capture.telemetry.prometheus_text());
    for tool in tools() {
        let of_tool = scraped.iter().filter(|series| {
            series
                .labels
                .iter()
                .any(|(key, value)| key.ends_with("tool_name") && value == tool.name)
        });
        let count = of_tool.count();
        assert!(
            count <= tool.series,
            "{}: {count} of {}",
            tool.name,
            tool.series
        );
    }
    let weather = tools()
        .into_iter()
        .find(|tool| tool.name == "labelled_weather")
        .expect("it is listed");
    let labels: Vec<_> = weather
        .labels
        .iter()
        .map(|label| (label.name, label.values.len()))
        .collect();
    assert_eq!(labels, [("unit", 2), ("cached", 3), ("region", 3)]);
    // (2 x 3 x 3 + 1) x (1 + 3 x (6 + 3)) + 15 + 1 + 12 x 17
    assert_eq!(weather.series, 19 * 28 + 220);
}

#[test]
fn a_servers_budget_is_checked_when_it_is_set_up() {
    let refused = Telemetry::builder()
        .series_budget(1_000, OverBudget::Refuse)
        .build()
        .expect_err("there are more");
    let message = refused.to_string();
    assert!(
        message.contains("over the budget of 1000: `labelled_weather` 752, ")
            && message.contains("give them fewer labels"),
        "{message}"
    );
    Telemetry::builder()
        .series_budget(1_000, OverBudget::Warn)
        .build()
        .expect("a warning is enough");
}

#[test]
fn a_servers_budget_can_be_asserted_in_a_test() {
    assert_series_budget(&tools(), 5_000);
    catch_unwind(|| assert_series_budget(&tools(), 1_000)).expect_err("there are more");
    // Of the tools that a handler serves alone.
    let served = Observed::new(weather()).tools();
    let names: Vec<_> = served.iter().map(|tool| tool.name).collect();
    assert_eq!(names, ["destructured", "labelled_weather"]);
    assert_series_budget(&served, 752 + 3 * 28 + 220);
}
