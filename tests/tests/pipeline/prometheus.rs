//! Prometheus, which scrapes the demo and evaluates the shipped rules.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::api::Api;
use crate::demo::{Demo, NAME};
use crate::directory::Directory;
use crate::metric_store::MetricStore;
use crate::ports;
use crate::program::Program;
use crate::tools::checkout;

/// The files of rules that are shipped, of those that are there.
const RULES: [&str; 2] = ["prometheus/rules.yml", "prometheus/security-rules.yml"];

/// How often it scrapes and evaluates, so that the test need not wait for minutes.
const INTERVAL: &str = "1s";

/// A running Prometheus.
#[derive(Debug)]
pub(crate) struct Prometheus {
    pub(crate) store: MetricStore,
    _program: Program,
}

impl Prometheus {
    /// Starts it; alerts go to the Alertmanager on this port.
    pub(crate) async fn start(
        path: &Path,
        demo: &Demo,
        alertmanager: Option<u16>,
        directory: &Directory,
    ) -> Self {
        let rules: Vec<_> = shipped_rules()
            .iter()
            .map(|(name, rules)| directory.write(&name.replace('/', "-"), &often(rules)))
            .collect();
        let alertmanagers: Vec<_> = alertmanager
            .iter()
            .map(|port| json!({ "static_configs": [{ "targets": [format!("127.0.0.1:{port}")] }] }))
            .collect();
        let configuration = json!({
            "global": { "scrape_interval": INTERVAL, "scrape_timeout": INTERVAL, "evaluation_interval": INTERVAL },
            "rule_files": rules,
            "scrape_configs": [{ "job_name": NAME, "static_configs": [{ "targets": [demo.scraped] }] }],
            "alerting": { "alertmanagers": alertmanagers },
        });
        // JSON is YAML.
        let configuration = directory.write("prometheus.yml", &configuration.to_string());
        let port = ports::free();
        let mut command = Command::new(path);
        command
            .arg(format!("--config.file={}", configuration.display()))
            .arg("--storage.tsdb.path=prometheus-data")
            // What is on disk is to be searched.
            .arg("--no-storage.tsdb.wal-compression")
            .arg(format!("--web.listen-address=127.0.0.1:{port}"));
        let mut program = Program::start("prometheus", command, directory.path());
        let api = Api::new(port);
        program.ready(&api, "/-/ready").await;
        Self {
            store: MetricStore {
                api,
                selector: r#"job="weather-demo""#,
            },
            _program: program,
        }
    }

    /// All series and their labels, with those that Prometheus makes.
    pub(crate) async fn everything(&self) -> Result<Value, String> {
        let all = [("match[]", r#"{__name__=~".+"}"#)];
        self.store.api.json("/api/v1/series", &all).await
    }
}

/// The shipped rules, by the file's name below `deploy`.
fn shipped_rules() -> Vec<(&'static str, yaml_serde::Value)> {
    let read = |name| {
        let text = fs::read_to_string(checkout().join("deploy").join(name)).ok()?;
        let rules = yaml_serde::from_str(&text);
        Some((
            name,
            rules.unwrap_or_else(|error| panic!("{name}: {error}")),
        ))
    };
    RULES.into_iter().filter_map(read).collect()
}

/// Each of the shipped rules.
pub(crate) fn each_shipped_rule() -> Vec<yaml_serde::Value> {
    let sequence = |value: &yaml_serde::Value, key| value[key].as_sequence().cloned();
    shipped_rules()
        .iter()
        .flat_map(|(_, file)| sequence(file, "groups").unwrap_or_default())
        .flat_map(|group| sequence(&group, "rules").unwrap_or_default())
        .collect()
}

/// Rules that are evaluated at the test's interval, and are the same otherwise.
fn often(rules: &yaml_serde::Value) -> String {
    let mut rules = rules.clone();
    let groups = rules["groups"].as_sequence_mut().expect("groups");
    for group in groups {
        group["interval"] = INTERVAL.into();
    }
    yaml_serde::to_string(&rules).expect("it was YAML")
}
