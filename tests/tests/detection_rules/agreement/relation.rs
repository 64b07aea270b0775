//! What of each rule is compared, and how.

use super::Event;

const MINUTE: i64 = 60_000_000;

/// How the two sides of a rule stand to each other.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Relation {
    /// Sigma fires wherever ours does, and elsewhere as well: it knows less.
    pub(crate) sigma_is_wider: fn(part: &str) -> bool,
    /// After so many microseconds without a crossing, the next is a first one again.
    pub(crate) quiet: i64,
    /// What is counted together. `part` is one of those that the next two tell apart.
    key: fn(&Event, part: &str) -> String,
    /// Parts of our rule, by `evidence.by`.
    ours: fn(&str) -> &'static str,
    /// Parts of the Sigma file, by the correlation's title; none if it is no alert.
    theirs: fn(&str) -> Option<&'static str>,
}

impl Relation {
    /// That of a rule.
    pub(crate) fn of(rule: &str) -> Self {
        let same = Self {
            sigma_is_wider: |_| false,
            quiet: 10 * MINUTE,
            key: |event, _| actor(event),
            ours: |_| "",
            theirs: |_| Some(""),
        };
        match rule {
            "tool-rate-anomaly" => Self {
                quiet: 5 * MINUTE,
                key: |event, _| format!("{} {:?}", actor(event), event.text("mcp.tool.name")),
                ..same
            },
            // Of a call that both conditions hold for, ours tells the first. The peer's failures have to
            // be within one window of the call; in Sigma they have one, and the call another.
            "auth-failure-then-call" => Self {
                sigma_is_wider: |part| part == "peer",
                quiet: 5 * MINUTE,
                key: |event, part| match part {
                    "session" => event.text("mcp.session.id").unwrap_or_default().to_owned(),
                    _ => peer(event),
                },
                ours: |by| if by == "session" { "session" } else { "peer" },
                theirs: |title| {
                    if title.ends_with("In The Same Session") {
                        Some("session")
                    } else {
                        title.ends_with("From The Same Peer").then_some("peer")
                    }
                },
            },
            "night-volume" | "enumeration" => same,
            // The first selected event of a key is the first use.
            "first-sensitive-use" => Self {
                quiet: 90 * 24 * 60 * MINUTE,
                key: |event, _| format!("{} {:?}", actor(event), event.text("mcp.tool.name")),
                ..same
            },
            // Sigma has no ratio.
            "tool-error-burst" => Self {
                sigma_is_wider: |_| true,
                quiet: 5 * MINUTE,
                key: |event, _| event.text("mcp.tool.name").unwrap_or_default().to_owned(),
                ..same
            },
            // One quiet period for users, sessions and client names of a peer.
            "identity-rotation" => Self {
                key: |event, _| peer(event),
                ..same
            },
            // An actor may have many sessions and a session many actors, each with a quiet period.
            "read-then-send" => Self {
                quiet: 5 * MINUTE,
                key: |_, _| String::new(),
                ..same
            },
            // Alerts about detection itself; no stream here has reason for one.
            other => panic!("{other} fired"),
        }
    }

    pub(crate) fn key(&self, event: &Event, part: &str) -> String {
        (self.key)(event, part)
    }

    pub(crate) fn part_of_ours(&self, by: &str) -> &'static str {
        (self.ours)(by)
    }

    pub(crate) fn part_of_theirs(&self, title: &str) -> Option<&'static str> {
        (self.theirs)(title)
    }
}

fn actor(event: &Event) -> String {
    match event.text("usr.id") {
        Some(user) => format!("user {user}"),
        None => peer(event),
    }
}

/// Streams have no IPv6 addresses of one /64: Sigma tells them apart.
fn peer(event: &Event) -> String {
    format!("peer {:?}", event.text("network.client.ip"))
}
