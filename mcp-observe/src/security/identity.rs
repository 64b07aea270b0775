//! What an open operation remembers for its event: who sent the message, as extensions and headers
//! may be gone by the time it is closed.

use std::fmt;
use std::net::IpAddr;

use super::caller::Caller;
use super::event::UnknownHash;
use super::log::SecurityLog;
use crate::closed::{HttpStatus, Method};
use crate::operation::message::Message;
use crate::operation::target::{Target, ToolRef};

/// Who sent a message, and what it asked for in vain.
pub(crate) struct Identity {
    pub(crate) subject: Option<String>,
    /// The session that the message belongs to; where its sender was not let in, the one that it
    /// claims to belong to.
    pub(crate) session: Option<Box<str>>,
    pub(crate) client_name: Option<String>,
    pub(crate) client_ip: Option<IpAddr>,
    pub(crate) unknown: Option<UnknownHash>,
    /// Whether the message could be read so far that its method is known, or known to be unknown.
    pub(crate) has_method: bool,
    /// The HTTP status with which the transport refused the message.
    pub(crate) refused_with: Option<HttpStatus>,
}

/// Who it is, is for one log alone.
impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity").finish_non_exhaustive()
    }
}

impl Identity {
    /// Out of line, and with a message of its own, because without a security log nobody asks: then none
    /// need be made.
    #[inline(never)]
    pub(crate) fn of(
        log: &SecurityLog,
        method: Method,
        target: &Target,
        message: Message<'_>,
    ) -> Self {
        let refused = message.refused;
        let refused_with = refused.and_then(|refused| refused.status);
        let is_shut_out = refused_with.is_some_and(HttpStatus::shuts_out);
        let session = match refused {
            Some(refused) if is_shut_out => refused.claimed_session,
            _ => message.session_id,
        };
        let is_unknown =
            method == Method::OTHER || matches!(target, Target::Tool(ToolRef::Unknown));
        let asked_for = message.asked_for.filter(|_| is_unknown);
        Self {
            subject: match refused {
                Some(refused) => refused.subject.map(str::to_owned),
                None => log.subject_of(&Caller::of(message.sender, message.client)),
            },
            session: session.map(Into::into),
            client_name: client_name(&message),
            client_ip: message.client.map(|client| client.ip()),
            unknown: asked_for
                .map(|name| log.hash_unknown(name))
                .or(refused.and_then(|refused| refused.unknown)),
            has_method: refused.is_none_or(|refused| refused.names_method),
            refused_with,
        }
    }
}

/// What the client calls itself, if the transport tells.
#[cfg(feature = "rmcp")]
fn client_name(message: &Message<'_>) -> Option<String> {
    use super::sender::Sender;
    use crate::closed::Transport;

    let is_in_session = message.session_id.is_some() || message.transport == Transport::Pipe;
    match message.sender {
        Sender::Rmcp(origin) => origin.client_name(is_in_session),
        Sender::Unknown | Sender::Meta(_) => None,
    }
}

#[cfg(not(feature = "rmcp"))]
fn client_name(_: &Message<'_>) -> Option<String> {
    None
}
