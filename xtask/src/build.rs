//! `cargo xtask build`: the one release binary, with the web app inside.

use crate::server::{self, Profile};
use crate::step::step;
use crate::workspace::Workspace;
use crate::{wasm, www};
use anyhow::Result;
use std::fs;
use std::path::PathBuf;

/// Builds the binary and says where it is.
///
/// # Errors
/// When a step fails.
pub(crate) fn build(workspace: &Workspace) -> Result<()> {
    let binary = release_binary(workspace)?;
    let mib = fs::metadata(&binary)?.len() as f64 / f64::from(1 << 20);
    println!("{} ({mib:.1} MiB)", binary.display());
    Ok(())
}

/// Makes the release binary and all that goes into it.
///
/// # Errors
/// When a step fails.
pub(crate) fn release_binary(workspace: &Workspace) -> Result<PathBuf> {
    wasm::prepare(workspace)?;
    step("WebAssembly for the web app", || {
        wasm::build(workspace, &wasm::WEBMAIL)
    })?;
    step("web app", || www::build(workspace))?;
    step("server", || server::build(workspace, Profile::Release))?;
    Ok(server::binary(workspace, Profile::Release))
}
