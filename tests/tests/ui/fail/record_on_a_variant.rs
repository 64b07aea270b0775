use mcp_observe::Record;

#[derive(Record)]
enum Kind {
    #[record]
    Fast,
    #[redact]
    Slow(u8),
}

fn main() {}
