//! What pages show of programs, and drawings: each block is compared with the program's own output.

use mcp_observe_tests::pages::{Block, Page, pages};
use regex::Regex;

/// Pages whose blocks of text and of metrics are compared with what their programs show, and by what.
const COMPARED: [(&str, &str); 2] = [
    (
        "docs/instrument.md",
        "examples/tests/programs/guides/instrument.rs",
    ),
    (
        "docs/migrate.md",
        "examples/tests/programs/guides/migrate.rs",
    ),
];

/// Another block, and what compares it.
struct Shown {
    page: &'static str,
    /// How it begins.
    beginning: &'static str,
    compare: fn(&Block),
}

const OTHERS: [Shown; 4] = [
    Shown {
        page: "README.md",
        beginning: "invoke_agent weather-assistant",
        compare: is_the_demos_trace,
    },
    Shown {
        page: "README.md",
        beginning: "error[E0080]",
        compare: is_the_compilers_error,
    },
    Shown {
        page: "docs/pipeline.md",
        beginning: "flowchart LR",
        compare: has_all_parts,
    },
    Shown {
        page: "docs/pipeline.md",
        beginning: "agent ──tools/call──▶ MCP server",
        compare: has_all_parts,
    },
];

#[test]
fn each_is_compared_with_what_it_shows() {
    let mut seen = 0;
    for page in pages() {
        let compared = COMPARED.iter().find(|(name, _)| *name == page.name);
        for block in page.blocks() {
            match block.language() {
                "text" | "prometheus" | "mermaid" => {}
                _ => continue,
            }
            if let Some((_, test)) = compared {
                let reads = format!("\"{}\"", page.name);
                assert!(
                    Page::read(test).text.contains(&reads),
                    "{test} does not read {reads}"
                );
            } else {
                let mut others = OTHERS.iter();
                let found =
                    others.find(|it| it.page == page.name && block.text.starts_with(it.beginning));
                let found = found.unwrap_or_else(|| {
                    panic!(
                        "{}: let a test compare this, and name it in OTHERS:\n{}",
                        page.name, block.text
                    )
                });
                (found.compare)(&block);
                seen += 1;
            }
        }
    }
    assert_eq!(seen, OTHERS.len());
}

/// Spans of the demo; `examples/tests/programs/demo/once.rs` asserts how they are below each other.
fn is_the_demos_trace(block: &Block) {
    let asserted = Page::read("examples/tests/programs/demo/once.rs").text;
    let span = Regex::new(r"(invoke_agent|tools/call) [\w-]+|db\.query").expect("an expression");
    let mut seen = 0;
    for found in span.find_iter(&block.text) {
        assert!(asserted.contains(found.as_str()), "{}", found.as_str());
        seen += 1;
    }
    assert_eq!(seen, 8, "{}", block.text);
}

/// As the test `ui` has it, in lines of a width of their own.
fn is_the_compilers_error(block: &Block) {
    let error = Page::read("tests/tests/ui/fail/budget_exceeded.stderr").text;
    let words = |text: &str| {
        text.split_whitespace()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let (message, _) = error.split_once("-->").expect("a place");
    let (shown, _) = block.text.split_once("-->").expect("a place");
    assert_eq!(words(shown), words(message));
}

/// The drawing has each part that the page's table describes.
fn has_all_parts(block: &Block) {
    let page = Page::read("docs/pipeline.md").text;
    let (_, table) = page.split_once("| part | what it does |").expect("a table");
    let rows = table
        .lines()
        .skip(2)
        .take_while(|line| line.starts_with('|'));
    let parts: Vec<&str> = rows
        .map(|row| row.split('|').nth(1).expect("a part").trim())
        .collect();
    assert!(parts.len() > 5, "{parts:?}");
    for part in parts {
        assert!(block.text.contains(part), "no {part} in\n{}", block.text);
    }
}
