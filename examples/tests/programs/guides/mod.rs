//! The guides: their commands are run, and what they say is seen is what the programs show.

mod command;
mod curl;
mod detection_rule;
mod instrument;
mod migrate;
mod seen;
#[cfg(unix)]
mod stopped;
mod wire;

use mcp_observe_tests::pages::Page;

use command::Command;

/// The one block of a page in this language that begins like this.
fn block(page: &Page, language: &str, beginning: &str) -> String {
    let blocks = page.blocks_in(language).into_iter();
    let mut blocks = blocks.filter(|block| block.starts_with(beginning));
    let block = blocks.next().unwrap_or_else(|| panic!("no {beginning}"));
    assert!(blocks.next().is_none(), "several begin with {beginning}");
    block
}

/// The one command of a page of which this is true.
fn command(page: &Page, wanted: impl Fn(&str) -> bool) -> Command {
    let blocks = page.blocks_in("sh").join("").replace("\\\n", " ");
    let mut lines = blocks.lines().filter(|line| wanted(line));
    let line = lines.next().expect("a command");
    assert_eq!(lines.next(), None, "another command");
    Command::read(line)
}
