//! A name is all that tells: the author has to say what it is.
use mcp_observe::Record;

#[derive(serde::Deserialize, Record)]
#[record(all)]
struct Args {
    city: String,
    api_key: String,
    #[serde(rename = "accessToken")]
    access: String,
    #[serde(alias = "passwd")]
    phrase: String,
    max_tokens: u32,
    #[redact]
    password: String,
    #[record]
    session: u8,
    #[serde(skip)]
    cookie: String,
}

#[derive(serde::Deserialize, Record)]
#[record(all)]
enum Login {
    Guest(String),
    Token(String),
    Password { hint: String },
    #[serde(rename = "refresh_token", alias = "refresh")]
    Again(String),
}

#[derive(Record)]
#[record(all)]
struct ApiKey(String);

fn main() {}
