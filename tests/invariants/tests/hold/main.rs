//! The invariants hold for the corpus of the fuzz targets and for generated input.

mod arguments;
mod corpus;
mod detection;
mod http_layer;
mod input;
mod scrubber;
mod security_log;
mod trace_context;
