//! `cargo xtask fmt`: one format for all code.

use crate::npm;
use crate::process;
use crate::workspace::Workspace;
use anyhow::Result;

/// Formats Rust by rustfmt and the rest by prettier.
///
/// # Errors
/// When one of them fails.
pub(crate) fn fmt(workspace: &Workspace) -> Result<()> {
    process::run(process::cargo(workspace.root()).args(["fmt", "--all"]))?;
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
    process::run(process::cargo(workspace.root()).args(["fmt", "--all", "--check"]))
}
