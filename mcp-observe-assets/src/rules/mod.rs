//! Prometheus's rules: what is recorded, alerts on how the server does and on what detection looks for;
//! examples of each for promtool, and the runbook.

mod alert;
mod alerts;
mod case;
mod recording;
mod runbook;
mod security;
mod server;
mod settings;
mod written;

pub(crate) use settings::AlertSettings;

use crate::assets::{Asset, Expression, Part};
use crate::catalogue::Catalogue;

use case::{Case, Length};
use server::Server;
use written::Group;

const RULES: &str = "prometheus/rules.yml";
const RULES_TEST: &str = "prometheus/rules.test.yml";
const RULES_DAYS_TEST: &str = "prometheus/rules.days.test.yml";
const SECURITY_RULES: &str = "prometheus/security-rules.yml";
const SECURITY_RULES_TEST: &str = "prometheus/security-rules.test.yml";
const RUNBOOK: &str = "runbook.md";

pub(crate) fn assets(catalogue: &Catalogue, settings: &AlertSettings) -> Part {
    let server = Server::new(catalogue, settings);
    let recordings = Group {
        name: "mcp-recordings",
        recordings: recording::all(&server),
        alerts: Vec::new(),
    };
    let mut groups = vec![recordings];
    groups.extend(alerts::groups(&server));
    let security = security::groups(&server);

    let all = groups.iter().chain(&security);
    let runbook = runbook::markdown(&server, all.flat_map(|group| &group.alerts));
    let recorded = recording::cases(&server);
    let tests =
        |length, recorded: &[Case]| written::tests(&server, "rules.yml", length, recorded, &groups);
    let of_security =
        |length| written::tests(&server, "security-rules.yml", length, &[], &security);
    let files = [
        (RULES, written::rules(&server, &groups)),
        (RULES_TEST, tests(Length::Hours, &recorded)),
        (RULES_DAYS_TEST, tests(Length::Days, &[])),
        (SECURITY_RULES, written::rules(&server, &security)),
        (SECURITY_RULES_TEST, of_security(Length::Hours)),
        (RUNBOOK, runbook),
    ];
    let mut expressions = expressions(RULES, &groups);
    expressions.extend(self::expressions(SECURITY_RULES, &security));
    Part {
        files: files
            .map(|(path, contents)| Asset { path, contents })
            .into(),
        expressions,
    }
}

fn expressions(path: &'static str, groups: &[Group]) -> Vec<Expression> {
    let mut expressions = Vec::new();
    for group in groups {
        let recordings = group.recordings.iter().map(|rule| Expression {
            path,
            place: rule.name.clone(),
            promql: rule.query.text().to_owned(),
            may_be_empty: rule.may_be_empty,
        });
        let alerts = group.alerts.iter().map(|alert| Expression {
            path,
            place: alert.name.to_owned(),
            promql: alert.query.text().to_owned(),
            may_be_empty: Some("an alert is empty while nothing is wrong"),
        });
        expressions.extend(recordings.chain(alerts));
    }
    expressions
}
