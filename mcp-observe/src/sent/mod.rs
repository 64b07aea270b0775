//! Messages that are sent: their operations, and what is known of where they go.

pub(crate) mod awaited;
pub(crate) mod endpoint;
pub(crate) mod execute_tools;
pub(crate) mod rounds;
