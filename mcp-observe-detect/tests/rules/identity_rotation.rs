//! `identity-rotation`.

use crate::log::{alerts, alerts_with, call, lines, seconds};

const ROTATION: &str = "identity-rotation";

#[test]
fn many_identities_of_one_peer_are_told() {
    let peer = "198.51.100.7";
    let users = |count: usize, ip: &'static str| {
        lines(count, move |n| {
            call(&format!("user{n}"), "search").ip(ip).at(seconds(n))
        })
    };
    let told = alerts(ROTATION, &users(10, peer));
    assert_eq!(told.len(), 1);
    assert_eq!(told[0]["network.client.ip"], peer);
    assert_eq!(told[0]["evidence"]["by"], "users");
    assert_eq!(told[0]["evidence"]["count"], 10);
    assert!(alerts(ROTATION, &users(9, peer)).is_empty());
    let sessions = |count: usize| {
        lines(count, |n| {
            call("ada", "search")
                .ip(peer)
                .session(&format!("s{n}"))
                .at(seconds(n))
        })
    };
    assert_eq!(
        alerts(ROTATION, &sessions(20))[0]["evidence"]["by"],
        "sessions"
    );
    assert!(alerts(ROTATION, &sessions(19)).is_empty());
    let clients = |count: usize| {
        lines(count, |n| {
            call("ada", "search")
                .ip(peer)
                .client(&format!("agent/{n}"))
                .at(seconds(n))
        })
    };
    assert_eq!(
        alerts(ROTATION, &clients(10))[0]["evidence"]["by"],
        "client_names"
    );
    assert!(alerts(ROTATION, &clients(9)).is_empty());
    // Over stdio there is no peer, and behind a proxy there is one for everybody.
    let stdio = lines(50, |n| call(&format!("user{n}"), "search").at(seconds(n)));
    assert!(alerts(ROTATION, &stdio).is_empty());
    assert!(
        alerts_with(
            "ignore_peers = [\"198.51.100.0/24\"]",
            ROTATION,
            &users(50, peer)
        )
        .is_empty()
    );
    assert!(
        alerts_with(
            "ignore_peers = [\"198.51.100.7\"]",
            ROTATION,
            &users(50, "::ffff:198.51.100.7")
        )
        .is_empty()
    );
    // Slower than the window.
    let slow = lines(50, |n| {
        call(&format!("user{n}"), "search")
            .ip(peer)
            .at(seconds(n) * 67.0)
    });
    assert!(alerts(ROTATION, &slow).is_empty());
}

#[test]
fn people_behind_one_address_are_told_once_and_not_again_and_again() {
    let office = lines(1_200, |n| {
        call(&format!("user{}", n % 10), "search")
            .ip("198.51.100.7")
            .at(seconds(n) * 2.0)
    });
    assert_eq!(alerts(ROTATION, &office).len(), 1);
}
