//! The server's binary, and those that the tests use beside it.

use crate::process;
use crate::step::Done;
use crate::workspace::Workspace;
use anyhow::Result;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

/// What the whole workspace is built with when it is checked and tested, so that each crate is compiled once.
pub(crate) const WORKSPACE_ARGUMENTS: [&str; 3] =
    ["--workspace", "--features", "smail-crypto-wasm/mail"];

/// The tests' own programs, with the variables that name them to test scripts: a hostile sender, what looks for
/// canaries, what tears the server away, what measures its store, and what makes large mailboxes.
const OPPONENTS: [(&str, &str); 5] = [
    ("SMAIL_MALLORY_BIN", "smail-mallory"),
    ("SMAIL_SCAN_BIN", "smail-scan"),
    ("SMAIL_CRASH_BIN", "smail-crash"),
    ("SMAIL_BENCH_STORE_BIN", "smail-bench-store"),
    MAILBOX_MAKER,
];
const MAILBOX_MAKER: (&str, &str) = ("SMAIL_MAILBOX_BIN", "smail-mailbox");

/// How the binary is built.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Profile {
    /// Optimised, with the web app inside.
    Release,
    /// As the tests are; it reads the web app from www/dist.
    Dev,
}

/// Builds the server.
///
/// # Errors
/// When cargo fails.
pub(crate) fn build(workspace: &Workspace, profile: Profile) -> Result<Done> {
    let binary = binary(workspace, profile);
    let before = modified(&binary);
    process::run(&mut command(workspace, profile))?;
    Ok(if before.is_some() && modified(&binary) == before {
        Done::UpToDate
    } else {
        Done::Fresh
    })
}

/// Where the binary is.
pub(crate) fn binary(workspace: &Workspace, profile: Profile) -> PathBuf {
    workspace.target(match profile {
        Profile::Release => "release/smail",
        Profile::Dev => "debug/smail",
    })
}

/// Builds the programs that act against the server in tests, as the rest of the workspace is built there.
///
/// # Errors
/// When cargo fails.
pub(crate) fn build_opponents(workspace: &Workspace) -> Result<Done> {
    let mut cargo = process::cargo(workspace.root());
    cargo.arg("build").args(WORKSPACE_ARGUMENTS);
    for (_, program) in OPPONENTS {
        cargo.args(["--bin", program]);
    }
    process::run(&mut cargo).map(|()| Done::Fresh)
}

/// Builds what makes large mailboxes for a measurement, optimised: it encrypts each message.
///
/// # Errors
/// When cargo fails.
pub(crate) fn build_mailbox_maker(workspace: &Workspace) -> Result<Done> {
    let mut cargo = process::cargo(workspace.root());
    cargo.args(["build", "--release", "--package", "smail-tests"]);
    cargo.args(["--bin", MAILBOX_MAKER.1]);
    process::run(&mut cargo).map(|()| Done::Fresh)
}

/// Tells a test script to take that one.
pub(crate) fn name_mailbox_maker(workspace: &Workspace, script: &mut Command) {
    let (variable, program) = MAILBOX_MAKER;
    script.env(variable, workspace.target("release").join(program));
}

/// Tells a test script where all programs are.
pub(crate) fn name_programs(workspace: &Workspace, profile: Profile, script: &mut Command) {
    script.env("SMAIL_BIN", binary(workspace, profile));
    for (variable, program) in OPPONENTS {
        script.env(variable, workspace.target("debug").join(program));
    }
    script.env("CARGO_TARGET_DIR", workspace.target(""));
}

fn command(workspace: &Workspace, profile: Profile) -> Command {
    let mut cargo = process::cargo(workspace.root());
    cargo.args(["build", "--bin", "smail"]);
    match profile {
        // The server alone, so that no other crate's wishes decide which features its dependencies have.
        Profile::Release => cargo.args(["--release", "--package", "smail-server"]),
        Profile::Dev => cargo.args(WORKSPACE_ARGUMENTS),
    };
    cargo
}

fn modified(file: &Path) -> Option<SystemTime> {
    fs::metadata(file)
        .and_then(|metadata| metadata.modified())
        .ok()
}
