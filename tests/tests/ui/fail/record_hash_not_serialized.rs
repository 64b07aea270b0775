use mcp_observe::Record;

struct Opaque;

#[derive(Record)]
struct Args {
    #[redact(hash)]
    opaque: Option<Opaque>,
}

fn main() {}
