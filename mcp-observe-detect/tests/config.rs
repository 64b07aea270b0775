//! The configuration: its defaults, and what is said of a file that is wrong.

use std::time::Duration;

use mcp_observe_detect::{Config, DEFAULT_CONFIG, Rule, Severity};

fn refused(text: &str) -> String {
    Config::from_toml(text).expect_err(text).to_string()
}

#[test]
fn the_shipped_file_is_the_default() {
    assert_eq!(
        Config::from_toml(DEFAULT_CONFIG).unwrap(),
        Config::default()
    );
    assert_eq!(Config::from_toml("").unwrap(), Config::default());
}

#[test]
fn the_shipped_file_has_every_setting() {
    let keys = |text: &str| {
        let mut keys: Vec<String> = text
            .lines()
            .filter(|line| !line.starts_with('#') && !line.is_empty())
            .map(|line| line.split('=').next().unwrap().trim().to_owned())
            .collect();
        keys.sort();
        keys
    };
    assert_eq!(keys(DEFAULT_CONFIG), keys(&Config::default().to_toml()));
}

#[test]
fn what_is_written_is_read_as_the_same() {
    let text = r#"
        allowance = "1s"
        ignore_peers = ["10.0.0.0/8", "2001:db8::1"]
        [tool-rate-anomaly]
        sigmas = 2.5
        [night-volume]
        enabled = false
        severity = "critical"
        window = "1m 30s"
        time_zone = "Europe/Berlin"
        from = "22:30"
    "#;
    let config = Config::from_toml(text).unwrap();
    assert_eq!(Config::from_toml(&config.to_toml()).unwrap(), config);
    assert_eq!(config.night_volume.severity, Severity::Critical);
    assert_eq!(config.night_volume.window.get(), Duration::from_secs(90));
    assert!((config.tool_rate_anomaly.sigmas.get() - 2.5).abs() < f64::EPSILON);
}

#[test]
fn each_rule_has_a_table_of_its_id() {
    for &rule in Rule::ALL {
        let table = format!("[{rule}]\nenabled = false\n");
        let has_settings = !matches!(rule, Rule::ClockStep | Rule::StatePressure);
        assert_eq!(Config::from_toml(&table).is_ok(), has_settings, "{rule}");
    }
}

#[test]
fn unknown_keys_are_refused_with_a_suggestion() {
    assert_eq!(
        refused("\n[night-volume]\n  max_cals = 5\n"),
        "line 3, column 3: unknown key `max_cals`; did you mean `max_calls`?"
    );
    assert_eq!(
        refused("[nightvolume]\n"),
        "line 1, column 2: unknown key `nightvolume`; did you mean `night-volume`?"
    );
    assert!(
        refused("zzz = 1\n")
            .starts_with("line 1, column 1: unknown key `zzz`; there are allowance, ")
    );
    assert_eq!(
        refused("[night-volume]\nseverity = \"hihg\"\n"),
        "line 2, column 12: unknown value `hihg`; did you mean `high`?"
    );
}

#[test]
fn values_out_of_range_are_refused_at_their_place() {
    assert_eq!(
        refused("# file\n[night-volume]\nwindow = \"3h\"\n"),
        "line 3, column 10: `night-volume.window` must be from 1s to 30m, is 3h"
    );
    assert_eq!(
        refused("[night-volume]\nmax_calls = 0\n"),
        "line 2, column 13: `night-volume.max_calls` must be from 1 to 10000, is 0"
    );
    assert_eq!(
        refused("max_skew = \"soon\"\n"),
        "line 1, column 12: `max_skew` must be a length of time such as \"5m\", \"90s\" or \"7d\", is \"soon\""
    );
    for (key, value) in [
        ("max_calls", "-1"),
        ("max_calls", "99999999999"),
        ("max_calls", "1.5"),
        ("from", "\"24:00\""),
        ("time_zone", "\"Mars/Olympus\""),
        ("window", "\"-5m\""),
        ("window", "\"1y\""),
        ("enabled", "\"yes\""),
    ] {
        let error = refused(&format!("[night-volume]\n{key} = {value}\n"));
        assert!(
            error.starts_with(&format!(
                "line 2, column {}: `night-volume.{key}` ",
                key.len() + 4
            )),
            "{error}"
        );
    }
    assert!(
        refused("[tool-rate-anomaly]\nsigmas = nan\n").contains("must be from 0 to 100, is NaN")
    );
    assert!(
        refused("ignore_peers = [\"10.0.0.0/8\", \"10.0.0.0/33\"]\n")
            .starts_with("line 1, column 16: `ignore_peers` must be an address or a network")
    );
}

#[test]
fn what_is_no_toml_is_refused_at_its_place() {
    assert!(refused("allowance = \"5s\"\n[night-volume\n").starts_with("line 2, column "));
    assert!(refused("allowance = \"5s\"\nallowance = \"5s\"\n").starts_with("line 2, column "));
}
