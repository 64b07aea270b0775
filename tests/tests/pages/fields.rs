//! The fields that queries name.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::process::Stdio;

use mcp_observe_tests::pages::pages;
use mcp_observe_tests::runtimes::Node;
use serde::Deserialize;
use serde_json::json;

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/pages/fields.mjs");

/// A query as it is read.
#[derive(Debug, Deserialize)]
pub(crate) struct Query {
    pub(crate) failures: Vec<String>,
    pub(crate) fields: Vec<Field>,
}

/// A field, and what it is equal to.
#[derive(Debug, Deserialize)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) equals: Option<String>,
}

/// Reads queries.
pub(crate) fn read(language: &str, queries: &[String]) -> Vec<Query> {
    let mut parser = Node::installed(env!("CARGO_TARGET_TMPDIR"))
        .script(SCRIPT)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let input = json!({ "language": language, "queries": queries });
    let mut stdin = parser.stdin.take().expect("a pipe");
    stdin
        .write_all(input.to_string().as_bytes())
        .expect("it reads");
    drop(stdin);
    let output = parser.wait_with_output().expect("it ends");
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{complaint}");
    serde_json::from_slice(&output.stdout).expect("what it read")
}

/// All queries of the pages in this language, each with what is read of it.
pub(crate) fn of_pages(language: &str) -> BTreeMap<String, Query> {
    let pages = pages();
    let queries: Vec<String> = pages.iter().flat_map(|it| it.blocks_in(language)).collect();
    assert!(!queries.is_empty(), "no {language}");
    let read = read(language, &queries);
    let all: BTreeMap<_, _> = queries.into_iter().zip(read).collect();
    for (query, read) in &all {
        assert!(
            read.failures.is_empty(),
            "no {language} from here: {:?}\n{query}",
            read.failures
        );
        assert!(!read.fields.is_empty(), "{query}");
    }
    all
}

#[test]
fn what_is_no_query_is_found() {
    for (language, query) in [
        ("logql", "{service_name=\"weather\"} | status ="),
        ("traceql", "{ span.error.type = }"),
    ] {
        let read = read(language, &[query.to_owned()]);
        assert!(!read[0].failures.is_empty(), "{query}: {read:?}");
    }
}

#[test]
fn fields_are_told_with_what_they_are_equal_to() {
    let told = |language, query: &str| -> Vec<(String, Option<String>)> {
        let mut read = read(language, &[query.to_owned()]);
        let fields = read.remove(0).fields.into_iter();
        fields.map(|it| (it.name, it.equals)).collect()
    };
    let equal = |name: &str, value: &str| (name.to_owned(), Some(value.to_owned()));
    let named = |name: &str| (name.to_owned(), None);
    assert_eq!(
        told(
            "logql",
            r#"sum by (usr_id) (count_over_time({job="a"} | status != "error" | n > 1 | m =~ "x" [1m]))"#
        ),
        [
            named("usr_id"),
            equal("job", "a"),
            equal("status", "error"),
            named("n"),
            named("m"),
        ]
    );
    assert_eq!(
        told(
            "traceql",
            r#"{ span.error.type = "timeout" && kind = server } | select(span.mcp.method.name)"#
        ),
        [
            equal("span.error.type", "timeout"),
            named("kind"),
            named("span.mcp.method.name"),
        ]
    );
}
