//! Prometheus, Alertmanager, Loki and Grafana.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use crate::deploy::{entries, list, path, run, text, yaml};

#[test]
fn all_files_are_yaml() {
    for file in [
        "alertmanager/alertmanager.yml",
        "tempo/tempo.yaml",
        "loki/loki.yaml",
        "loki/rules.yaml",
        "grafana/provisioning/dashboards/dashboards.yaml",
    ] {
        assert!(yaml(file).is_mapping(), "{file}");
    }
}

#[test]
fn prometheus_finds_its_rules_and_not_their_tests() {
    let configuration = yaml("prometheus/prometheus.yml");
    let [pattern] = list(&configuration["rule_files"]) else {
        panic!("one pattern")
    };
    let end = text(pattern).strip_prefix('*').expect("it begins with `*`");
    let files = fs::read_dir(path("prometheus")).expect("it is a directory");
    let files = files.map(|file| file.expect("it is read").file_name());
    let matching: BTreeSet<_> = files
        .map(|file| file.to_string_lossy().into_owned())
        .filter(|file| file.ends_with(end))
        .collect();
    assert!(matching.contains("security-rules.yml"), "{matching:?}");
    for file in &matching {
        let has_rules = yaml(&format!("prometheus/{file}")).get("groups").is_some();
        assert!(has_rules, "{file}");
    }
}

/// Versions before 3 do not know what it says of OTLP.
#[test]
fn promtool_reads_the_configuration() {
    let version = Command::new("promtool").arg("--version").output();
    let version = version.map(|it| String::from_utf8_lossy(&it.stdout).into_owned());
    match version {
        Ok(version) if version.contains("version 3.") => {
            run(
                "promtool",
                &["check", "config", "prometheus/prometheus.yml"],
            );
        }
        Ok(version) => eprintln!(
            "skipped: {} is no promtool 3",
            version.lines().next().unwrap_or_default()
        ),
        Err(_) => eprintln!("skipped: there is no promtool"),
    }
}

#[test]
fn amtool_reads_the_configuration() {
    run("amtool", &["check-config", "alertmanager/alertmanager.yml"]);
}

#[test]
fn alerts_have_somebody_to_go_to() {
    let configuration = yaml("alertmanager/alertmanager.yml");
    let receivers = list(&configuration["receivers"]).iter();
    let receivers: Vec<_> = receivers.map(|it| text(&it["name"])).collect();
    let route = &configuration["route"];
    assert!(receivers.contains(&text(&route["receiver"])));
    // Of one server never another's: alerts from Prometheus name it `job`, those from Loki `service_name`.
    for rule in list(&configuration["inhibit_rules"]) {
        let equal: Vec<_> = list(&rule["equal"]).iter().map(text).collect();
        assert!(
            equal.contains(&"job") && equal.contains(&"service_name"),
            "{equal:?}"
        );
        // What detection finds stays out of it.
        for matchers in [&rule["source_matchers"], &rule["target_matchers"]] {
            let mut matchers = list(matchers).iter().map(text);
            assert!(matchers.any(|it| it == r#"rule = """#), "{rule:?}");
        }
    }
}

/// The rules name a server; Loki is given them with this one's name.
#[test]
fn loki_evaluates_the_detection_rules_for_this_server() {
    let rules = fs::read_to_string(path("loki/rules.yaml")).expect("it is there");
    assert!(rules.contains(r#"{service_name="mcp-server"}"#));
    let compose = yaml("compose.yaml");
    let script = text(&compose["services"]["prepare"]["command"][0]).to_owned();
    assert!(script.contains("s|mcp-server|weather-demo|g"), "{script}");
    let rules = &yaml("loki/loki.yaml")["ruler"]["storage"]["local"]["directory"];
    // The volume that is `/loki` there is `/volumes/loki` here; `fake` is the tenant where there are none.
    assert!(
        script.contains(&format!("/volumes{}/fake/", text(rules))),
        "{script}"
    );
}

#[test]
fn data_sources_lead_to_each_other() {
    let provisioned = yaml("grafana/provisioning/datasources/datasources.yaml");
    let sources = list(&provisioned["datasources"]);
    let uids: Vec<_> = sources.iter().map(|it| text(&it["uid"])).collect();
    assert_eq!(uids, ["prometheus", "tempo", "loki", "alertmanager"]);
    let by_uid = |uid: &str| {
        &sources[uids.iter().position(|it| *it == uid).expect("it is there")]["jsonData"]
    };

    let exemplars = &by_uid("prometheus")["exemplarTraceIdDestinations"][0];
    assert_eq!(
        (text(&exemplars["name"]), text(&exemplars["datasourceUid"])),
        ("trace_id", "tempo")
    );
    let logs = &by_uid("tempo")["tracesToLogsV2"];
    assert_eq!(text(&logs["datasourceUid"]), "loki");
    // Grafana reads `$$` as `$`.
    assert_eq!(
        text(&logs["query"]).replace("$$", "$"),
        r#"{${__tags}} | trace_id = "${__trace.traceId}""#
    );
    let metrics = &by_uid("tempo")["tracesToMetrics"];
    assert_eq!(text(&metrics["datasourceUid"]), "prometheus");
    let tags = list(&metrics["tags"]).iter();
    let tags: Vec<_> = tags
        .map(|it| (text(&it["key"]), text(&it["value"])))
        .collect();
    assert_eq!(
        tags,
        [("service.name", "job"), ("gen_ai.tool.name", "tool_name")]
    );
    for query in list(&metrics["queries"]) {
        let query = text(&query["query"]);
        assert!(query.contains("{$$__tags}"), "{query}");
    }
    let trace = &by_uid("loki")["derivedFields"][0];
    assert_eq!(
        (text(&trace["matcherRegex"]), text(&trace["datasourceUid"])),
        ("trace_id", "tempo")
    );
}

/// Whoever reaches Grafana, which is on loopback, needs no password; so there is none to be known.
#[test]
fn grafana_has_no_account_with_a_known_password() {
    let compose = yaml("compose.yaml");
    let environment = &compose["services"]["grafana"]["environment"];
    assert_eq!(
        text(&environment["GF_SECURITY_DISABLE_INITIAL_ADMIN_CREATION"]),
        "true"
    );
    assert_ne!(text(&environment["GF_AUTH_ANONYMOUS_ORG_ROLE"]), "Admin");
    let passwords = entries(environment).into_iter();
    assert!(
        passwords
            .map(|(name, _)| name)
            .all(|name| !name.contains("PASSWORD"))
    );
}

#[test]
fn dashboards_are_looked_for_where_they_are_mounted() {
    let compose = yaml("compose.yaml");
    let grafana = &compose["services"]["grafana"];
    let mounts: Vec<_> = list(&grafana["volumes"]).iter().map(text).collect();
    assert!(mounts.contains(&"./grafana:/etc/mcp:ro"), "{mounts:?}");
    for kind in ["datasources", "dashboards"] {
        let directory = format!("grafana/provisioning/{kind}");
        let mount = format!("./{directory}:/etc/{directory}:ro");
        assert!(mounts.contains(&mount.as_str()), "{mounts:?}");
    }
    let provisioned = yaml("grafana/provisioning/dashboards/dashboards.yaml");
    let directory = text(&provisioned["providers"][0]["options"]["path"]).to_owned();
    assert_eq!(directory, "/etc/mcp/dashboards");
    let home = text(&grafana["environment"]["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"]);
    assert_eq!(home, format!("{directory}/mcp-server.json"));
}
