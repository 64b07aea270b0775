//! More than 100 calls by one user in ten minutes between 23:00 and 06:00, here in UTC.

use crate::script::Script;

pub(super) fn positive(script: &mut Script) {
    script.scene("a call every 5 s, from 01:00");
    script.at(1, "01:00:00");
    let alice = script.connect("alice", "192.0.2.10");
    for call in 1..=105 {
        script.call(&alice, "search");
        if call == 101 {
            script.alert([("usr.id", "alice")]);
        }
        script.wait(5);
    }
}

pub(super) fn negative(script: &mut Script) {
    script.scene("105 calls within ten minutes by day");
    script.at(0, "14:00:00");
    let alice = script.connect("alice", "192.0.2.10");
    every_5_seconds(script, 105, |script| script.call(&alice, "search"));

    script.scene("120 calls within ten minutes, of which 60 are before 23:00");
    script.at(0, "22:55:00");
    let bob = script.connect("bob", "192.0.2.11");
    every_5_seconds(script, 120, |script| script.call(&bob, "search"));

    script.scene("100 calls within ten minutes at night");
    script.at(1, "01:00:00");
    let carol = script.connect("carol", "192.0.2.12");
    every_5_seconds(script, 100, |script| script.call(&carol, "search"));

    script.scene("at night two users with 55 calls each within ten minutes");
    script.at(1, "02:00:00");
    let dave = script.connect("dave", "192.0.2.13");
    let erin = script.connect("erin", "192.0.2.14");
    every_5_seconds(script, 55, |script| {
        script.call(&dave, "search");
        script.call(&erin, "search");
    });
}

fn every_5_seconds(script: &mut Script, times: u32, act: impl Fn(&mut Script)) {
    for _ in 0..times {
        act(script);
        script.wait(5);
    }
}
