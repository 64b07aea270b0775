//! What runs beside the server, as `deploy/` has it: that the files fit together, that they are what their
//! programs read where these can be had, and that nothing secret passes the Collector.

mod backends;
mod collector;
mod compose;
mod deploy;
mod masking;
