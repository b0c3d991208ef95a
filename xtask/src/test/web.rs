//! The web app's half of `cargo xtask test`: WebAssembly, the npm package and the web app, built, checked and tested. It
//! runs as a process of its own, whose output is shown when it has ended.

use super::report::{Counted, Report};
use super::{TESTS, choose_projects, count, script};
use crate::program::{CHROMIUM, FIREFOX, GNUPG, RNP, SQOP};
use crate::workspace::Workspace;
use crate::{npm, process, wasm, www};
use anyhow::{Context as _, Result};
use serde::{Deserialize, Serialize};
use std::fs::{self, File};
use std::io;
use std::path::PathBuf;
use std::process::{Child, Stdio};

/// Runs the half and leaves its report for the process that started it.
///
/// # Errors
/// When the report cannot be written. What failed is in it.
pub(super) fn run(workspace: &Workspace) -> Result<()> {
    let mut report = Report::default();
    let app = run_steps(workspace, &mut report);
    let json = serde_json::to_vec(&Outcome { report, app })?;
    fs::write(report_file(workspace), json).context("writing the report of the web app's half")
}

/// What came of the half.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Outcome {
    pub(super) report: Report,
    /// Whether the web app was built, which the end-to-end tests need, whatever else failed.
    pub(super) app: bool,
}

fn run_steps(workspace: &Workspace, report: &mut Report) -> bool {
    let worker = report.build("WebAssembly for the web app", true, || {
        wasm::build(workspace, &wasm::WEBMAIL)
    });
    let app = report.build("web app", worker, || www::build(workspace));
    let package = report.build("WebAssembly for the npm package", true, || {
        wasm::build(workspace, &wasm::NPM)
    });
    report.tests("npm package's tests", package, || {
        script(workspace, npm::CRYPTO_PACKAGE, "test")
    });
    report.tests("npm package as people install it", package, || {
        as_installed(workspace)
    });
    report.tests("interoperability", package, || interoperability(workspace));
    report.tests("web app's checks", worker, || {
        script(workspace, www::PACKAGE, "check")
    });
    report.tests("web app's unit tests", worker, || {
        script(workspace, www::PACKAGE, "test")
    });
    // Their types are those of the npm package.
    report.tests("end-to-end tests' checks", package, || {
        script(workspace, TESTS, "check")
    });
    app
}

/// What people do with the crypto package, done with the packed one, in Node.js and both browsers.
fn as_installed(workspace: &Workspace) -> Result<Counted> {
    let mut command = npm::script(workspace, TESTS, "package");
    for browser in [CHROMIUM, FIREFOX] {
        command.env(browser.variable, browser.ensure()?);
    }
    count(&mut command)
}

/// The npm package beside other OpenPGP programs. One that is missing has failed, and does not hide the others.
fn interoperability(workspace: &Workspace) -> Result<Counted> {
    let mut command = npm::script(workspace, TESTS, "interop");
    command.args(["--", "--project", "openpgpjs"]);
    let programs = [(&GNUPG, "gnupg"), (&SQOP, "sequoia"), (&RNP, "rnp")];
    let missing = choose_projects(&mut command, &programs);
    let mut counted = count(&mut command)?;
    counted += missing;
    Ok(counted)
}

/// The half while it runs.
#[derive(Debug)]
pub(super) struct Half {
    child: Child,
    output: PathBuf,
    report: PathBuf,
}

impl Half {
    /// Starts it.
    ///
    /// # Errors
    /// When this program cannot be started once more.
    pub(super) fn start(workspace: &Workspace) -> Result<Self> {
        let (output, report) = (
            workspace.target("xtask/test-web.log"),
            report_file(workspace),
        );
        if report.exists() {
            fs::remove_file(&report).context("removing the last report of the web app's half")?;
        }
        let log = File::create(&output).with_context(|| output.display().to_string())?;
        let program = std::env::current_exe().context("finding this program")?;
        let child = process::command(program, workspace.root())
            .args(["test", "--web"])
            .stdin(Stdio::null())
            .stderr(log.try_clone()?)
            .stdout(log)
            .spawn()
            .context("starting the web app's half of the tests")?;
        Ok(Self {
            child,
            output,
            report,
        })
    }

    /// Waits for its end, shows what it wrote, and gives what came of it.
    ///
    /// # Errors
    /// When it left none.
    pub(super) fn finish(mut self) -> Result<Outcome> {
        let status = self.child.wait()?;
        io::copy(&mut File::open(&self.output)?, &mut io::stdout())?;
        let report = fs::read(&self.report)
            .with_context(|| format!("the web app's half left no report ({status})"))?;
        Ok(serde_json::from_slice(&report)?)
    }
}

fn report_file(workspace: &Workspace) -> PathBuf {
    workspace.target("xtask/test-web.json")
}
