//! `cargo xtask tidy`: what holds by agreement and no compiler checks.

mod dependencies;
mod files;
mod links;
mod lock_file;
mod module_lock;

use crate::process;
use crate::workspace::Workspace;
use anyhow::{Result, bail};
use std::path::PathBuf;

/// Runs every check and says that all is well.
///
/// # Errors
/// When something is not.
pub(crate) fn tidy(workspace: &Workspace) -> Result<()> {
    check(workspace)?;
    println!("tidy");
    Ok(())
}

/// Runs every check.
///
/// # Errors
/// When something is not as agreed; every finding is printed first.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    let files = project_files(workspace)?;
    let mut findings = dependencies::check(workspace)?;
    findings.extend(links::check(workspace.root(), &files)?);
    findings.extend(files::check(workspace.root(), &files)?);
    findings.extend(lock_file::check(workspace.root())?);
    findings.extend(module_lock::check(workspace.root())?);
    for finding in &findings {
        println!("{finding}");
    }
    match findings.len() {
        0 => Ok(()),
        count => bail!("{count} untidy"),
    }
}

/// Every file of the project, relative to its root: what git tracks or would.
fn project_files(workspace: &Workspace) -> Result<Vec<PathBuf>> {
    let mut git = process::command("git", workspace.root());
    let listing = process::output(git.args([
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
    ]))?;
    let mut files: Vec<PathBuf> = listing.split_terminator('\0').map(PathBuf::from).collect();
    files.retain(|file| workspace.root().join(file).is_file());
    files.sort();
    files.dedup();
    Ok(files)
}
