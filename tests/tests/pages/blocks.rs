//! Each block is in a language that a test here reads.

use mcp_observe_tests::pages::pages;

/// The languages, and what checks a block in one.
const LANGUAGES: [(&str, &str); 11] = [
    ("json", "data"),
    ("logql", "logql"),
    ("mermaid", "shown"),
    ("prometheus", "shown"),
    ("promql", "promql"),
    ("rust", "rust"),
    ("sh", "commands"),
    ("text", "shown"),
    ("toml", "data"),
    ("traceql", "traceql"),
    ("yaml", "data"),
];

#[test]
fn something_checks_each_block() {
    let mut seen = 0;
    for page in pages() {
        for block in page.blocks() {
            let language = block.language();
            assert!(
                LANGUAGES.iter().any(|(known, _)| *known == language),
                "{}: no test checks blocks of {language:?}: use one of {LANGUAGES:?}, or add a test\n{}",
                page.name,
                block.text
            );
            seen += 1;
        }
    }
    assert!(seen > 80, "{seen} blocks were looked at");
}

/// A block of an unknown language, or of none, would be passed over by all others.
#[test]
fn a_language_is_the_first_word() {
    for (tag, language) in [("rust,no_run", "rust"), ("sh", "sh"), ("", "")] {
        let block = mcp_observe_tests::pages::Block {
            tag: tag.to_owned(),
            text: String::new(),
        };
        assert_eq!(block.language(), language);
    }
}
