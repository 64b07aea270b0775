//! A call by someone who was not let in shortly before.

use crate::caller::Caller;
use crate::script::Script;

pub(super) fn positive(script: &mut Script) {
    script.scene("a session is answered 401, and calls a tool two minutes later");
    script.at(0, "09:00:00");
    let alice = script.connect("alice", "192.0.2.10");
    script.call(&alice, "search");
    script.wait(20);
    script.expired(&alice);
    script.wait(120);
    script.call(&alice, "search");
    script.alert([("mcp.session.id", alice.session())]);

    script
        .scene("a session's stream is answered 401, and another user calls a tool in the session");
    script.at(0, "10:00:00");
    let bob = script.connect("bob", "192.0.2.11");
    script.expired_stream(&bob);
    script.wait(60);
    let taken = bob.taken_over_by("mallory", "203.0.113.65");
    script.call(&taken, "search");
    script.alert([("mcp.session.id", bob.session())]);

    script.scene(
        "an address is answered 401 five times, and then calls a tool in a session of its own",
    );
    script.at(0, "11:00:00");
    let stranger = Caller::stranger("203.0.113.66");
    for _ in 0..5 {
        script.expired(&stranger);
        script.wait(10);
    }
    let mallory = script.connect("mallory", "203.0.113.66");
    script.wait(30);
    script.call(&mallory, "search");
    script.alert([("network.client.ip", "203.0.113.66")]);
}

pub(super) fn negative(script: &mut Script) {
    script.scene("a call, and then a 401");
    script.at(0, "09:00:00");
    let alice = script.connect("alice", "192.0.2.10");
    script.call(&alice, "search");
    script.wait(30);
    script.expired(&alice);

    script.scene("a 401, and a call in the same session a second more than five minutes later");
    script.at(0, "10:00:00");
    let bob = script.connect("bob", "192.0.2.11");
    script.expired(&bob);
    script.wait(301);
    script.call(&bob, "search");

    script.scene("a 401 in one session, and a call in another one, from elsewhere");
    script.at(0, "11:00:00");
    let carol = script.connect("carol", "192.0.2.12");
    let dave = script.connect("dave", "192.0.2.13");
    script.expired(&carol);
    script.wait(30);
    script.call(&dave, "search");

    script.scene("four times 401 from an address, and then a call from there");
    script.at(0, "12:00:00");
    let stranger = Caller::stranger("192.0.2.14");
    for _ in 0..4 {
        script.expired(&stranger);
        script.wait(10);
    }
    let erin = script.connect("erin", "192.0.2.14");
    script.call(&erin, "search");

    script.scene("five times 401 from an address, and a call from there a second more than five minutes after the last");
    script.at(0, "13:00:00");
    let stranger = Caller::stranger("192.0.2.15");
    for _ in 0..5 {
        script.wait(10);
        script.expired(&stranger);
    }
    script.wait(301);
    let frank = script.connect("frank", "192.0.2.15");
    script.call(&frank, "search");

    script.scene("a 403, and then a call: who it is was known");
    script.at(0, "14:00:00");
    let grace = script.connect("grace", "192.0.2.16");
    script.forbidden(&grace);
    script.wait(30);
    script.call(&grace, "search");

    script.scene("a 401, and then a 403: the call was refused as well");
    script.at(0, "15:00:00");
    let heidi = script.connect("heidi", "192.0.2.17");
    script.expired(&heidi);
    script.wait(30);
    script.forbidden(&heidi);
}
