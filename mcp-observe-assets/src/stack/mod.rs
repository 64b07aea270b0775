//! The configuration of what runs beside the server: the Collector and what is behind it.

mod masking;
mod template;

use crate::assets::{Asset, Part};
use crate::settings::Settings;

use template::fill;

const COLLECTOR: &str = include_str!("../../templates/collector/config.yaml");
const CORE_COLLECTOR: &str = include_str!("../../templates/collector/core.yaml");

pub(crate) fn assets(settings: &Settings) -> Part {
    let files = [
        ("collector/config.yaml", collector(settings)),
        ("collector/core.yaml", fill(CORE_COLLECTOR, &[])),
    ];
    let made = |(path, text)| Asset {
        path,
        contents: format!("{}{text}", made_for(&settings.service)),
    };
    Part {
        files: files.into_iter().map(made).collect(),
        expressions: Vec::new(),
    }
}

fn collector(settings: &Settings) -> String {
    let values = [
        ("service", settings.service.as_str()),
        ("scrape", &settings.scrape),
        ("mask_spans", &masking::of_spans()),
        ("mask_logs", &masking::of_logs()),
        ("identity", masking::IDENTITY),
        ("secret_keys", &masking::scalar(masking::SECRET_KEYS)),
        ("secret_forms", &masking::forms()),
    ];
    fill(COLLECTOR, &values)
}

/// The first line of the files that have comments.
fn made_for(service: &str) -> String {
    format!("# Made by mcp-observe-assets for {service}: make it again instead of editing it.\n")
}
