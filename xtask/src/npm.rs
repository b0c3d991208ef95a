//! npm packages: installed when the lock file has changed, and a Node.js that is new enough.

use crate::process;
use crate::stamp::{Inputs, Stamp};
use crate::step::Done;
use crate::workspace::Workspace;
use anyhow::{Context as _, Result, bail};
use std::process::Command;

/// What is published.
pub(crate) const CRYPTO_PACKAGE: &str = "crypto-wasm/npm";
/// Vite needs it.
const OLDEST_NODE: (u32, u32) = (20, 19);

/// Makes sure that the packages of package-lock.json are installed.
///
/// # Errors
/// When Node.js is missing or too old, or npm fails.
pub(crate) fn ensure_packages(workspace: &Workspace) -> Result<Done> {
    let version = node_version()?;
    let mut inputs = Inputs::default();
    inputs.text(&version);
    for file in [
        "package.json",
        "package-lock.json",
        "www/package.json",
        "tests/package.json",
        "crypto-wasm/npm/package.json",
    ] {
        inputs.path(&workspace.path(file))?;
    }
    let stamp = Stamp::new(workspace.target("xtask/npm.stamp"), &inputs);
    if stamp.is_current(&[workspace.path("node_modules/.package-lock.json")]) {
        return Ok(Done::UpToDate);
    }
    process::run(npm(workspace).args(["ci", "--no-audit", "--no-fund"]))?;
    stamp.keep()?;
    Ok(Done::Fresh)
}

/// npm in the workspace's root.
pub(crate) fn npm(workspace: &Workspace) -> Command {
    process::command("npm", workspace.root())
}

/// `npm run SCRIPT --workspace NAME`, with no noise of npm's own.
pub(crate) fn script(workspace: &Workspace, package: &str, script: &str) -> Command {
    let mut command = npm(workspace);
    command.args(["run", "--silent", script, "--workspace", package]);
    command
}

/// Packs the crypto package as it is published, into the workspace's root, and gives the tarball's name.
///
/// # Errors
/// When npm fails.
pub(crate) fn pack(workspace: &Workspace) -> Result<String> {
    let mut command = npm(workspace);
    command.args(["pack", "--silent", "--ignore-scripts"]);
    let written = process::output(command.args(["--workspace", CRYPTO_PACKAGE]))?;
    let name = written.lines().last().context("npm packed nothing")?;
    Ok(name.trim().to_owned())
}

fn node_version() -> Result<String> {
    let (major, minor) = OLDEST_NODE;
    let advice = format!("install Node.js {major}.{minor} or newer, with npm (https://nodejs.org)");
    let version =
        process::output(Command::new("node").arg("--version")).with_context(|| advice.clone())?;
    let version = version.trim().to_owned();
    if !is_new_enough(&version) {
        bail!("Node.js {version} is too old: {advice}");
    }
    if !process::is_installed("npm") {
        bail!("npm is missing: {advice}");
    }
    Ok(version)
}

fn is_new_enough(version: &str) -> bool {
    let mut numbers = version
        .trim_start_matches('v')
        .split('.')
        .map(str::parse::<u32>);
    matches!((numbers.next(), numbers.next()), (Some(Ok(major)), Some(Ok(minor))) if (major, minor) >= OLDEST_NODE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_as_numbers() {
        for version in ["v20.19.0", "v20.20.2", "v22.0.0", "v100.1.0"] {
            assert!(is_new_enough(version), "{version}");
        }
        for version in ["v20.2.0", "v18.20.0", "v8.1", "", "v20", "vx.y"] {
            assert!(!is_new_enough(version), "{version}");
        }
    }
}
