//! Someone tries out names of tools and methods that are not there: ten of them within ten minutes.

use crate::office::ANONYMOUS;
use crate::script::Script;

const TOOLS: [&str; 12] = [
    "exec",
    "shell",
    "read_file",
    "write_file",
    "sql",
    "admin",
    "debug",
    "eval",
    "fetch",
    "ls",
    "env",
    "secrets",
];

pub(super) fn positive(script: &mut Script) {
    script
        .scene("a user asks for six tools, the first two of them twice, and then for four methods");
    script.at(0, "09:00:00");
    let mallory = script.connect("mallory", "203.0.113.66");
    for tool in TOOLS[..2].iter().chain(&TOOLS[..6]) {
        script.guess_tool(&mallory, tool);
        script.wait(20);
    }
    for method in ["admin/list", "debug/dump", "files/read", "keys/list"] {
        script.guess_method(&mallory, method);
        script.wait(20);
    }
    script.alert([("usr.id", "mallory")]);

    script.scene("someone unknown asks for twelve tools, in a new session for each four");
    script.at(0, "11:00:00");
    for (index, tools) in TOOLS.chunks(4).enumerate() {
        let nobody = script.connect(ANONYMOUS, "203.0.113.67");
        for (place, tool) in tools.iter().enumerate() {
            script.guess_tool(&nobody, tool);
            if index * 4 + place == 9 {
                script.alert([("network.client.ip", "203.0.113.67")]);
            }
            script.wait(20);
        }
    }
}

pub(super) fn negative(script: &mut Script) {
    script.scene("a user asks for nine tools, the first six of them twice");
    script.at(0, "09:00:00");
    let alice = script.connect("alice", "192.0.2.10");
    for tool in TOOLS[..6].iter().chain(&TOOLS[..9]) {
        script.guess_tool(&alice, tool);
        script.wait(20);
    }

    script.scene("two users ask for six tools each, all different");
    script.at(0, "11:00:00");
    let bob = script.connect("bob", "192.0.2.11");
    let carol = script.connect("carol", "192.0.2.12");
    for (one, other) in TOOLS[..6].iter().zip(&TOOLS[6..]) {
        script.guess_tool(&bob, one);
        script.guess_tool(&carol, other);
        script.wait(20);
    }

    script.scene("a user asks for twelve tools, one in three minutes");
    script.at(0, "13:00:00");
    let dave = script.connect("dave", "192.0.2.13");
    for tool in TOOLS {
        script.guess_tool(&dave, tool);
        script.wait(180);
    }
}
