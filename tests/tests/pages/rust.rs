//! Rust is compiled: as documentation, or, where a block says `ignore`, as the example whose lines it is.

use mcp_observe_tests::pages::{Page, pages};

use crate::sources::{is_of, sources};

#[test]
fn what_is_ignored_is_lines_of_an_example() {
    let sources = sources();
    let mut seen = 0;
    for page in pages() {
        for block in page.blocks() {
            if block.language() == "rust" && block.tag.contains("ignore") {
                assert!(
                    sources.iter().any(|source| is_of(&block.text, source)),
                    "{}: no source in examples/src has these lines:\n{}",
                    page.name,
                    block.text
                );
                seen += 1;
            }
        }
    }
    assert!(seen > 10, "{seen} blocks were looked at");
}

#[test]
fn pages_with_rust_are_documentation() {
    let compiled = Page::read("tests/src/compiled.rs").text;
    let mut seen = 0;
    for page in pages() {
        if page.blocks_in("rust").is_empty() {
            continue;
        }
        // A page of a crate's own may be in the crate's documentation.
        let own = page.name.strip_suffix("/README.md").map(|package| {
            Page::read(&format!("{package}/src/lib.rs"))
                .text
                .contains("include_str!(\"../README.md\")")
        });
        let here = compiled.contains(&format!("\"../../{}\"", page.name));
        assert!(
            here || own == Some(true),
            "{} has Rust that nothing compiles: add it to tests/src/compiled.rs",
            page.name
        );
        seen += 1;
    }
    assert!(seen >= 5, "{seen} pages were looked at");
}
