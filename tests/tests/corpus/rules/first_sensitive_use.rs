//! A user calls a tool that is tagged `sensitive` for the first time.

use crate::script::Script;

pub(super) fn positive(script: &mut Script) {
    script.scene("two users, each of whom calls the tool twice, on different days");
    script.at(0, "09:00:00");
    let alice = script.connect("alice", "192.0.2.10");
    script.call(&alice, "search");
    script.wait(30);
    script.call(&alice, "read_payroll");
    script.alert([("usr.id", "alice"), ("mcp.tool.name", "read_payroll")]);
    script.at(2, "09:00:00");
    let alice = script.connect("alice", "192.0.2.10");
    script.call(&alice, "read_payroll");
    script.at(2, "10:00:00");
    let bob = script.connect("bob", "192.0.2.11");
    script.call(&bob, "read_payroll");
    script.alert([("usr.id", "bob"), ("mcp.tool.name", "read_payroll")]);
    script.at(3, "10:00:00");
    script.call(&bob, "read_payroll");
}

pub(super) fn negative(script: &mut Script) {
    script.scene("first uses of tools that are not sensitive, tagged otherwise or not at all");
    script.at(0, "09:00:00");
    let alice = script.connect("alice", "192.0.2.10");
    for tool in ["search", "render", "read_inbox"] {
        script.call(&alice, tool);
        script.wait(30);
    }
    script.at(0, "10:00:00");
    let bob = script.connect("bob", "192.0.2.11");
    for tool in ["send_mail", "publish_page"] {
        script.call(&bob, tool);
        script.wait(30);
    }

    script.scene("a tool of almost that name, which is not there");
    script.at(0, "11:00:00");
    let carol = script.connect("carol", "192.0.2.12");
    script.guess_tool(&carol, "read_payrolls");

    script.scene("a call that is not let in");
    script.at(0, "12:00:00");
    let dave = script.connect("dave", "192.0.2.13");
    script.forbidden(&dave);
}
