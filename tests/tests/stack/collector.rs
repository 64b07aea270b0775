//! The Collector's two configurations.

use std::collections::BTreeSet;

use yaml_serde::Value;

use crate::deploy::{collector, entries, keys, list, text, yaml};

const FILES: [&str; 2] = ["collector/config.yaml", "collector/core.yaml"];

/// The type of a component: `otlp_http` of `otlp_http/loki`.
fn kind(id: &str) -> &str {
    id.split_once('/').map_or(id, |(kind, _)| kind)
}

fn ids(value: &Value) -> Vec<&str> {
    list(value).iter().map(text).collect()
}

fn pipelines(configuration: &Value) -> Vec<(&str, &Value)> {
    entries(&configuration["service"]["pipelines"])
}

#[test]
fn memory_is_limited_before_anything_else_is_done() {
    for file in FILES {
        let configuration = collector(file);
        let pipelines = pipelines(&configuration);
        let signals: Vec<_> = pipelines.iter().map(|(signal, _)| *signal).collect();
        assert_eq!(signals, ["traces", "logs", "metrics"], "{file}");
        for (signal, pipeline) in pipelines {
            let first = ids(&pipeline["processors"])[0];
            assert_eq!(first, "memory_limiter", "{file}: {signal}");
        }
    }
}

#[test]
fn what_is_defined_is_used_and_what_is_used_is_defined() {
    for file in FILES {
        let configuration = collector(file);
        for part in ["receivers", "processors", "exporters"] {
            let defined: BTreeSet<_> = keys(&configuration[part]).into_iter().collect();
            let used: BTreeSet<_> = pipelines(&configuration)
                .into_iter()
                .flat_map(|(_, pipeline)| ids(&pipeline[part]))
                .collect();
            assert_eq!(defined, used, "{file}: {part}");
        }
        if let Some(extensions) = configuration.get("extensions") {
            let started = ids(&configuration["service"]["extensions"]);
            assert_eq!(keys(extensions), started, "{file}");
        }
    }
}

/// Those that a Collector has without the contrib repository.
#[test]
fn the_core_variant_has_core_components_only() {
    let configuration = collector("collector/core.yaml");
    for (part, core) in [
        ("receivers", &["otlp"][..]),
        ("processors", &["memory_limiter", "batch"]),
        ("exporters", &["otlp_grpc", "otlp_http"]),
    ] {
        for id in keys(&configuration[part]) {
            assert!(core.contains(&kind(id)), "{part}: {id}");
        }
    }
    assert!(configuration.get("extensions").is_none());
}

#[test]
fn both_variants_send_the_same_to_the_same() {
    let [contrib, core] = FILES.map(collector);
    let exporters = |configuration: &Value| {
        let all = entries(&configuration["exporters"]).into_iter();
        let all = all.map(|(id, it)| (id.to_owned(), text(&it["endpoint"]).to_owned()));
        all.collect::<Vec<_>>()
    };
    assert_eq!(exporters(&contrib), exporters(&core));
    for ((signal, with), (same, without)) in pipelines(&contrib).into_iter().zip(pipelines(&core)) {
        assert_eq!(signal, same);
        assert_eq!(with["exporters"], without["exporters"], "{signal}");
    }
}

/// Nothing that was taken is given up: retried without an end, in queues that are bounded, and in the
/// contrib variant on disk.
#[test]
fn queues_outlive_what_is_behind_them() {
    for file in FILES {
        let configuration = collector(file);
        for (id, exporter) in entries(&configuration["exporters"]) {
            let retry = &exporter["retry_on_failure"];
            assert_eq!(text(&retry["max_elapsed_time"]), "0s", "{file}: {id}");
            assert_ne!(retry["enabled"].as_bool(), Some(false), "{file}: {id}");
            let queue = &exporter["sending_queue"];
            assert_ne!(queue["enabled"].as_bool(), Some(false), "{file}: {id}");
            assert_eq!(text(&queue["sizer"]), "bytes", "{file}: {id}");
            let stored = queue.get("storage").map(text);
            let expected = file.ends_with("config.yaml").then_some("file_storage");
            assert_eq!(stored, expected, "{file}: {id}");
            // What gRPC servers take by default.
            let batch = number(&queue["batch"]["max_size"]);
            assert!(batch < 4 * 1024 * 1024, "{file}: {id}");
        }
    }
}

/// `2_097_152` is a number to the Collector's reader, and a text to this one.
fn number(value: &Value) -> i64 {
    let text = value.as_str().map(|text| text.replace('_', ""));
    let number = text.map_or_else(|| value.as_i64(), |text| text.parse().ok());
    number.unwrap_or_else(|| panic!("no number: {value:?}"))
}

#[test]
fn secrets_are_masked_in_what_can_have_some() {
    let configuration = collector("collector/config.yaml");
    for (signal, pipeline) in pipelines(&configuration) {
        let processors = ids(&pipeline["processors"]);
        let masked =
            processors.contains(&"transform/mask") && processors.contains(&"redaction/names");
        assert_eq!(masked, signal != "metrics", "{signal}");
    }
    // What is not masked does not pass.
    let mode = &configuration["processors"]["transform/mask"]["error_mode"];
    assert_eq!(text(mode), "propagate");
}

#[test]
fn the_server_is_scraped_once_under_its_own_name() {
    let contrib = collector("collector/config.yaml");
    let by_collector = &contrib["receivers"]["prometheus"]["config"]["scrape_configs"];
    let by_prometheus = &yaml("prometheus/scrape/server.yml")["scrape_configs"];
    for scrapes in [by_collector, by_prometheus] {
        let [scrape] = list(scrapes) else {
            panic!("one scrape: {scrapes:?}")
        };
        assert_eq!(text(&scrape["job_name"]), "weather-demo");
        let targets = &scrape["static_configs"][0]["targets"];
        assert_eq!(ids(targets), ["demo:9464"]);
    }
    let demo = &yaml("compose.yaml")["services"]["demo"]["environment"];
    assert_eq!(text(&demo["OTEL_METRICS_EXPORTER"]), "none");
}
