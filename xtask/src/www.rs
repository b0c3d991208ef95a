//! The web app: built by Vite, its files compressed once so that the server never has to.

use crate::npm;
use crate::process;
use crate::stamp::{Inputs, Stamp};
use crate::step::Done;
use crate::workspace::Workspace;
use anyhow::Result;

/// The npm workspace.
pub(crate) const PACKAGE: &str = "www";

/// What the built web app depends on, within the checkout. The WebAssembly module is below `www/src`.
const INPUTS: [&str; 9] = [
    "package-lock.json",
    "www/build",
    "www/index.html",
    "www/package.json",
    "www/public",
    "www/src",
    "www/svelte.config.js",
    "www/tsconfig.json",
    "www/vite.config.ts",
];

/// Builds www/dist, unless nothing that it is made from has changed.
///
/// # Errors
/// When Vite or the compression fails.
pub(crate) fn build(workspace: &Workspace) -> Result<Done> {
    let mut inputs = Inputs::default();
    inputs.text(include_str!("../scripts/precompress.mjs"));
    for input in INPUTS {
        inputs.path(&workspace.path(input))?;
    }
    let stamp = Stamp::new(workspace.target("xtask/www.stamp"), &inputs);
    if stamp.is_current(&[
        workspace.path("www/dist/index.html"),
        workspace.path("www/dist/index.html.br"),
    ]) {
        return Ok(Done::UpToDate);
    }
    process::run(&mut npm::script(workspace, PACKAGE, "build"))?;
    process::run(
        process::command("node", workspace.root())
            .args(["xtask/scripts/precompress.mjs", "www/dist"]),
    )?;
    stamp.keep()?;
    Ok(Done::Fresh)
}
