use mcp_observe::Record;

#[derive(Record)]
struct Args {
    #[record(json)]
    city: String,
    #[record()]
    country: String,
    #[record = "serde"]
    street: String,
    #[record(serde = true)]
    zip: String,
    #[record(all)]
    floor: u8,
    #[redact(last = 4)]
    phone: String,
    #[redact(hash, keep_last = 4)]
    mail: String,
    #[redact(hash = 1)]
    name: String,
    #[redact(keep::last)]
    door: u8,
}

fn main() {}
