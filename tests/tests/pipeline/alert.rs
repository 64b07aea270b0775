//! An alert of the shipped rules fires, and a receiver is notified of it.

use crate::alertmanager::Alertmanager;
use crate::demo::NAME;
use crate::polling::until;
use crate::prometheus::each_shipped_rule;

/// More names that do not exist than it takes are asked for.
const ALERT: &str = "McpEnumeration";

/// Waits until the alert has reached the receiver, and asserts that it is as its rule declares it.
pub(crate) async fn assert_notified(alertmanager: &Alertmanager) {
    let rules = each_shipped_rule();
    let rule = rules.iter().find(|it| it["alert"].as_str() == Some(ALERT));
    let rule = rule.expect("the rule is shipped");

    let alert = until("the alert reaches the receiver", async || {
        let notifications = alertmanager.notifications();
        let alerts = notifications
            .iter()
            .filter_map(|it| it["alerts"].as_array());
        let mut alerts = alerts.flatten();
        let found = alerts.find(|it| it["labels"]["alertname"] == ALERT);
        found.cloned().ok_or_else(|| format!("{notifications:?}"))
    })
    .await;
    assert_eq!(alert["status"], "firing", "{alert}");
    let labels = &alert["labels"];
    assert_eq!(
        (&labels["job"], &labels["kind"]),
        (&NAME.into(), &"tool".into()),
        "{alert}"
    );
    for (name, value) in rule["labels"].as_mapping().expect("it has labels") {
        let (name, value) = (
            name.as_str().expect("a name"),
            value.as_str().expect("a text"),
        );
        assert_eq!(labels[name], value, "{alert}");
    }
    let summary = alert["annotations"]["summary"]
        .as_str()
        .expect("it has a summary");
    assert!(summary.contains(NAME) && !summary.contains("{{"), "{alert}");
}
