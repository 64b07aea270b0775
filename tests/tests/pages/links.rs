//! Links of pages lead to files and headings that are there.

use std::path::Path;

use mcp_observe_tests::pages::{Page, pages, root};
use regex::Regex;

/// A heading's anchor, as GitHub makes it.
fn anchor(heading: &str) -> String {
    let kept = |c: &char| c.is_alphanumeric() || " -_".contains(*c);
    let text: String = heading.to_lowercase().chars().filter(kept).collect();
    text.replace(' ', "-")
}

fn has_heading(page: &Page, wanted: &str) -> bool {
    let headings = page.text.lines().filter(|line| line.starts_with('#'));
    headings
        .map(|line| line.trim_start_matches('#').trim())
        .any(|heading| anchor(heading) == wanted)
}

#[test]
fn they_lead_somewhere() {
    let link = Regex::new(r"\]\(([^)\s]+)\)").expect("an expression");
    let mut seen = 0;
    for page in pages() {
        for found in link.captures_iter(&page.text) {
            let target = &found[1];
            if target.starts_with("https://") {
                continue;
            }
            let (file, heading) = target.split_once('#').unwrap_or((target, ""));
            let directory = Path::new(&page.name).parent().expect("a directory");
            let path = match file {
                "" => page.name.clone(),
                file => directory.join(file).to_str().expect("UTF-8").to_owned(),
            };
            assert!(root().join(&path).exists(), "{target}: {}", page.name);
            if !heading.is_empty() {
                let there = has_heading(&Page::read(&path), heading);
                assert!(there, "no heading {target}: {}", page.name);
            }
            seen += 1;
        }
    }
    assert!(seen > 0, "no link was looked at");
}
