//! The Compose files.

use regex::Regex;
use yaml_serde::Value;

use crate::deploy::{entries, keys, list, path, run, text, texts, yaml};

/// What each of them listens at.
const PORTS: [(&str, &[&str]); 7] = [
    ("collector", &["4317", "4318", "8888", "13133"]),
    ("prometheus", &["9090"]),
    ("alertmanager", &["9093"]),
    ("tempo", &["3200", "4317"]),
    ("loki", &["3100"]),
    ("grafana", &["3000"]),
    ("demo", &["8000", "9464"]),
];

const CONFIGURATIONS: [&str; 8] = [
    "compose.yaml",
    "compose.core.yaml",
    "collector/config.yaml",
    "collector/masking.yaml",
    "prometheus/prometheus.yml",
    "prometheus/scrape/server.yml",
    "loki/loki.yaml",
    "grafana/provisioning/datasources/datasources.yaml",
];

fn services(compose: &Value) -> Vec<(&str, &Value)> {
    entries(&compose["services"])
}

#[test]
fn ports_are_on_loopback_only() {
    let compose = yaml("compose.yaml");
    for (service, definition) in services(&compose) {
        let ports = definition.get("ports").map_or(&[][..], list);
        for port in ports {
            assert!(text(port).starts_with("127.0.0.1:"), "{service}: {port:?}");
        }
        assert!(
            definition
                .get("network_mode")
                .is_none_or(|it| text(it) == "none"),
            "{service}"
        );
    }
    let override_ports = services(&yaml("compose.core.yaml"))
        .into_iter()
        .any(|(_, it)| it.get("ports").is_some());
    assert!(!override_ports);
}

#[test]
fn images_are_pinned() {
    let version = Regex::new(r"^[a-z/-]+:v?[0-9]+\.[0-9]+\.[0-9]+$").expect("an expression");
    for file in ["compose.yaml", "compose.core.yaml"] {
        let compose = yaml(file);
        for (service, definition) in services(&compose) {
            if let Some(image) = definition.get("image")
                && definition.get("build").is_none()
            {
                assert!(version.is_match(text(image)), "{service}: {image:?}");
            }
        }
    }
    // The same where it is used twice, so that it is not pulled for this.
    let compose = yaml("compose.yaml");
    for other in ["ready", "prepare"] {
        let image = &compose["services"][other]["image"];
        assert_eq!(
            image, &compose["services"]["prometheus"]["image"],
            "{other}"
        );
    }
}

#[test]
fn every_service_is_confined() {
    let compose = yaml("compose.yaml");
    for (service, definition) in services(&compose) {
        assert!(definition.get("mem_limit").is_some(), "{service}");
        assert!(definition.get("restart").is_some(), "{service}");
        assert_eq!(text(&definition["cap_drop"][0]), "ALL", "{service}");
        let option = text(&definition["security_opt"][0]);
        assert_eq!(option, "no-new-privileges:true", "{service}");
    }
}

/// What is mounted from here is here and cannot be written, and the volumes are declared.
#[test]
fn what_is_mounted_is_there() {
    let compose = yaml("compose.yaml");
    let volumes = keys(&compose["volumes"]);
    for compose in [&compose, &yaml("compose.core.yaml")] {
        for (service, definition) in services(compose) {
            for mount in definition.get("volumes").map_or(&[][..], list) {
                let mount = text(mount);
                let (source, target) = mount.split_once(':').expect("a source and a target");
                if let Some(source) = source.strip_prefix("./") {
                    assert!(path(source).is_dir(), "{service}: {mount}");
                    assert!(target.ends_with(":ro"), "{service}: {mount}");
                } else {
                    assert!(volumes.contains(&source), "{service}: {mount}");
                }
            }
        }
    }
}

/// The files that they are started with are in what is mounted.
#[test]
fn they_read_the_files_that_are_mounted() {
    let file = Regex::new("config(?:.file)?=(.+)$").expect("an expression");
    let compose = yaml("compose.yaml");
    let mut found = 0;
    for compose in [&compose, &yaml("compose.core.yaml")] {
        for (service, definition) in services(compose) {
            let mounts = yaml("compose.yaml")["services"][service]["volumes"].clone();
            for argument in definition.get("command").map_or_else(Vec::new, texts) {
                let Some(read) = file.captures(argument) else {
                    continue;
                };
                let source = list(&mounts).iter().map(text).find_map(|mount| {
                    let (source, target) = mount.split_once(':')?;
                    let inside = read[1].strip_prefix(target.trim_end_matches(":ro"))?;
                    Some(format!("{source}{inside}"))
                });
                let source = source.unwrap_or_else(|| panic!("{service}: {argument}"));
                assert!(path(&source).is_file(), "{service}: {source}");
                found += 1;
            }
        }
    }
    // The Collector with two and with one, Prometheus, Alertmanager, Tempo, Loki.
    assert_eq!(found, 7);
}

/// Each service is called by its name, at a port where it listens.
#[test]
fn they_find_each_other() {
    let compose = yaml("compose.yaml");
    let services = keys(&compose["services"]);
    let address =
        Regex::new(r"(?:^|[ /])([a-z][a-z.]*):([0-9]{2,5})(?:[/ ]|$)").expect("an expression");
    let mut found = 0;
    for file in CONFIGURATIONS {
        let configuration = yaml(file);
        for text in texts(&configuration) {
            for address in address.captures_iter(text) {
                let (name, port) = (&address[1], &address[2]);
                if name == "localhost" {
                    continue;
                }
                assert!(services.contains(&name), "{file}: {text}");
                let ports = PORTS.iter().find(|(known, _)| *known == name);
                let (_, ports) = ports.unwrap_or_else(|| panic!("{file}: {text}"));
                assert!(ports.contains(&port), "{file}: {text}");
                found += 1;
            }
        }
    }
    assert!(found > 15, "{found}");
}

/// What `up --wait` waits for: all but those that wait for it, and the one that has ended by then.
#[test]
fn it_is_ready_when_all_are() {
    let compose = yaml("compose.yaml");
    let ready = &compose["services"]["ready"];
    let asked = texts(&ready["environment"]).join(" ");
    for service in keys(&compose["services"]) {
        let is_asked = asked.contains(&format!("http://{service}:"));
        let expected = !["ready", "prepare", "demo"].contains(&service);
        assert_eq!(is_asked, expected, "{service}");
    }
    let test = text(&ready["healthcheck"]["test"][1]);
    for variable in keys(&ready["environment"]) {
        assert!(test.contains(&format!("$${variable}")), "{variable}");
    }
}

/// Docker Compose's own reading, where it is installed without Docker, as Debian has it.
#[test]
fn docker_compose_reads_them() {
    run(
        "docker-compose",
        &["--file", "compose.yaml", "config", "--quiet"],
    );
    run(
        "docker-compose",
        &[
            "--file",
            "compose.yaml",
            "--file",
            "compose.core.yaml",
            "config",
            "--quiet",
        ],
    );
}
