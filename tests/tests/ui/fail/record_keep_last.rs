use mcp_observe::Record;

#[derive(Record)]
struct Args {
    #[redact(keep_last)]
    a: String,
    #[redact(keep_last = 0)]
    b: String,
    #[redact(keep_last = 9)]
    c: String,
    #[redact(keep_last = "4")]
    d: String,
    #[redact(keep_last = LAST)]
    e: String,
    #[redact(keep_last(4))]
    f: String,
    #[redact(keep_last = 99999999999999999999999)]
    g: String,
}

fn main() {}
