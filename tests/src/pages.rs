//! The pages for people: their texts, and the blocks of code in them.

use std::fs;
use std::path::{Path, PathBuf};

/// The repository's root.
#[must_use]
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// A page.
#[derive(Debug)]
pub struct Page {
    /// Where it is, seen from the root, with `/`.
    pub name: String,
    /// What it says.
    pub text: String,
}

/// A fenced block of code.
#[derive(Debug)]
pub struct Block {
    /// What stands behind its first fence: the language, and what more there is.
    pub tag: String,
    /// What is in it, without the fences' own indentation.
    pub text: String,
}

impl Block {
    /// The first word of the tag.
    #[must_use]
    pub fn language(&self) -> &str {
        self.tag.split(',').next().unwrap_or_default()
    }
}

impl Page {
    /// Reads a page.
    ///
    /// # Panics
    /// If it is not there.
    #[must_use]
    pub fn read(name: &str) -> Self {
        let text = fs::read_to_string(root().join(name));
        Self {
            text: text.unwrap_or_else(|error| panic!("{name}: {error}")),
            name: name.to_owned(),
        }
    }

    /// Its blocks of code.
    ///
    /// # Panics
    /// If one has no end.
    #[must_use]
    pub fn blocks(&self) -> Vec<Block> {
        let mut blocks = Vec::new();
        let mut lines = self.text.lines();
        while let Some(line) = lines.next() {
            let Some(tag) = line.trim_start().strip_prefix("```") else {
                continue;
            };
            let indentation = line.len() - line.trim_start().len();
            let mut text = String::new();
            loop {
                let line = lines.next();
                let line = line.unwrap_or_else(|| panic!("{}: {tag} has no end", self.name));
                if line.trim_start() == "```" {
                    break;
                }
                text.push_str(line.get(indentation..).unwrap_or_default());
                text.push('\n');
            }
            blocks.push(Block {
                tag: tag.to_owned(),
                text,
            });
        }
        blocks
    }

    /// What is in its blocks of this language.
    #[must_use]
    pub fn blocks_in(&self, language: &str) -> Vec<String> {
        let blocks = self.blocks().into_iter();
        let of_it = blocks.filter(|block| block.language() == language);
        of_it.map(|block| block.text).collect()
    }
}

/// All pages.
///
/// # Panics
/// If a directory cannot be read.
#[must_use]
pub fn pages() -> Vec<Page> {
    let mut pages = Vec::new();
    below("", &mut pages);
    assert!(pages.len() >= 10, "{pages:#?}");
    pages
}

/// The pages of this directory and those in it, but for what is built or hidden.
fn below(directory: &str, pages: &mut Vec<Page>) {
    for entry in fs::read_dir(root().join(directory)).expect("a directory") {
        let entry = entry.expect("an entry");
        let name = entry.file_name().into_string().expect("UTF-8");
        if name.starts_with('.') || name == "target" {
            continue;
        }
        let path = match directory {
            "" => name,
            directory => format!("{directory}/{name}"),
        };
        if entry.file_type().expect("a type").is_dir() {
            below(&path, pages);
        } else if Path::new(&path).extension().is_some_and(|it| it == "md") {
            pages.push(Page::read(&path));
        }
    }
}
