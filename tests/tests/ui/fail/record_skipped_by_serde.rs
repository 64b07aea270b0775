use mcp_observe::Record;

#[derive(serde::Deserialize, Record)]
struct Args {
    #[record]
    city: String,
    #[serde(skip)]
    #[record]
    cached: u8,
    #[serde(skip_deserializing)]
    #[redact]
    derived: u8,
}

#[derive(serde::Deserialize, Record)]
enum Mode {
    Fast,
    #[serde(skip)]
    Slow(#[record] u8),
}

fn main() {}
