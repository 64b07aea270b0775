//! Addresses to listen at, as people are told of them.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// What listens everywhere is called at the loopback address.
#[must_use]
pub fn reachable(mut address: SocketAddr) -> SocketAddr {
    if address.ip().is_unspecified() {
        address.set_ip(match address {
            SocketAddr::V4(_) => IpAddr::V4(Ipv4Addr::LOCALHOST),
            SocketAddr::V6(_) => IpAddr::V6(Ipv6Addr::LOCALHOST),
        });
    }
    address
}

/// Why the address that a flag names cannot be listened at, and what to do.
#[must_use]
pub fn refused(flag: &str, address: SocketAddr, error: &io::Error) -> String {
    let advice = match error.kind() {
        io::ErrorKind::AddrInUse => "stop the program that has this port, or choose another",
        _ => "choose another address",
    };
    format!(
        "cannot listen at {address}: {error}; {advice} with `{flag} ADDR` (port 0 takes a free one)"
    )
}
