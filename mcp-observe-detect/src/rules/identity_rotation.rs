//! `identity-rotation`: one peer has many identities.

use crate::alert::{AlertKey, Evidence};
use crate::config::IdentityRotation;
use crate::occurrence::Occurrence;
use crate::raise::Raise;
use crate::rule::{Entry, Rule, Severity};
use crate::state::{Distinct, Found, Quiet, Table, Traces};

pub(crate) const ENTRY: Entry = Entry {
    id: "identity-rotation",
    title: "One peer has many identities",
    description: "From one peer come 10 users, 20 sessions or 10 names of clients in 10 \
        minutes.",
    severity: Severity::High,
    limits: &[
        "people behind one address translation or proxy look the same: set `ignore_peers`, or \
         thresholds above their number",
        "an attacker with many addresses, of more than one /64 in IPv6, is not seen",
        "calls without a session count for users and names of clients only",
    ],
};

#[derive(Debug)]
pub(super) struct Watch {
    config: IdentityRotation,
    window: i64,
    peers: Table<Peer>,
}

#[derive(Debug, Default)]
struct Peer {
    users: Distinct,
    sessions: Distinct,
    client_names: Distinct,
    traces: Traces,
    quiet: Quiet,
}

impl Watch {
    pub(super) fn new(config: &IdentityRotation, capacity: usize) -> Self {
        let window = config.window.micros();
        Self {
            window,
            peers: Table::new(Rule::IdentityRotation, capacity, window),
            config: config.clone(),
        }
    }

    pub(super) fn evaluate(&mut self, at: &Occurrence, raise: &mut Raise<'_>) {
        let Some(peer) = at.peer else {
            return;
        };
        let Found {
            value: peer,
            shared,
        } = self.peers.entry(peer, at, raise);
        peer.traces.push(at.trace_id);
        let Self { config, window, .. } = self;
        let of_each = [
            ("users", at.user, &mut peer.users, config.users),
            ("sessions", at.session, &mut peer.sessions, config.sessions),
            (
                "client_names",
                at.client,
                &mut peer.client_names,
                config.client_names,
            ),
        ];
        for (by, identity, seen, threshold) in of_each {
            let threshold = threshold.index();
            // One that is known by now is no rotation, however many there are behind the address.
            let count = identity
                .and_then(|identity| seen.push(identity.bits(), at.now, *window, threshold))
                .filter(|count| *count >= threshold);
            let Some(count) = count else {
                continue;
            };
            if let Some(suppressed) = peer.quiet.ring(at.now, *window) {
                let evidence = Evidence {
                    by: Some(by),
                    count: Evidence::number(count),
                    threshold: Evidence::number(threshold),
                    ..Evidence::of_window(*window, suppressed, shared, &peer.traces)
                };
                raise.alert(
                    Rule::IdentityRotation,
                    config.severity,
                    at,
                    AlertKey::peer(at),
                    evidence,
                );
            }
        }
    }
}
