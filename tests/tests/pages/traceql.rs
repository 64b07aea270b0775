//! Tempo's fields are attributes that are emitted. Those without a scope are the language's own, and its parser
//! knows them.

use std::collections::BTreeSet;

use mcp_observe_tests::pages::Page;
use regex::Regex;

use crate::fields::of_pages;

/// Written down as well, but on no span: the draft's name of a tool unless it is turned on, and what the
/// metrics about the telemetry have.
const NOT_ON_SPANS: [&str; 2] = ["mcp.tool.name", "otel.component.type"];

/// The attributes of spans, as the runtime has them written down.
fn attributes() -> BTreeSet<String> {
    let source = Page::read("mcp-observe/src/semconv.rs").text;
    let (_, module) = source.split_once("mod attribute {").expect("the names");
    let (module, _) = module.split_once("\n}").expect("the end of the names");
    let name = Regex::new(r#"&str =\s+"([^"]+)";"#).expect("an expression");
    let mut attributes: BTreeSet<_> = name
        .captures_iter(module)
        .map(|found| found[1].to_owned())
        .collect();
    for attribute in NOT_ON_SPANS {
        assert!(attributes.remove(attribute), "{attribute}: {attributes:?}");
    }
    attributes
}

#[test]
fn attributes_are_emitted() {
    let attributes = attributes();
    assert!(attributes.contains("gen_ai.tool.name"), "{attributes:?}");
    let mut seen = 0;
    for (query, read) in of_pages("traceql") {
        for field in read.fields {
            if let Some(attribute) = field.name.strip_prefix("span.") {
                assert!(attributes.contains(attribute), "{attribute}: {query}");
                seen += 1;
            } else if let Some(attribute) = field.name.strip_prefix("resource.") {
                assert_eq!(attribute, "service.name", "{query}");
            } else {
                assert!(!field.name.contains('.'), "{}: {query}", field.name);
            }
        }
    }
    assert!(seen > 0, "no attribute was looked at");
}
