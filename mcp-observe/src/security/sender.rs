//! Where a message tells of its sender. Every message has this, and what is in it is looked for only
//! where there is a security log: so it is small.

use std::fmt;

use crate::context::carrier::Carrier;

/// See the module.
#[derive(Clone, Copy, Default)]
pub(crate) enum Sender<'a> {
    #[default]
    Unknown,
    /// In its `_meta`, and nowhere else.
    Meta(&'a dyn Carrier),
    #[cfg(feature = "rmcp")]
    Rmcp(crate::rmcp::Origin<'a>),
}

/// What it tells is the caller's, and not for logs.
impl fmt::Debug for Sender<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sender").finish_non_exhaustive()
    }
}
