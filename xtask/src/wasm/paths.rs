//! The folders a module is built from, taken out of what is built: the same sources give the same octets wherever they
//! lie, and nobody learns whose folders they were.

use super::TARGET;
use crate::process;
use crate::workspace::Workspace;
use anyhow::{Context as _, Result};
use cargo_metadata::{MetadataCommand, Package};
use std::collections::BTreeSet;
use std::process::Command;

/// Compiler flags that give the checkout's, the registry's and the standard library's folders names of their own, for what
/// the workspace in `folder` is built from. Of several that fit a path the last counts.
///
/// # Errors
/// When cargo or rustc does not say where these folders are.
pub(super) fn remapped(workspace: &Workspace, folder: &str) -> Result<Vec<String>> {
    let metadata = MetadataCommand::new()
        .manifest_path(workspace.path(folder).join("Cargo.toml"))
        .other_options(["--locked", "--filter-platform", TARGET].map(str::to_owned))
        .exec()
        .context("cargo metadata")?;
    let mut flags = vec![flag(&workspace.root().display().to_string(), "/s-mail")];
    flags.push(flag(
        &workspace.target("wasm").display().to_string(),
        "/s-mail/target/wasm",
    ));
    let fetched = metadata.packages.iter().filter_map(source_folder);
    let fetched: BTreeSet<String> = fetched.collect();
    flags.extend(fetched.iter().map(|folder| flag(folder, "/registry")));
    flags.push(standard_library()?);
    Ok(flags)
}

/// The folder in which cargo keeps the packages of this one's registry.
fn source_folder(package: &Package) -> Option<String> {
    package.source.as_ref()?;
    let folder = package.manifest_path.parent()?.parent()?;
    Some(folder.to_string())
}

/// Where its sources lie if they are installed; the compiler names them by its commit where they are not.
fn standard_library() -> Result<String> {
    let sysroot = process::output(Command::new("rustc").args(["--print", "sysroot"]))?;
    let version = process::output(Command::new("rustc").args(["--version", "--verbose"]))?;
    let commit = version
        .lines()
        .find_map(|line| line.strip_prefix("commit-hash: "))
        .context("rustc does not say its commit")?;
    let sources = format!("{}/lib/rustlib/src/rust", sysroot.trim());
    Ok(flag(&sources, &format!("/rustc/{commit}")))
}

fn flag(folder: &str, name: &str) -> String {
    format!("--remap-path-prefix={folder}={name}")
}
