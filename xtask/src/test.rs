//! `cargo xtask test`: every check and test there is. A failure does not hide the ones after it.

use crate::program::{CHROMIUM, FIREFOX, GNUPG};
use crate::server::{self, Profile, WORKSPACE_ARGUMENTS};
use crate::step::{Done, seconds};
use crate::tally::Tally;
use crate::workspace::Workspace;
use crate::{fmt, npm, openapi, process, tidy, toolchain, wasm, www};
use anyhow::{Result, bail};
use std::process::Command;
use std::time::Instant;

const TESTS: &str = "tests";
const NPM_PACKAGE: &str = "crypto-wasm/npm";

/// Runs all steps, then says how many checks and tests passed and failed, as the last line.
///
/// # Errors
/// When anything failed.
pub(crate) fn test(workspace: &Workspace) -> Result<()> {
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
    report.check("clippy", true, || clippy(workspace));

    let worker = report.build("WebAssembly for the web app", target && packages, || {
        wasm::build(workspace, &wasm::WEBMAIL)
    });
    let package = report.build(
        "WebAssembly for the npm package",
        target && packages,
        || wasm::build(workspace, &wasm::NPM),
    );
    let app = report.build("web app", worker, || www::build(workspace));
    let server = report.build("server", true, || server::build(workspace, Profile::Dev));
    let opponents = report.build("tests' programs", true, || {
        server::build_opponents(workspace)
    });

    report.check("OpenAPI document and client", server && packages, || {
        openapi::check(workspace)
    });
    report.tests("Rust tests", server && app, || rust_tests(workspace));
    report.tests("npm package's tests", package, || {
        script(workspace, NPM_PACKAGE, "test")
    });
    report.tests("web app's checks", worker, || {
        script(workspace, www::PACKAGE, "check")
    });
    report.tests("web app's unit tests", worker, || {
        script(workspace, www::PACKAGE, "test")
    });
    report.tests("end-to-end tests' checks", packages, || {
        script(workspace, TESTS, "check")
    });
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

fn rust_tests(workspace: &Workspace) -> Result<Tally> {
    let gnupg = GNUPG.ensure()?;
    let mut cargo = process::cargo(workspace.root());
    cargo
        .arg("test")
        .args(WORKSPACE_ARGUMENTS)
        .arg("--no-fail-fast");
    cargo
        .env("SMAIL_BIN", server::binary(workspace, Profile::Dev))
        .env(GNUPG.variable, gnupg);
    count(&mut cargo)
}

/// The tests in every browser that is there or can be installed. One that is missing has failed, and does not hide the
/// other.
fn end_to_end(workspace: &Workspace) -> Result<Tally> {
    let mut command = npm::script(workspace, TESTS, "e2e");
    command.arg("--");
    let mut missing = Tally::default();
    for (browser, project) in [(CHROMIUM, "chromium"), (FIREFOX, "firefox")] {
        match browser.ensure() {
            Ok(program) => {
                command.env(browser.variable, program);
                command.args(["--project", project]);
            }
            Err(error) => {
                println!("error: {error:#}");
                missing.failed += 1;
            }
        }
    }
    if missing.failed == 2 {
        return Ok(missing);
    }
    server::name_programs(workspace, Profile::Dev, &mut command);
    let mut tally = count(&mut command)?;
    tally += missing;
    Ok(tally)
}

fn script(workspace: &Workspace, package: &str, script: &str) -> Result<Tally> {
    count(&mut npm::script(workspace, package, script))
}

/// Runs a test program and counts what it reports. One that reports no tests is one check.
fn count(command: &mut Command) -> Result<Tally> {
    let mut tally = Tally::default();
    let status = process::run_with_lines(
        command.env("NO_COLOR", "1").env("FORCE_COLOR", "0"),
        |line| tally.add_line(line),
    )?;
    match (status.success(), tally) {
        (
            true,
            Tally {
                passed: 0,
                failed: 0,
            },
        ) => Ok(Tally::ONE),
        (false, Tally { failed: 0, .. }) => bail!("ended with {status}"),
        _ => Ok(tally),
    }
}

/// What has been run so far.
#[derive(Debug, Default)]
struct Report {
    total: Tally,
    /// Name, outcome and duration of each step.
    lines: Vec<String>,
}

impl Report {
    /// A step that makes something that later ones need. Returns whether they have it.
    fn build(&mut self, name: &str, ready: bool, work: impl FnOnce() -> Result<Done>) -> bool {
        self.tests(name, ready, || work().map(|_| Tally::ONE))
    }

    /// A step that is one check.
    fn check(&mut self, name: &str, ready: bool, work: impl FnOnce() -> Result<()>) {
        self.tests(name, ready, || work().map(|()| Tally::ONE));
    }

    /// A step of many tests. One that is not ready, for want of what an earlier step should have made, has failed.
    fn tests(&mut self, name: &str, ready: bool, work: impl FnOnce() -> Result<Tally>) -> bool {
        println!("==> {name}");
        let started = Instant::now();
        let outcome = if ready {
            work()
        } else {
            Err(anyhow::anyhow!("not run: an earlier step failed"))
        };
        let tally = outcome.unwrap_or_else(|error| {
            println!("error: {error:#}");
            Tally {
                passed: 0,
                failed: 1,
            }
        });
        self.total += tally;
        let verdict = if tally.failed == 0 { "ok" } else { "FAILED" };
        self.lines.push(format!(
            "{verdict:<6} {:>8}  {name}",
            seconds(started.elapsed())
        ));
        tally.failed == 0
    }

    fn print(&self) {
        println!();
        for line in &self.lines {
            println!("{line}");
        }
        println!("{} passed, {} failed", self.total.passed, self.total.failed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn a_failed_step_fails_what_needs_it() {
        let mut report = Report::default();
        let built = report.build("build", true, || bail!("no compiler"));
        report.check("check", true, || Ok(()));
        report.tests("tests", built, || {
            Ok(Tally {
                passed: 5,
                failed: 0,
            })
        });
        assert_eq!(
            report.total,
            Tally {
                passed: 1,
                failed: 2
            }
        );
    }

    #[test]
    fn a_program_that_fails_without_a_count_has_failed() {
        assert!(count(&mut process::command("false", Path::new("/"))).is_err());
        assert_eq!(
            count(&mut process::command("true", Path::new("/"))).unwrap(),
            Tally::ONE
        );
    }
}
