//! A tool fails 20 times in five minutes, and no less often than it succeeds.

use crate::script::Script;

pub(super) fn positive(script: &mut Script) {
    script.scene("a tool fails two times of three, for three users, every 8 s");
    script.at(0, "09:00:00");
    let users = [
        script.connect("alice", "192.0.2.10"),
        script.connect("bob", "192.0.2.11"),
        script.connect("carol", "192.0.2.12"),
    ];
    let mut failures = 0;
    for call in 0..33 {
        let user = &users[call % 3];
        if call % 3 == 2 {
            script.call(user, "render");
        } else {
            script.fail(user, "render");
            failures += 1;
            if failures == 20 {
                script.alert([("mcp.tool.name", "render")]);
            }
        }
        script.wait(8);
    }
}

pub(super) fn negative(script: &mut Script) {
    script.scene("19 failures in five minutes");
    script.at(0, "09:00:00");
    let alice = script.connect("alice", "192.0.2.10");
    for _ in 0..19 {
        script.fail(&alice, "render");
        script.wait(10);
    }

    script.scene("24 failures in five minutes, among 60 calls");
    script.at(0, "11:00:00");
    let bob = script.connect("bob", "192.0.2.11");
    for call in 0..60 {
        if call % 5 == 1 || call % 5 == 3 {
            script.fail(&bob, "render");
        } else {
            script.call(&bob, "render");
        }
        script.wait(4);
    }

    script.scene("20 failures in 13 minutes");
    script.at(0, "13:00:00");
    let carol = script.connect("carol", "192.0.2.12");
    for _ in 0..20 {
        script.fail(&carol, "render");
        script.wait(40);
    }

    script.scene("24 failures in five minutes, of two tools");
    script.at(0, "15:00:00");
    let dave = script.connect("dave", "192.0.2.13");
    for _ in 0..12 {
        script.fail(&dave, "render");
        script.fail(&dave, "search");
        script.wait(20);
    }
}
