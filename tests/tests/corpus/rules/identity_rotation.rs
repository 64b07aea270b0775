//! From one address within ten minutes: ten users, 20 sessions, or ten names of clients.

use crate::caller::Caller;
use crate::script::Script;

const USERS: [&str; 12] = [
    "alice", "bob", "carol", "dave", "erin", "frank", "grace", "heidi", "ivan", "judy", "kim",
    "leo",
];

pub(super) fn positive(script: &mut Script) {
    script.scene("twelve users from one address");
    script.at(0, "09:00:00");
    for (place, user) in USERS.into_iter().enumerate() {
        let caller = script.connect(user, "203.0.113.66");
        script.call(&caller, "search");
        if place == 9 {
            script.alert([("network.client.ip", "203.0.113.66")]);
        }
        script.wait(40);
    }

    script.scene("one user from one address, in 22 sessions");
    script.at(0, "11:00:00");
    for place in 0..22 {
        let caller = script.connect("mallory", "203.0.113.67");
        script.call(&caller, "search");
        if place == 19 {
            script.alert([("network.client.ip", "203.0.113.67")]);
        }
        script.wait(20);
    }

    script.scene("one user from one address, with clients of twelve names");
    script.at(0, "13:00:00");
    for place in 0..12 {
        let client = format!("desk/1.{place}");
        let caller = script.connect_with("trent", "203.0.113.68", &client);
        script.call(&caller, "search");
        if place == 9 {
            script.alert([("network.client.ip", "203.0.113.68")]);
        }
        script.wait(40);
    }

    script.scene("one user from one address, without sessions, with clients of twelve names");
    script.at(0, "15:00:00");
    for place in 0..12 {
        let client = format!("desk/1.{place}");
        let caller = Caller::without_session("victor", "203.0.113.69", &client);
        script.call(&caller, "search");
        if place == 9 {
            script.alert([("network.client.ip", "203.0.113.69")]);
        }
        script.wait(40);
    }
}

pub(super) fn negative(script: &mut Script) {
    script.scene("nine users from one address, each of whom calls twice");
    script.at(0, "09:00:00");
    for user in &USERS[..9] {
        let caller = script.connect(user, "192.0.2.10");
        script.call(&caller, "search");
        script.wait(40);
        script.call(&caller, "search");
    }

    script.scene("one user from one address, in 19 sessions");
    script.at(0, "11:00:00");
    for _ in 0..19 {
        let caller = script.connect("kim", "192.0.2.11");
        script.call(&caller, "search");
        script.wait(20);
    }

    script.scene("one user from one address, with clients of nine names");
    script.at(0, "13:00:00");
    for place in 0..9 {
        let client = format!("desk/1.{place}");
        let caller = script.connect_with("leo", "192.0.2.12", &client);
        script.call(&caller, "search");
        script.wait(40);
    }

    script.scene("one user from one address, with 25 calls without sessions");
    script.at(0, "14:00:00");
    let mia = Caller::without_session("mia", "192.0.2.14", "desk/1.0");
    for _ in 0..25 {
        script.call(&mia, "search");
        script.wait(20);
    }

    script.scene("twelve users, from twelve addresses");
    script.at(0, "15:00:00");
    for (place, user) in USERS.into_iter().enumerate() {
        let caller = script.connect(user, &format!("198.51.100.{}", place + 1));
        script.call(&caller, "search");
        script.wait(20);
    }

    script.scene("twelve users from one address, one in three minutes");
    script.at(0, "17:00:00");
    for user in USERS {
        let caller = script.connect(user, "192.0.2.13");
        script.call(&caller, "search");
        script.wait(180);
    }
}
