//! What rules remember, in bounded memory.

mod distinct;
mod names;
mod quiet;
mod recent;
mod table;
mod traces;

pub(crate) use self::distinct::Distinct;
pub(crate) use self::names::Names;
pub(crate) use self::quiet::Quiet;
pub(crate) use self::recent::Recent;
pub(crate) use self::table::{Found, Table};
pub(crate) use self::traces::Traces;
