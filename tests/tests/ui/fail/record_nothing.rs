//! A derive that does nothing is a mistake.
use mcp_observe::Record;

#[derive(Record)]
struct Args {
    city: String,
}

#[derive(Record)]
struct City(String);

#[derive(serde::Deserialize, Record)]
#[serde(untagged)]
enum Either {
    Left(u8),
    Right(u16),
}

#[derive(Record)]
#[record(all)]
struct Unit;

fn main() {}
