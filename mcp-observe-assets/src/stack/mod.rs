//! The configuration of what runs beside the server: the Collector and what is behind it, and the
//! Compose files that start it.

mod compose;
mod grafana;
mod masking;
mod template;

use crate::assets::{Asset, Part};
use crate::settings::Settings;

use template::fill;

const COLLECTOR: &str = include_str!("../../templates/collector/config.yaml");
const MASKING: &str = include_str!("../../templates/collector/masking.yaml");
const CORE_COLLECTOR: &str = include_str!("../../templates/collector/core.yaml");
const PROMETHEUS: &str = include_str!("../../templates/prometheus/prometheus.yml");
const SCRAPE: &str = include_str!("../../templates/prometheus/scrape/server.yml");
const ALERTMANAGER: &str = include_str!("../../templates/alertmanager/alertmanager.yml");
const TEMPO: &str = include_str!("../../templates/tempo/tempo.yaml");
const LOKI: &str = include_str!("../../templates/loki/loki.yaml");
/// The same for every server: who starts Loki puts the name in, as the Compose file does.
const LOKI_RULES: &str = include_str!("../../templates/loki/rules.yaml");

pub(crate) fn assets(settings: &Settings) -> Part {
    let files = [
        ("compose.yaml", compose::with_everything(settings)),
        ("compose.core.yaml", compose::with_core_collector()),
        ("collector/config.yaml", collector(settings)),
        ("collector/masking.yaml", masking()),
        ("collector/core.yaml", fill(CORE_COLLECTOR, &[])),
        ("prometheus/prometheus.yml", fill(PROMETHEUS, &[])),
        ("prometheus/scrape/server.yml", scrape(settings)),
        ("alertmanager/alertmanager.yml", fill(ALERTMANAGER, &[])),
        ("tempo/tempo.yaml", fill(TEMPO, &[])),
        ("loki/loki.yaml", fill(LOKI, &[])),
        (grafana::DATA_SOURCES_PATH, grafana::data_sources()),
        (grafana::DASHBOARDS_PATH, grafana::dashboards()),
    ];
    let made = |(path, text)| Asset {
        path,
        contents: format!("{}{text}", made_for(&settings.service)),
    };
    let rules = Asset {
        path: "loki/rules.yaml",
        contents: LOKI_RULES.to_owned(),
    };
    Part {
        files: files.into_iter().map(made).chain([rules]).collect(),
        expressions: grafana::expressions(),
    }
}

fn collector(settings: &Settings) -> String {
    let values = [
        ("service", settings.service.as_str()),
        ("scrape", &settings.scrape),
        ("identity", masking::IDENTITY),
    ];
    fill(COLLECTOR, &values)
}

fn masking() -> String {
    let (spans, logs) = (masking::of_spans(), masking::of_logs());
    let values = [
        ("mask_spans", spans.as_str()),
        ("mask_logs", &logs),
        ("identity", masking::IDENTITY),
        ("secret_keys", &masking::scalar(masking::SECRET_KEYS)),
        ("secret_forms", &masking::forms()),
    ];
    fill(MASKING, &values)
}

fn scrape(settings: &Settings) -> String {
    let values = [
        ("service", settings.service.as_str()),
        ("scrape", &settings.scrape),
    ];
    fill(SCRAPE, &values)
}

/// The first line of the files that have comments.
fn made_for(service: &str) -> String {
    format!("# Made by mcp-observe-assets for {service}; changes here are lost.\n")
}
