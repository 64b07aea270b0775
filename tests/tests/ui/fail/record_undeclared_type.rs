//! The types of the fields say what of them may be recorded, and so on down.
use mcp_observe::Record;
use std::collections::HashMap;
use std::time::Duration;

struct Opaque;

#[derive(Record)]
struct Args {
    #[record]
    timeout: Duration,
    #[record]
    list: Vec<Opaque>,
    #[record]
    map: HashMap<(u8, u8), u8>,
}

#[derive(Record)]
#[record(all)]
enum Kind {
    Opaque(Opaque),
}

fn main() {}
