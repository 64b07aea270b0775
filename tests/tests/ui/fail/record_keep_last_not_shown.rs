use mcp_observe::Record;

#[derive(Record)]
struct Args {
    #[redact(keep_last = 4)]
    numbers: Option<Vec<u8>>,
}

fn main() {}
