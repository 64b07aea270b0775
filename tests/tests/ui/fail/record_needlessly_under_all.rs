use mcp_observe::Record;

#[derive(Record)]
#[record(all)]
struct Args {
    #[record]
    city: String,
    // These do something.
    #[record]
    pin: u8,
    #[record(serde)]
    country: String,
}

fn main() {}
