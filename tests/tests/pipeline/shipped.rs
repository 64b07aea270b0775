//! The shipped configuration, as the collector itself judges it.

use std::process::Command;

use crate::collector::SHIPPED;
use crate::tools::{checkout, find, skipped};

#[test]
fn the_collector_takes_the_configuration_of_core_components() {
    let Some(collector) = find("otelcol-core") else {
        skipped("whether a collector takes what is shipped", "otelcol-core");
        return;
    };
    let output = Command::new(collector)
        .args(["validate", "--config", SHIPPED])
        .current_dir(checkout())
        .output();
    let output = output.expect("it starts");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{SHIPPED}: {said}");
}
