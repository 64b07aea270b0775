//! Someone reads what may be confidential, and sends something within five minutes.

use crate::caller::Caller;
use crate::office::ANONYMOUS;
use crate::script::Script;

pub(super) fn positive(script: &mut Script) {
    script.scene("a user reads from a source, and calls a sink three minutes later, with another call in between");
    script.at(0, "09:00:00");
    let alice = script.connect("alice", "192.0.2.10");
    script.call(&alice, "read_inbox");
    script.wait(60);
    script.call(&alice, "search");
    script.wait(120);
    script.call(&alice, "send_mail");
    script.alert([("usr.id", "alice")]);

    script
        .scene("someone unknown does, in two sessions, with a sink that has its tag by `tag_tool`");
    script.at(0, "11:00:00");
    let nobody = script.connect(ANONYMOUS, "203.0.113.66");
    script.call(&nobody, "read_inbox");
    script.wait(60);
    let nobody = script.connect(ANONYMOUS, "203.0.113.66");
    script.call(&nobody, "publish_page");
    script.alert([("network.client.ip", "203.0.113.66")]);

    script.scene("one user reads, another one, in the same session, sends");
    script.at(0, "13:00:00");
    let bob = script.connect("bob", "192.0.2.11");
    script.call(&bob, "read_inbox");
    script.wait(60);
    let taken = bob.taken_over_by("mallory", "203.0.113.67");
    script.call(&taken, "send_mail");
    script.alert([("mcp.session.id", bob.session())]);
}

pub(super) fn negative(script: &mut Script) {
    script.scene("a sink, and then a source");
    script.at(0, "09:00:00");
    let alice = script.connect("alice", "192.0.2.10");
    script.call(&alice, "send_mail");
    script.wait(60);
    script.call(&alice, "read_inbox");

    script.scene("a source, and a sink a second more than five minutes later");
    script.at(0, "10:00:00");
    let bob = script.connect("bob", "192.0.2.11");
    script.call(&bob, "read_inbox");
    script.wait(301);
    script.call(&bob, "send_mail");

    script.scene("one user reads from a source, another one calls a sink");
    script.at(0, "11:00:00");
    let carol = script.connect("carol", "192.0.2.12");
    let dave = script.connect("dave", "192.0.2.13");
    script.call(&carol, "read_inbox");
    script.wait(60);
    script.call(&dave, "send_mail");

    script.scene("a source that fails, and then a sink");
    script.at(0, "12:00:00");
    let erin = script.connect("erin", "192.0.2.14");
    script.fail(&erin, "read_inbox");
    script.wait(60);
    script.call(&erin, "send_mail");

    script.scene("one user reads, and without sessions another one sends, from the same address");
    script.at(0, "12:30:00");
    let grace = Caller::without_session("grace", "192.0.2.16", "desk/1.0");
    let heidi = Caller::without_session("heidi", "192.0.2.16", "desk/1.0");
    script.call(&grace, "read_inbox");
    script.wait(60);
    script.call(&heidi, "send_mail");

    script.scene("a single call of a tool that is both");
    script.at(0, "13:00:00");
    let frank = script.connect("frank", "192.0.2.15");
    script.call(&frank, "sync_contacts");
    script.wait(60);
    script.call(&frank, "search");
}
