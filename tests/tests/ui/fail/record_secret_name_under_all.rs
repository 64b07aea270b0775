//! A name is all that tells: the author has to say what it is.
use mcp_observe::Record;

#[derive(serde::Deserialize, Record)]
#[record(all)]
struct Args {
    city: String,
    api_key: String,
    #[serde(rename = "accessToken")]
    access: String,
    max_tokens: u32,
    #[redact]
    password: String,
    #[record]
    session: u8,
    #[serde(skip)]
    cookie: String,
}

#[derive(Record)]
#[record(all)]
enum Login {
    Guest(String),
    Token(String),
    Password { hint: String },
}

#[derive(Record)]
#[record(all)]
struct ApiKey(String);

fn main() {}
