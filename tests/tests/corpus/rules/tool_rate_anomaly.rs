//! More calls of one tool by one user in five minutes than that user's calls so far explain.

use crate::caller::Caller;
use crate::script::Script;

pub(super) fn positive(script: &mut Script) {
    script.scene(
        "a user calls a tool once to three times in five minutes, for 80 minutes; then every 4 s: \
         more than 20 calls in five minutes",
    );
    let alice = script.connect("alice", "192.0.2.10");
    now_and_then(script, &alice);
    script.at(0, "10:30:00");
    for call in 1..=30 {
        script.call(&alice, "search");
        if call == 21 {
            script.alert([("usr.id", "alice"), ("mcp.tool.name", "search")]);
        }
        script.wait(4);
    }
}

pub(super) fn negative(script: &mut Script) {
    script.scene("the same user, and 20 calls in five minutes: no more than the minimum count");
    let alice = script.connect("alice", "192.0.2.10");
    now_and_then(script, &alice);
    script.at(0, "10:30:00");
    for _ in 0..20 {
        script.call(&alice, "search");
        script.wait(4);
    }
    script.scene("a new user, and 40 calls in five minutes: nothing is known yet to compare with");
    script.at(0, "11:00:00");
    let bob = script.connect("bob", "192.0.2.11");
    for _ in 0..40 {
        script.call(&bob, "search");
        script.wait(7);
    }
    script.scene("a user who always calls 18 to 25 times in five minutes, for 70 minutes");
    script.at(0, "12:00:00");
    let carol = script.connect("carol", "192.0.2.12");
    for window in 0..14 {
        script.at(
            0,
            &format!("{}:{:02}:00", 12 + window / 12, window % 12 * 5),
        );
        let calls = [22, 18, 25, 20, 24, 19, 23][window % 7];
        for _ in 0..calls {
            script.call(&carol, "search");
            script.wait(300 / calls);
        }
    }
}

/// One to three calls in five minutes, from 9:00 to 10:20.
fn now_and_then(script: &mut Script, caller: &Caller) {
    for window in 0..16 {
        script.at(0, &format!("{}:{:02}:20", 9 + window / 12, window % 12 * 5));
        for _ in 0..[2, 1, 3, 2][window % 4] {
            script.wait(70);
            script.call(caller, "search");
        }
    }
}
