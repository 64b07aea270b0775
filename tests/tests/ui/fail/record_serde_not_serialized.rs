use mcp_observe::Record;

struct Opaque;

#[derive(Record)]
struct Args {
    #[record(serde)]
    opaque: Opaque,
}

fn main() {}
