//! Queries that can be wrong in no name: made from series whose labels and values are known.
//!
//! Whatever a query names is checked when it is made; what does not exist is a mistake of this crate, and
//! panics there, with no file written.

mod query;
mod series;

pub(crate) use query::Query;
pub(crate) use series::{KnownLabel, Series};
