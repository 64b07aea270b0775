//! The shipped configuration of a collector, with the addresses of a test.

use yaml_serde::{Mapping, Value};

/// Replaces addresses, each of which must be there, and nothing else but where the collector's own
/// metrics are scraped.
///
/// # Panics
/// If the configuration is no YAML, lacks one of the addresses, or names an endpoint that is none of them.
pub(crate) fn derive(shipped: &str, addresses: &[(&str, String)], own_metrics: u16) -> String {
    let mut configuration: Value = yaml_serde::from_str(shipped).expect("it is YAML");
    let mut replaced = vec![false; addresses.len()];
    replace(&mut configuration, addresses, &mut replaced);
    for ((address, _), replaced) in addresses.iter().zip(replaced) {
        assert!(replaced, "no {address} in\n{shipped}");
    }
    let prometheus = yaml_serde::from_str(&format!(
        "[{{pull: {{exporter: {{prometheus: {{host: 127.0.0.1, port: {own_metrics}}}}}}}}}]"
    ));
    let service = entry(&mut configuration, "service");
    let metrics = entry(entry(service, "telemetry"), "metrics");
    *entry(metrics, "readers") = prometheus.expect("it is YAML");
    yaml_serde::to_string(&configuration).expect("it was YAML")
}

fn entry<'a>(value: &'a mut Value, key: &str) -> &'a mut Value {
    if value.is_null() {
        *value = Value::Mapping(Mapping::new());
    }
    let mapping = value.as_mapping_mut().expect("a mapping");
    mapping.entry(key.into()).or_insert(Value::Null)
}

fn replace(value: &mut Value, addresses: &[(&str, String)], replaced: &mut [bool]) {
    match value {
        Value::Mapping(mapping) => {
            for (key, value) in mapping.iter_mut() {
                if key.as_str() == Some("endpoint") {
                    let endpoint = value.as_str().expect("an endpoint is text");
                    let known = addresses.iter().position(|(from, _)| *from == endpoint);
                    let known = known.unwrap_or_else(|| panic!("the test has no {endpoint}"));
                    replaced[known] = true;
                    *value = addresses[known].1.clone().into();
                } else {
                    replace(value, addresses, replaced);
                }
            }
        }
        Value::Sequence(values) => {
            for value in values {
                replace(value, addresses, replaced);
            }
        }
        _ => {}
    }
}
