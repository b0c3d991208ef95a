//! `cargo xtask bench store`: the store through its own verbs, and over HTTP beside nginx and plain files.

use crate::bench::Row;
use crate::build;
use crate::process;
use crate::program::NGINX;
use crate::server::{self, Profile, WORKSPACE_ARGUMENTS};
use crate::step::step;
use crate::workspace::Workspace;
use anyhow::{Context as _, Result, bail};
use clap::Args;
use std::fs;
use std::path::Path;
use std::process::Command;

/// How much to store and for how long to send.
#[derive(Debug, Args)]
pub(crate) struct StoreOptions {
    /// store: GB of blobs to fill with; the goals are set for 10
    #[arg(long, default_value_t = 1.0)]
    gigabytes: f64,
    /// store: items in the large mailbox; the goals are set for 1000000
    #[arg(long, default_value_t = 100_000)]
    items: u64,
    /// store: rounds of deliveries, of which the medians count
    #[arg(long, default_value_t = 3)]
    rounds: u32,
    /// store: seconds that each number of senders sends in a round
    #[arg(long, default_value_t = 3)]
    seconds: u32,
}

/// Builds what is measured and measures it, on the disk that cargo's target directory is on.
///
/// # Errors
/// When a build or a measurement fails.
pub(crate) fn measure(workspace: &Workspace, options: &StoreOptions) -> Result<Vec<Row>> {
    let nginx = NGINX.ensure()?;
    build::release_binary(workspace)?;
    step("tests' programs", || server::build_opponents(workspace))?;
    let directory = workspace.target("bench/store");
    remove(&directory)?;
    fs::create_dir_all(&directory)?;
    let pace = [
        "--rounds".to_owned(),
        options.rounds.to_string(),
        "--seconds".to_owned(),
        options.seconds.to_string(),
    ];
    let mut rows = rows_of(verbs(workspace, "deliveries", &directory).args(&pace))?;
    let mut over_http = http(workspace, &directory);
    rows.extend(rows_of(over_http.arg("deliveries").args(&pace))?);
    remove(&directory)?;
    fs::create_dir_all(&directory)?;
    let mut growth = verbs(workspace, "growth", &directory);
    rows.extend(rows_of(
        growth.args(["--items", &options.items.to_string()]),
    )?);
    remove(&directory)?;
    fs::create_dir_all(&directory)?;
    let mut stored = http(workspace, &directory);
    stored.args([
        "stored",
        "--gigabytes",
        &options.gigabytes.to_string(),
        "--nginx",
    ]);
    rows.extend(rows_of(stored.arg(nginx))?);
    remove(&directory)?;
    Ok(rows)
}

/// The benchmark in the server's crate.
fn verbs(workspace: &Workspace, what: &str, directory: &Path) -> Command {
    let mut cargo = process::cargo(workspace.root());
    cargo
        .arg("bench")
        // As everything else is built, or all dependencies would be built once more.
        .args(WORKSPACE_ARGUMENTS)
        .args(["--quiet", "--bench", "store", "--"])
        .arg(what)
        .arg(directory);
    cargo
}

/// The measuring program of the tests, against the release binary.
fn http(workspace: &Workspace, directory: &Path) -> Command {
    let mut command = Command::new(workspace.target("debug/smail-bench-store"));
    command
        .arg("--directory")
        .arg(directory)
        .env("SMAIL_BIN", server::binary(workspace, Profile::Release));
    command
}

/// Runs a measurement; its rows are the last line that is a JSON array of them.
fn rows_of(command: &mut Command) -> Result<Vec<Row>> {
    let mut rows = None;
    let status = process::run_with_lines(command, |line| {
        if let Ok(found) = serde_json::from_str(line.trim()) {
            rows = Some(found);
        }
    })?;
    if !status.success() {
        bail!("a measurement of the store failed ({status})");
    }
    rows.context("a measurement of the store printed no rows")
}

fn remove(directory: &Path) -> Result<()> {
    match fs::remove_dir_all(directory) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("removing {}", directory.display()))
        }
        _ => Ok(()),
    }
}
