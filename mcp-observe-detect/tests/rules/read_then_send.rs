//! `read-then-send`.

use serde_json::json;

use crate::log::{alerts, call};

const SEQUENCE: &str = "read-then-send";

#[test]
fn a_source_and_then_a_sink_is_told() {
    let read = |user: &str| call(user, "read_mail").tags(&["source"]).trace(1);
    let send = |user: &str, at: f64| call(user, "post").tags(&["sink"]).trace(2).at(at);
    let told = alerts(SEQUENCE, &[read("ada"), send("ada", 300.0)]);
    assert_eq!(told.len(), 1);
    assert_eq!(told[0]["usr.id"], "ada");
    assert_eq!(told[0]["evidence"]["by"], "actor");
    assert_eq!(told[0]["evidence"]["tools"], json!(["read_mail", "post"]));
    assert_eq!(told[0]["evidence"]["since"], "2026-03-02T12:00:00.000000Z");
    assert_eq!(
        told[0]["evidence"]["trace_ids"],
        json!([format!("{:032x}", 1), format!("{:032x}", 2)])
    );
    assert!(alerts(SEQUENCE, &[read("ada"), send("ada", 300.1)]).is_empty());
    assert!(alerts(SEQUENCE, &[send("ada", -1.0), read("ada")]).is_empty());
    assert!(alerts(SEQUENCE, &[read("ada"), send("eve", 1.0)]).is_empty());
    assert!(alerts(SEQUENCE, &[read("ada").failed(), send("ada", 1.0)]).is_empty());
    assert!(
        alerts(
            SEQUENCE,
            &[read("ada"), send("ada", 1.0).with("http.status", 403)]
        )
        .is_empty()
    );
    assert_eq!(
        alerts(SEQUENCE, &[read("ada"), send("ada", 1.0).failed()]).len(),
        1
    );
    let session = alerts(
        SEQUENCE,
        &[read("ada").session("s"), send("eve", 1.0).session("s")],
    );
    assert_eq!(session.len(), 1);
    assert_eq!(session[0]["mcp.session.id"], "s");
    assert_eq!(session[0]["evidence"]["by"], "session");
    let both = |at: f64| call("ada", "forward").tags(&["source", "sink"]).at(at);
    assert!(alerts(SEQUENCE, &[both(0.0)]).is_empty());
    assert_eq!(alerts(SEQUENCE, &[both(0.0), both(1.0)]).len(), 1);
    // Quiet for five minutes.
    assert_eq!(
        alerts(
            SEQUENCE,
            &[
                read("ada"),
                send("ada", 1.0),
                send("ada", 2.0),
                read("ada").at(200.0),
                send("ada", 301.5)
            ]
        )
        .len(),
        2
    );
}
