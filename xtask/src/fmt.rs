//! `cargo xtask fmt`: one format for all code.

use crate::npm;
use crate::process;
use crate::wasm;
use crate::workspace::Workspace;
use anyhow::Result;

/// The project's own and the module's.
const RUST_WORKSPACES: [&str; 2] = ["", wasm::FOLDER];

/// Formats Rust by rustfmt and the rest by prettier.
///
/// # Errors
/// When one of them fails.
pub(crate) fn fmt(workspace: &Workspace) -> Result<()> {
    for folder in RUST_WORKSPACES {
        process::run(process::cargo(&workspace.path(folder)).args(["fmt", "--all"]))?;
    }
    npm::ensure_packages(workspace)?;
    process::run(npm::npm(workspace).args([
        "run",
        "--silent",
        "format",
        "--workspaces",
        "--if-present",
    ]))
}

/// Fails when Rust code is not formatted. The web app's own check does the same for its code.
///
/// # Errors
/// When some file would change.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    RUST_WORKSPACES.iter().try_for_each(|folder| {
        process::run(process::cargo(&workspace.path(folder)).args(["fmt", "--all", "--check"]))
    })
}
