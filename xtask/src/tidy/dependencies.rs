//! Which crate may stand on which, and what the server may not hold (docs/ARCHITECTURE.md, invariant I1).

use crate::workspace::Workspace;
use anyhow::{Context as _, Result};
use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, PackageId};
use std::collections::{BTreeMap, VecDeque};

/// Each crate of the workspace and the others of it that it may name in its manifest. Strictly downward.
const ALLOWED: [(&str, &[&str]); 9] = [
    ("smail-protocol", &[]),
    ("smail-ciphers", &[]),
    ("smail-crypto-core", &["smail-ciphers"]),
    ("smail-mail-core", &["smail-crypto-core", "smail-protocol"]),
    (
        "smail-crypto-wasm",
        &[
            "smail-crypto-core",
            "smail-mail-core",
            "smail-opaque-server",
        ],
    ),
    ("smail-opaque-server", &[]),
    ("smail-server", &["smail-opaque-server", "smail-protocol"]),
    (
        "smail-tests",
        &["smail-crypto-core", "smail-mail-core", "smail-protocol"],
    ),
    ("xtask", &[]),
];

/// The crate that must not be able to decrypt.
const SERVER: &str = "smail-server";

/// What it would take to decrypt.
const NOT_IN_SERVER: [&str; 6] = [
    "pgp",
    "argon2",
    "chacha20poly1305",
    "smail-ciphers",
    "smail-crypto-core",
    "smail-mail-core",
];

/// Names for packages, and each package's normal dependencies, as cargo resolved them.
#[derive(Debug, Default)]
struct Graph {
    edges: BTreeMap<String, Vec<String>>,
}

/// One line for each dependency that should not be.
///
/// # Errors
/// When cargo's metadata cannot be read.
pub(super) fn check(workspace: &Workspace) -> Result<Vec<String>> {
    let metadata = MetadataCommand::new()
        .current_dir(workspace.root())
        .exec()
        .context("cargo metadata")?;
    let mut findings = upward(&manifest_dependencies(&metadata));
    findings.extend(Graph::of(&metadata)?.forbidden_in_server());
    Ok(findings)
}

/// Each crate of the workspace with the others of it that its manifest names, for whatever purpose.
fn manifest_dependencies(metadata: &Metadata) -> Vec<(String, Vec<String>)> {
    let packages = metadata.workspace_packages();
    packages
        .into_iter()
        .map(|package| {
            let local = package
                .dependencies
                .iter()
                .filter(|dependency| dependency.path.is_some());
            (
                package.name.to_string(),
                local.map(|dependency| dependency.name.clone()).collect(),
            )
        })
        .collect()
}

fn upward(crates: &[(String, Vec<String>)]) -> Vec<String> {
    let mut findings = Vec::new();
    for (name, dependencies) in crates {
        let Some((_, allowed)) = ALLOWED.iter().find(|(known, _)| known == name) else {
            findings.push(format!(
                "{name}: its place among the crates is not set (xtask/src/tidy/dependencies.rs)"
            ));
            continue;
        };
        for dependency in dependencies
            .iter()
            .filter(|dependency| !allowed.contains(&dependency.as_str()))
        {
            findings.push(format!("{name} may not depend on {dependency}"));
        }
    }
    findings
}

impl Graph {
    fn of(metadata: &Metadata) -> Result<Self> {
        let names: BTreeMap<&PackageId, String> = metadata
            .packages
            .iter()
            .map(|package| (&package.id, package.name.to_string()))
            .collect();
        let name = |id: &PackageId| names.get(id).cloned().unwrap_or_else(|| id.to_string());
        let mut graph = Self::default();
        for node in &metadata
            .resolve
            .as_ref()
            .context("cargo metadata resolved nothing")?
            .nodes
        {
            let normal = node.deps.iter().filter(|dep| {
                dep.dep_kinds
                    .iter()
                    .any(|kind| kind.kind == DependencyKind::Normal)
            });
            graph
                .edges
                .entry(name(&node.id))
                .or_default()
                .extend(normal.map(|dep| name(&dep.pkg)));
        }
        Ok(graph)
    }

    fn forbidden_in_server(&self) -> Vec<String> {
        let path = |name: &&str| self.path(SERVER, name);
        let paths = NOT_IN_SERVER.iter().filter_map(path);
        paths
            .map(|path| {
                format!(
                    "the server must not be able to decrypt (I1): {}",
                    path.join(" -> ")
                )
            })
            .collect()
    }

    /// The shortest way from one package to another, both included.
    fn path(&self, from: &str, to: &str) -> Option<Vec<String>> {
        let mut came_from = BTreeMap::from([(from, None)]);
        let mut queue = VecDeque::from([from]);
        while let Some(package) = queue.pop_front() {
            if package == to {
                let mut path: Vec<String> = std::iter::successors(Some(package), |step| {
                    came_from.get(step).copied().flatten()
                })
                .map(str::to_owned)
                .collect();
                path.reverse();
                return Some(path);
            }
            for next in self.edges.get(package).into_iter().flatten() {
                if !came_from.contains_key(next.as_str()) {
                    came_from.insert(next, Some(package));
                    queue.push_back(next);
                }
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph(edges: &[(&str, &[&str])]) -> Graph {
        let edges = edges.iter().map(|(from, to)| {
            (
                (*from).to_owned(),
                to.iter().map(|name| (*name).to_owned()).collect(),
            )
        });
        Graph {
            edges: edges.collect(),
        }
    }

    #[test]
    fn a_hidden_way_to_a_cipher_is_shown() {
        let graph = graph(&[
            ("smail-server", &["sled", "helper"]),
            ("helper", &["sled", "argon2"]),
            ("xtask", &["pgp"]),
        ]);
        let expected =
            "the server must not be able to decrypt (I1): smail-server -> helper -> argon2";
        assert_eq!(graph.forbidden_in_server(), [expected]);
    }

    #[test]
    fn a_server_without_ciphers_is_fine() {
        assert!(
            graph(&[("smail-server", &["sled"]), ("smail-mail-core", &["pgp"])])
                .forbidden_in_server()
                .is_empty()
        );
    }

    #[test]
    fn upward_dependencies_are_found() {
        let crates = [
            ("smail-protocol".to_owned(), vec!["smail-server".to_owned()]),
            ("smail-server".to_owned(), vec!["smail-protocol".to_owned()]),
            ("newcomer".to_owned(), vec![]),
        ];
        let findings = upward(&crates);
        assert_eq!(findings.len(), 2);
        assert_eq!(findings[0], "smail-protocol may not depend on smail-server");
        assert!(findings[1].starts_with("newcomer: "));
    }
}
