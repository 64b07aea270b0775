//! `first-sensitive-use`.

use serde_json::json;

use crate::log::{alerts, alerts_with, call};

const SENSITIVE: &str = "first-sensitive-use";

#[test]
fn the_first_use_of_a_sensitive_tool_is_told_once() {
    let day = 86_400.0;
    let delete = |user: &str, days: f64| call(user, "delete").tags(&["sensitive"]).at(days * day);
    let told = alerts(
        SENSITIVE,
        &[
            delete("ada", 0.0).trace(7),
            delete("ada", 1.0),
            delete("eve", 2.0),
            call("eve", "search").at(2.1 * day),
        ],
    );
    assert_eq!(told.len(), 2);
    assert_eq!(told[0]["usr.id"], "ada");
    assert_eq!(told[0]["mcp.tool.name"], "delete");
    assert_eq!(told[0]["rule.severity"], "low");
    assert_eq!(
        told[0]["evidence"]["trace_ids"],
        json!([format!("{:032x}", 7)])
    );
    assert_eq!(told[1]["usr.id"], "eve");
    let other_tool = [
        delete("ada", 0.0),
        call("ada", "wipe").tags(&["sink", "sensitive"]).at(1.0),
    ];
    assert_eq!(alerts(SENSITIVE, &other_tool).len(), 2);
    assert_eq!(
        alerts(SENSITIVE, &[delete("ada", 0.0), delete("ada", 90.0)]).len(),
        1
    );
    assert_eq!(
        alerts(
            SENSITIVE,
            &[
                delete("ada", 0.0),
                delete("ada", 0.5),
                call("bob", "search").at(90.4 * day),
                delete("ada", 90.6)
            ]
        )
        .len(),
        2
    );
    assert!(alerts(SENSITIVE, &[delete("ada", 0.0).with("http.status", 403)]).is_empty());
    let learning = "[first-sensitive-use]\nlearning = \"7d\"\n";
    let after = alerts_with(
        learning,
        SENSITIVE,
        &[delete("ada", 0.0), delete("ada", 8.0), delete("eve", 8.0)],
    );
    assert_eq!(after.len(), 1);
    assert_eq!(after[0]["usr.id"], "eve");
}
