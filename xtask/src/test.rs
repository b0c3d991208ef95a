//! `cargo xtask test`: every check and test there is. A failure does not hide the ones after it.
//!
//! What belongs to the web app is built and checked by a second process beside the Rust builds: each of the two leaves a
//! core idle for much of its time.

mod report;
mod web;

use crate::program::{CHROMIUM, FIREFOX, GNUPG, Program};
use crate::server::{self, Profile, WORKSPACE_ARGUMENTS};
use crate::tally::{Reasons, Tally};
use crate::workspace::Workspace;
use crate::{fmt, npm, openapi, process, tidy, toolchain, wasm};
use anyhow::{Result, bail};
use clap::Args;
use report::{Counted, Report};
use std::process::Command;

const TESTS: &str = "tests";
/// Where Rust tests are. Programs other than this one only read their arguments and call a library, and documentation has
/// no examples: to link and run a test program for each of them took half a minute, for nothing.
const PLACES_OF_TESTS: [&str; 5] = ["--lib", "--test", "*", "--bin", "xtask"];

/// `cargo xtask test`.
#[derive(Debug, Args)]
pub(crate) struct TestOptions {
    /// The web app's half alone, as the other half starts it.
    #[arg(long, hide = true)]
    web: bool,
}

/// Runs all steps, then says how many checks and tests passed and failed, as the last line.
///
/// # Errors
/// When anything failed.
pub(crate) fn test(workspace: &Workspace, options: &TestOptions) -> Result<()> {
    if options.web {
        return web::run(workspace);
    }
    let mut report = Report::default();
    run_steps(workspace, &mut report);
    report.print();
    match report.total.failed {
        0 => Ok(()),
        _ => std::process::exit(1), // the line above is the last
    }
}

fn run_steps(workspace: &Workspace, report: &mut Report) {
    report.check("format", true, || fmt::check(workspace));
    report.check("tidy", true, || tidy::check(workspace));
    let target = report.build(
        "Rust's WebAssembly target",
        true,
        toolchain::ensure_wasm_target,
    );
    let packages = report.build("npm packages", true, || npm::ensure_packages(workspace));
    let web = (target && packages).then(|| web::Half::start(workspace));

    report.check("clippy", true, || clippy(workspace));
    report.check("clippy on what stands in", true, || {
        clippy_on_stand_ins(workspace)
    });
    let server = report.build("server", true, || server::build(workspace, Profile::Dev));
    let opponents = report.build("tests' programs", true, || {
        server::build_opponents(workspace)
    });
    let app = report.half("web app's half", web);

    report.check("OpenAPI document and client", server && packages, || {
        openapi::check(workspace)
    });
    report.tests("Rust tests", server && app, || rust_tests(workspace));
    report.tests("end-to-end tests", server && app && opponents, || {
        end_to_end(workspace)
    });
}

fn clippy(workspace: &Workspace) -> Result<()> {
    let mut cargo = process::cargo(workspace.root());
    cargo.arg("clippy").args(WORKSPACE_ARGUMENTS).args([
        "--all-targets",
        "--",
        "--deny",
        "warnings",
    ]);
    process::run(&mut cargo)
}

/// The crates that stand for algorithms in the WebAssembly module. Small, and apart from what the rest is built with.
fn clippy_on_stand_ins(workspace: &Workspace) -> Result<()> {
    let mut cargo = process::cargo(&workspace.path(wasm::FOLDER));
    cargo.args(["clippy", "--locked", "--workspace", "--exclude"]);
    cargo
        .arg(wasm::PACKAGE)
        .arg("--target-dir")
        .arg(workspace.target("stand-ins"))
        .args(["--", "--deny", "warnings"]);
    process::run(&mut cargo)
}

fn rust_tests(workspace: &Workspace) -> Result<Counted> {
    let gnupg = GNUPG.ensure()?;
    let mut cargo = process::cargo(workspace.root());
    cargo
        .arg("test")
        .args(WORKSPACE_ARGUMENTS)
        .args(PLACES_OF_TESTS)
        .arg("--no-fail-fast");
    cargo
        .env("SMAIL_BIN", server::binary(workspace, Profile::Dev))
        .env(GNUPG.variable, gnupg);
    count(&mut cargo)
}

/// The tests in every browser that is there or can be installed. One that is missing has failed, and does not hide the
/// other.
fn end_to_end(workspace: &Workspace) -> Result<Counted> {
    let mut command = npm::script(workspace, TESTS, "e2e");
    command.arg("--");
    let browsers = [(&CHROMIUM, "chromium"), (&FIREFOX, "firefox")];
    let missing = choose_projects(&mut command, &browsers);
    if missing.tally.failed == browsers.len() {
        return Ok(missing);
    }
    server::name_programs(workspace, Profile::Dev, &mut command);
    let mut counted = count(&mut command)?;
    counted += missing;
    Ok(counted)
}

/// Has a test runner use each program that is there or can be installed, in the project of that name. Gives a failure for
/// each that is missing.
fn choose_projects(command: &mut Command, programs: &[(&Program, &str)]) -> Counted {
    let mut missing = Counted::default();
    for (program, project) in programs {
        match program.ensure() {
            Ok(path) => {
                command.env(program.variable, path);
                command.args(["--project", project]);
            }
            Err(error) => missing += Counted::failure(&error),
        }
    }
    missing
}

/// Runs a package's script and counts what it reports.
fn script(workspace: &Workspace, package: &str, script: &str) -> Result<Counted> {
    count(&mut npm::script(workspace, package, script))
}

/// Runs a test program and counts what it reports. One that reports no tests is one check.
fn count(command: &mut Command) -> Result<Counted> {
    let (mut tally, mut reasons) = (Tally::default(), Reasons::default());
    let status = process::run_with_lines(
        command.env("NO_COLOR", "1").env("FORCE_COLOR", "0"),
        |line| {
            tally.add_line(line);
            reasons.add_line(line);
        },
    )?;
    let tally = match (status.success(), tally) {
        (
            true,
            Tally {
                passed: 0,
                failed: 0,
            },
        ) => Tally::ONE,
        (false, Tally { failed: 0, .. }) => bail!("ended with {status}"),
        _ => tally,
    };
    let reasons = reasons.into_lines();
    Ok(Counted { tally, reasons })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn a_program_that_fails_without_a_count_has_failed() {
        assert!(count(&mut process::command("false", Path::new("/"))).is_err());
        assert_eq!(
            count(&mut process::command("true", Path::new("/")))
                .unwrap()
                .tally,
            Tally::ONE
        );
    }
}
