//! One or the other.
use mcp_observe::Record;

#[derive(Record)]
struct Args {
    #[record]
    #[redact(hash)]
    city: String,
    #[redact]
    #[record(serde)]
    country: String,
}

fn main() {}
