//! `cargo xtask reproduce`: the npm package, made twice from the last commit in folders of its own, is the same octet for
//! octet.

use crate::npm;
use crate::step::{Done, step};
use crate::wasm;
use crate::workspace::Workspace;
use crate::{process, toolchain};
use anyhow::{Context as _, Result, bail};
use sha2::{Digest as _, Sha256};
use std::fs;
use std::path::Path;

/// Of different lengths, so that a path which gets into the package shows.
const FOLDERS: [&str; 2] = ["one", "another-one"];

/// Makes both, prints their SHA-256 and compares them.
///
/// # Errors
/// When one cannot be made, or they are not the same.
pub(crate) fn reproduce(workspace: &Workspace) -> Result<()> {
    step("Rust's WebAssembly target", toolchain::ensure_wasm_target)?;
    let scratch = tempfile::tempdir()?;
    for name in FOLDERS {
        clone(workspace, &scratch.path().join(name))?; // both before the builds: minutes later there may be a commit more
    }
    let mut sums = Vec::new();
    for name in FOLDERS {
        step(&format!("package from the folder `{name}`"), || {
            sums.push(packed(&Workspace::at(&scratch.path().join(name)))?);
            Ok(Done::Fresh)
        })?;
    }
    for sum in &sums {
        println!("{sum}");
    }
    match sums.as_slice() {
        [first, second] if first == second => Ok(()),
        _ => bail!("two builds of one commit differ"),
    }
}

fn clone(workspace: &Workspace, folder: &Path) -> Result<()> {
    let mut git = process::command("git", workspace.root());
    git.args(["clone", "--quiet", "--no-hardlinks", "."])
        .arg(folder);
    process::run(&mut git)
}

/// The SHA-256 and the name of the tarball that a checkout makes.
fn packed(checkout: &Workspace) -> Result<String> {
    wasm::build(checkout, &wasm::NPM)?;
    let name = npm::pack(checkout)?;
    let tarball = fs::read(checkout.path(&name)).with_context(|| format!("reading {name}"))?;
    Ok(format!("{:x}  {name}", Sha256::digest(tarball)))
}
