//! Whether stdout may be written to.
//!
//! A server over stdio speaks its protocol there, and one line that is none of it ends the session. Which
//! transport a server has is known with its first message, and no server writes to stdout before that:
//! so lines wait for it.

use std::sync::atomic::{AtomicU8, Ordering};

use crate::closed::Transport;

#[derive(Debug, Default)]
pub(super) struct Gate(AtomicU8);

const HELD: u8 = 0;
const OPEN: u8 = 1;
/// For good.
const SHUT: u8 = 2;

impl Gate {
    /// A message came in this way. Whether lines need wait no longer, whatever becomes of them.
    pub(super) fn heard(&self, transport: Transport) -> bool {
        let before = match transport {
            // May well be stdio, without us.
            Transport::Unknown => return false,
            Transport::Pipe if self.0.load(Ordering::Relaxed) == SHUT => SHUT,
            Transport::Pipe => self.0.swap(SHUT, Ordering::SeqCst),
            _ => {
                let opened =
                    self.0
                        .compare_exchange(HELD, OPEN, Ordering::SeqCst, Ordering::Relaxed);
                opened.unwrap_or_else(|before| before)
            }
        };
        before == HELD
    }

    pub(super) fn is_open(&self) -> bool {
        self.0.load(Ordering::SeqCst) == OPEN
    }
}
