//! What keeps a secret is not recorded, wherever it is in a type.
use mcp_observe::Record;
use std::collections::HashMap;

mod secrecy {
    pub struct SecretBox<T: ?Sized>(pub Box<T>);
    pub type SecretString = SecretBox<str>;
}
use secrecy::SecretString;

#[derive(Record)]
struct Args {
    #[record]
    door: SecretString,
    #[record(serde)]
    doors: Option<Vec<secrecy::SecretBox<u8>>>,
    #[redact]
    allowed: SecretString,
    undeclared: SecretString,
}

#[derive(Record)]
#[record(all)]
enum Door {
    Front(HashMap<String, SecretString>),
    Back {
        #[redact]
        allowed: SecretString,
    },
}

fn main() {}
