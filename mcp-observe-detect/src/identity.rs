//! Who did it: the keys that rules count by.

use core::net::{IpAddr, Ipv6Addr};
use std::hash::{BuildHasher, Hash, RandomState};

/// What a rule counts by: a keyed hash, so that nobody can choose texts that collide.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub(crate) struct Key(u64);

impl Key {
    /// One of `count` parts that keys are divided into.
    pub(crate) fn part(self, count: usize) -> usize {
        usize::try_from(self.0 >> 32).unwrap_or_default() % count.max(1)
    }

    pub(crate) fn bits(self) -> u64 {
        self.0
    }
}

/// What makes keys, with a secret of its own: that of std's hash maps.
#[derive(Debug, Clone, Default)]
pub(crate) struct Keys(RandomState);

/// What a text is, so that a user and a session of the same name have different keys.
#[derive(Debug, Clone, Copy, Hash)]
pub(crate) enum Kind {
    User,
    Session,
    Client,
    Tool,
    /// A client's address that is none.
    Address,
}

impl Keys {
    pub(crate) fn of_text(&self, kind: Kind, text: &str) -> Key {
        self.of((kind, text))
    }

    /// Of a peer's network: its address, in IPv6 the first 64 bits, of which every host can choose the
    /// others as it likes.
    pub(crate) fn of_peer(&self, text: &str, address: Option<IpAddr>) -> Key {
        match address {
            Some(address) => self.of(network(address)),
            None => self.of_text(Kind::Address, text),
        }
    }

    /// The one actor of a server that knows neither users nor addresses.
    pub(crate) fn of_local(&self) -> Key {
        self.of(())
    }

    pub(crate) fn of_pair(&self, one: Key, other: Key) -> Key {
        self.of((one, other))
    }

    fn of(&self, what: impl Hash) -> Key {
        Key(self.0.hash_one(what))
    }
}

fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        address @ IpAddr::V4(_) => address,
    }
}
