//! The files, and what is in them.

use std::path::{Path, PathBuf};
use std::{fs, io};

use crate::catalogue::Catalogue;
use crate::rules::AlertSettings;
use crate::settings::{AssetsBuilder, Settings};
use crate::{dashboard, rules, stack};

/// The files for one server.
#[derive(Debug, Clone)]
pub struct Assets {
    files: Vec<Asset>,
    expressions: Vec<Expression>,
}

/// A file.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Asset {
    /// Where it belongs, from the directory of all of them; with `/` between its parts.
    pub path: &'static str,
    /// What is in it.
    pub contents: String,
}

/// A query in PromQL that is in one of the files.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Expression {
    /// The file that it is in.
    pub path: &'static str,
    /// Whose it is there: the title of a panel, the name of a rule.
    pub place: String,
    /// The query, Grafana's variables included.
    pub promql: String,
    /// Why there may be no data where the server runs and has been called.
    pub may_be_empty: Option<&'static str>,
}

impl Assets {
    /// For the server of that name: its `service.name`, and the `job` of its metrics.
    pub fn builder(service: impl Into<String>) -> AssetsBuilder {
        AssetsBuilder::new(service.into())
    }

    pub(crate) fn of(catalogue: &Catalogue, settings: &Settings, alerts: &AlertSettings) -> Self {
        let parts = [
            rules::assets(catalogue, alerts),
            dashboard::assets(catalogue, settings),
            stack::assets(settings),
        ];
        let mut all = Self {
            files: Vec::new(),
            expressions: Vec::new(),
        };
        for part in parts {
            all.files.extend(part.files);
            all.expressions.extend(part.expressions);
        }
        all
    }

    /// The files.
    #[must_use]
    pub fn files(&self) -> &[Asset] {
        &self.files
    }

    /// The queries in PromQL of all files.
    #[must_use]
    pub fn expressions(&self) -> &[Expression] {
        &self.expressions
    }

    /// Writes the files below `directory`, which is made if it is not there. Files of other names are
    /// left alone.
    ///
    /// # Errors
    /// If a directory cannot be made, or a file cannot be written.
    pub fn write_to(&self, directory: impl AsRef<Path>) -> io::Result<()> {
        for (path, file) in self.in_directory(directory.as_ref()) {
            if let Some(parent) = path.parent() {
                fs::create_dir_all(parent)?;
            }
            fs::write(&path, &file.contents)?;
        }
        Ok(())
    }

    /// The files below `directory` that are not as [`write_to`](Self::write_to) would write them.
    ///
    /// # Errors
    /// If a file is there and cannot be read.
    pub fn outdated_in(&self, directory: impl AsRef<Path>) -> io::Result<Vec<PathBuf>> {
        let mut outdated = Vec::new();
        for (path, file) in self.in_directory(directory.as_ref()) {
            match fs::read(&path) {
                Ok(there) if there == file.contents.as_bytes() => {}
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                Ok(_) | Err(_) => outdated.push(path),
            }
        }
        Ok(outdated)
    }

    fn in_directory(&self, directory: &Path) -> impl Iterator<Item = (PathBuf, &Asset)> {
        self.files
            .iter()
            .map(move |file| (directory.join(file.path), file))
    }
}

/// What one part of this crate makes.
#[derive(Debug, Default)]
pub(crate) struct Part {
    pub(crate) files: Vec<Asset>,
    pub(crate) expressions: Vec<Expression>,
}
