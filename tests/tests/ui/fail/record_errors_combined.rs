//! All at once, and no others: the type can be used.
use mcp_observe::Record;

#[derive(Record)]
#[record(every)]
struct Args<T> {
    #[record(json)]
    city: T,
    #[record]
    #[redact]
    country: String,
}

fn records<T: Record>(_: T) {}

fn main() {
    records(Args {
        city: 1,
        country: String::new(),
    });
}
