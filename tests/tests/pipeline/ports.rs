//! Ports for programs that have to be told theirs.

use std::net::TcpListener;
use std::process;
use std::sync::atomic::{AtomicU16, Ordering};

/// Below the ports that the kernel gives to outgoing connections: one that is free stays free while a
/// program starts, or is started anew, unless another program asks for that very port.
const FIRST: u16 = 15_000;
const COUNT: u16 = 15_000;

/// A free port of the loopback device, which is given out once.
///
/// # Panics
/// If all are taken.
pub(crate) fn free() -> u16 {
    static GIVEN: AtomicU16 = AtomicU16::new(0);
    // Test binaries that run at the same time begin at different ones.
    let begin = u16::try_from(process::id() * 61 % u32::from(COUNT)).expect("it is smaller");
    for _ in 0..COUNT {
        let given = GIVEN.fetch_add(1, Ordering::Relaxed);
        let port = FIRST + (begin + given % COUNT) % COUNT;
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
    panic!("all ports are taken");
}
