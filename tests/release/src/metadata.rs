//! `cargo metadata`, as far as it is looked at here.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::PathBuf;

use serde::Deserialize;

use crate::{CargoError, PUBLISHED, cargo};

/// The workspace's packages, and those that they depend on with all features on any machine.
#[derive(Debug, Deserialize)]
pub struct Metadata {
    packages: Vec<Package>,
    workspace_members: BTreeSet<String>,
    resolve: Resolve,
    /// Where cargo puts what it makes.
    pub target_directory: PathBuf,
}

/// A package, as its manifest has it.
#[derive(Debug, Deserialize)]
pub struct Package {
    id: String,
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// One line on what it is.
    pub description: Option<String>,
    /// Its licence, as an SPDX expression.
    pub license: Option<String>,
    /// The file that registries show.
    pub readme: Option<String>,
    /// What it is found by.
    pub keywords: Vec<String>,
    /// Where registries list it.
    pub categories: Vec<String>,
    /// The first version of Rust that it says it works with.
    pub rust_version: Option<String>,
    /// The registries that it may be published in: `None` is any, and an empty list none.
    pub publish: Option<Vec<String>>,
    /// What it depends on, tests and build scripts included.
    pub dependencies: Vec<Dependency>,
    /// Its features, and what each turns on.
    pub features: BTreeMap<String, Vec<String>>,
    /// The table `package.metadata`.
    pub metadata: serde_json::Value,
}

/// What a manifest says of a package that it depends on.
#[derive(Debug, Deserialize)]
pub struct Dependency {
    /// Its name.
    pub name: String,
    /// The versions that do.
    pub req: String,
    /// Where it is, if it is a path.
    pub path: Option<PathBuf>,
}

#[derive(Debug, Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Debug, Deserialize)]
struct Node {
    id: String,
    deps: Vec<Edge>,
}

#[derive(Debug, Deserialize)]
struct Edge {
    pkg: String,
    dep_kinds: Vec<Kind>,
}

impl Edge {
    /// Whether it is for tests, benchmarks and examples alone.
    fn is_dev(&self) -> bool {
        let dev = |kind: &Kind| kind.kind.as_deref() == Some("dev");
        self.dep_kinds.iter().all(dev)
    }
}

#[derive(Debug, Deserialize)]
struct Kind {
    kind: Option<String>,
}

impl Metadata {
    /// Asks cargo.
    ///
    /// # Errors
    /// If cargo fails.
    ///
    /// # Panics
    /// If its answer is none of `cargo metadata`'s.
    pub fn read() -> Result<Self, CargoError> {
        let text = cargo(
            &[
                "metadata",
                "--format-version=1",
                "--all-features",
                "--locked",
            ],
            &[],
        )?;
        Ok(serde_json::from_str(&text).expect("the first format of `cargo metadata`"))
    }

    /// All packages, those of others among them.
    pub fn packages(&self) -> impl Iterator<Item = &Package> {
        self.packages.iter()
    }

    /// The workspace's own packages.
    pub fn members(&self) -> impl Iterator<Item = &Package> {
        let own = |package: &&Package| self.workspace_members.contains(&package.id);
        self.packages.iter().filter(own)
    }

    /// The packages that are published, in [that order](PUBLISHED).
    ///
    /// # Panics
    /// If one is not there.
    pub fn published(&self) -> impl Iterator<Item = &Package> {
        PUBLISHED.iter().map(|name| {
            self.members()
                .find(|package| package.name == *name)
                .unwrap_or_else(|| panic!("{name} is no package of the workspace"))
        })
    }

    /// What those who depend on a package compile with it, itself included; each with the names of those
    /// that it is there for, the package's own first. It is no less, and more where the workspace's tests
    /// turn features on.
    ///
    /// # Panics
    /// If cargo's answer has dependencies on packages that it does not list.
    #[must_use]
    pub fn compiled_with(&self, package: &Package) -> Vec<(&Package, Vec<&str>)> {
        let packages: HashMap<&str, &Package> = self
            .packages
            .iter()
            .map(|package| (package.id.as_str(), package))
            .collect();
        let edges: HashMap<&str, &[Edge]> = self
            .resolve
            .nodes
            .iter()
            .map(|node| (node.id.as_str(), node.deps.as_slice()))
            .collect();
        let mut seen = BTreeSet::from([package.id.as_str()]);
        let mut todo = vec![(package.id.as_str(), Vec::new())];
        let mut found = Vec::new();
        while let Some((id, through)) = todo.pop() {
            let package = packages[id];
            for edge in edges[id].iter().filter(|edge| !edge.is_dev()) {
                if seen.insert(&edge.pkg) {
                    let mut through = through.clone();
                    through.push(package.name.as_str());
                    todo.push((&edge.pkg, through));
                }
            }
            found.push((package, through));
        }
        found
    }
}

impl Package {
    /// Whether it may be published.
    #[must_use]
    pub fn is_published(&self) -> bool {
        self.publish
            .as_ref()
            .is_none_or(|registries| !registries.is_empty())
    }
}
