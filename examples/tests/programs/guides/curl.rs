//! `curl`, as far as the guides use it: its URL, `--header` and `--data`.

use std::fs;
use std::net::SocketAddr;

use mcp_observe_tests::pages::Page;
use reqwest::{Client, Method};
use tokio::runtime::Runtime;

use super::command::file;

/// The address that the guides use.
const WRITTEN: &str = "http://127.0.0.1:8000";

/// A request.
#[derive(Debug)]
pub(super) struct Curl {
    path: String,
    headers: Vec<(String, String)>,
    data: Option<String>,
}

/// What was answered.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: String,
}

/// All that a page asks with, in its order.
pub(super) fn requests(page: &Page) -> Vec<Curl> {
    let commands = page.blocks_in("sh").join("").replace("\\\n", " ");
    commands.lines().filter_map(Curl::read).collect()
}

impl Curl {
    fn read(line: &str) -> Option<Self> {
        let mut words = words(line.strip_prefix("curl ")?).into_iter();
        let url = words.next().expect("a URL");
        let mut request = Self {
            path: url.strip_prefix(WRITTEN).expect("the address").to_owned(),
            headers: Vec::new(),
            data: None,
        };
        while let Some(flag) = words.next() {
            let value = words.next().expect("a value");
            match flag.as_str() {
                "--header" => {
                    let (name, value) = value.split_once(": ").expect("a header");
                    request.headers.push((name.to_owned(), value.to_owned()));
                }
                "--data" => {
                    request.data = Some(match value.strip_prefix('@') {
                        Some(path) => fs::read_to_string(file(path)).expect("it is there"),
                        None => value,
                    });
                }
                _ => panic!("a flag that is not known here: {flag}"),
            }
        }
        Some(request)
    }

    /// Asks the server at this address instead.
    pub(super) fn send(&self, to: SocketAddr) -> Answer {
        let method = if self.data.is_some() {
            Method::POST
        } else {
            Method::GET
        };
        let mut request = Client::new().request(method, format!("http://{to}{}", self.path));
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        if let Some(data) = &self.data {
            request = request.body(data.clone());
        }
        Runtime::new().expect("a runtime").block_on(async {
            let response = request.send().await.expect("it answers");
            Answer {
                status: response.status().as_u16(),
                body: response.text().await.expect("a body"),
            }
        })
    }
}

/// The words of a line; what is in single quotes is one.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (index, part) in line.split('\'').enumerate() {
        if index % 2 == 1 {
            words.push(part.to_owned());
        } else {
            words.extend(part.split_whitespace().map(str::to_owned));
        }
    }
    words
}
