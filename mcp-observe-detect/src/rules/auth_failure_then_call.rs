//! `auth-failure-then-call`: authentication failed, then a tool was called.

use crate::alert::{AlertKey, Evidence};
use crate::config::AuthFailureThenCall;
use crate::event::Category;
use crate::occurrence::Occurrence;
use crate::raise::Raise;
use crate::rule::{Entry, Rule, Severity};
use crate::state::{Found, Quiet, Recent, Table, Traces};
use crate::timestamp::Timestamp;

pub(crate) const ENTRY: Entry = Entry {
    id: "auth-failure-then-call",
    title: "Authentication failed, then a tool was called",
    description: "A 401, and within 5 minutes a tool call that got through: in the same \
        session, or from the same peer after 5 of them in any sessions.",
    severity: Severity::High,
    limits: &[
        "an attacker who changes both the session and the address between failure and call \
         is not seen",
        "a session that a refused request claims is not proven to be its sender's: guessing \
         other's session ids raises alerts about them",
        "peers of `ignore_peers` are known by session only",
        "a token that expires within a session and is renewed looks the same",
    ],
};

#[derive(Debug)]
pub(super) struct Watch {
    config: AuthFailureThenCall,
    window: i64,
    sessions: Table<Session>,
    peers: Table<Peer>,
}

/// What is known of a session that a refused request claimed.
#[derive(Debug, Default)]
struct Session {
    /// On both clocks.
    failed: Option<(i64, Timestamp)>,
    traces: Traces,
    quiet: Quiet,
}

#[derive(Debug, Default)]
struct Peer {
    failures: Recent,
    traces: Traces,
    quiet: Quiet,
}

impl Watch {
    pub(super) fn new(config: &AuthFailureThenCall, capacity: usize) -> Self {
        let window = config.window.micros();
        Self {
            window,
            sessions: Table::new(Rule::AuthFailureThenCall, capacity, window),
            peers: Table::new(Rule::AuthFailureThenCall, capacity, window),
            config: config.clone(),
        }
    }

    pub(super) fn evaluate(&mut self, at: &Occurrence, raise: &mut Raise<'_>) {
        if at.category == Category::Auth && at.http_status == Some(401) {
            self.remember(at, raise);
        } else if at.is_call && !self.tell_of_session(at, raise) {
            self.tell_of_peer(at, raise);
        }
    }

    fn remember(&mut self, at: &Occurrence, raise: &mut Raise<'_>) {
        if let Some(session) = at.session {
            let session = self.sessions.entry(session, at, raise).value;
            session.failed = Some((at.now, at.time));
            session.traces.push(at.trace_id);
        }
        if let Some(peer) = at.peer {
            let peer = self.peers.entry(peer, at, raise).value;
            peer.failures
                .push(at.now, self.window, self.config.peer_failures.index());
            peer.traces.push(at.trace_id);
        }
    }

    /// Whether the call follows a failure in its session.
    fn tell_of_session(&mut self, at: &Occurrence, raise: &mut Raise<'_>) -> bool {
        let found = at
            .session
            .and_then(|session| self.sessions.get(session, at.now));
        let Some(Found {
            value: session,
            shared,
        }) = found
        else {
            return false;
        };
        let Some((failed, since)) = session
            .failed
            .filter(|(failed, _)| at.now - failed <= self.window)
        else {
            return false;
        };
        debug_assert!(failed <= at.now, "time never goes back");
        if let Some(suppressed) = session.quiet.ring(at.now, self.window) {
            session.traces.push(at.trace_id);
            let evidence = Evidence {
                by: Some("session"),
                since: Some(since),
                tools: Evidence::tool(at),
                ..Evidence::of_window(self.window, suppressed, shared, &session.traces)
            };
            let key = AlertKey::session(at);
            raise.alert(
                Rule::AuthFailureThenCall,
                self.config.severity,
                at,
                key,
                evidence,
            );
        }
        true
    }

    fn tell_of_peer(&mut self, at: &Occurrence, raise: &mut Raise<'_>) {
        let found = at.peer.and_then(|peer| self.peers.get(peer, at.now));
        let Some(Found {
            value: peer,
            shared,
        }) = found
        else {
            return;
        };
        let count = peer.failures.count(at.now, self.window);
        let threshold = self.config.peer_failures.index();
        if count < threshold {
            return;
        }
        if let Some(suppressed) = peer.quiet.ring(at.now, self.window) {
            peer.traces.push(at.trace_id);
            let evidence = Evidence {
                by: Some("peer"),
                count: Evidence::number(count),
                threshold: Evidence::number(threshold),
                tools: Evidence::tool(at),
                ..Evidence::of_window(self.window, suppressed, shared, &peer.traces)
            };
            let key = AlertKey::peer(at);
            raise.alert(
                Rule::AuthFailureThenCall,
                self.config.peer_severity,
                at,
                key,
                evidence,
            );
        }
    }
}
