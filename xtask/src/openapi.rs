//! The HTTP API's description, printed by the server, and the TypeScript types made from it. Both are kept in the
//! repository, so that a change to the API is seen in review, and both are checked against their source.

use crate::npm;
use crate::process;
use crate::server::{self, Profile};
use crate::step::{Done, step};
use crate::workspace::Workspace;
use crate::www;
use anyhow::{Context as _, Result, bail};
use std::fs;
use std::process::Command;

const DOCUMENT: &str = "www/openapi.json";
const TYPES: &str = "www/src/api/schema.d.ts";
const REMEDY: &str = "run `cargo xtask openapi` and commit what changes";

/// Writes both anew.
///
/// # Errors
/// When the server does not build or a generator fails.
pub(crate) fn renew(workspace: &Workspace) -> Result<()> {
    step("npm packages", || npm::ensure_packages(workspace))?;
    step("server", || server::build(workspace, Profile::Dev))?;
    fs::write(workspace.path(DOCUMENT), document(workspace)?)
        .with_context(|| format!("writing {DOCUMENT}"))?;
    step(TYPES, || {
        process::run(&mut npm::script(workspace, www::PACKAGE, "gen-api")).map(|()| Done::Fresh)
    })
}

/// Fails when one of them is not what its source makes. Needs the server's dev build.
///
/// # Errors
/// When they differ, or cannot be made.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    let kept = fs::read_to_string(workspace.path(DOCUMENT))
        .with_context(|| format!("reading {DOCUMENT}"))?;
    if kept != document(workspace)? {
        bail!("{DOCUMENT} is not what the server describes: {REMEDY}");
    }
    let kept =
        fs::read_to_string(workspace.path(TYPES)).with_context(|| format!("reading {TYPES}"))?;
    if kept != types(workspace)? {
        bail!("{TYPES} is not what {DOCUMENT} makes: {REMEDY}");
    }
    Ok(())
}

fn document(workspace: &Workspace) -> Result<String> {
    process::output(Command::new(server::binary(workspace, Profile::Dev)).arg("openapi"))
}

/// The types as `npm run gen-api` would write them.
fn types(workspace: &Workspace) -> Result<String> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("schema.d.ts");
    let generator = workspace.path("node_modules/.bin/openapi-typescript");
    process::output(
        process::command(generator, &workspace.path(www::PACKAGE))
            .arg("openapi.json")
            .arg("--output")
            .arg(&file),
    )?;
    Ok(fs::read_to_string(&file)?)
}
