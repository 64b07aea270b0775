//! The Compose files.

use super::template::{fill, indented};
use crate::settings::{HOST, Settings};

const WITH_EVERYTHING: &str = include_str!("../../templates/compose.yaml");
const WITH_CORE_COLLECTOR: &str = include_str!("../../templates/compose.core.yaml");

pub(super) fn with_everything(settings: &Settings) -> String {
    let server = settings.compose_service.as_ref().map(|service| {
        let definition = indented(service.definition.trim_end(), 4);
        format!("\n  {}:\n{definition}", service.name)
    });
    // What runs outside is at the machine's own address, which Docker on Linux knows under no name.
    let host = match &server {
        Some(_) => String::new(),
        None => format!("    extra_hosts: ['{HOST}:host-gateway']"),
    };
    let values = [
        ("service", settings.service.as_str()),
        ("host", &host),
        ("server", &server.unwrap_or_default()),
    ];
    fill(WITH_EVERYTHING, &values)
}

pub(super) fn with_core_collector() -> String {
    fill(WITH_CORE_COLLECTOR, &[])
}
