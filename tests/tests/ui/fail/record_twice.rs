use mcp_observe::Record;

#[derive(Record)]
struct Args {
    #[record]
    #[record(serde)]
    city: String,
    #[redact]
    #[redact]
    country: String,
}

fn main() {}
