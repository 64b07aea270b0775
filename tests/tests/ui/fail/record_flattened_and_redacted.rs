use mcp_observe::Record;
use std::collections::HashMap;

#[derive(serde::Deserialize, Record)]
struct Args {
    #[serde(flatten)]
    #[redact]
    rest: HashMap<String, String>,
}

#[derive(serde::Deserialize, Record)]
#[serde(tag = "kind")]
enum Kind {
    Other(#[redact(hash)] HashMap<String, String>),
}

fn main() {}
