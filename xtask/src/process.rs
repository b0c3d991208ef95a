//! Running other programs: with their names in errors, and never for longer than allowed.

use anyhow::{Context as _, Result, bail};
use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

const POLL_INTERVAL: Duration = Duration::from_millis(50);

/// A command in a folder.
pub(crate) fn command(program: impl AsRef<OsStr>, folder: &Path) -> Command {
    let mut command = Command::new(program);
    command.current_dir(folder);
    command
}

/// The cargo that runs this task, so that all of a task uses one toolchain.
pub(crate) fn cargo(folder: &Path) -> Command {
    command(
        std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()),
        folder,
    )
}

/// Runs to the end with the terminal as it is.
///
/// # Errors
/// When the program cannot be started or says that it failed.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = command
        .status()
        .with_context(|| format!("could not start `{}`", line_of(command)))?;
    check(status, command)
}

/// Runs to the end and returns its standard output. Its standard error stays on the terminal.
///
/// # Errors
/// When the program cannot be started, says that it failed or does not answer in UTF-8.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("could not start `{}`", line_of(command)))?;
    check(output.status, command)?;
    String::from_utf8(output.stdout)
        .with_context(|| format!("`{}` did not answer in UTF-8", line_of(command)))
}

/// Runs to the end, showing each line of its standard output and handing it to `each_line`.
///
/// # Errors
/// When the program cannot be started. Whether it succeeded is in the status.
pub(crate) fn run_with_lines(
    command: &mut Command,
    mut each_line: impl FnMut(&str),
) -> Result<ExitStatus> {
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("could not start `{}`", line_of(command)))?;
    if let Some(stdout) = child.stdout.take() {
        for line in BufReader::new(stdout).split(b'\n') {
            let line = line.context("reading a program's output")?;
            let line = String::from_utf8_lossy(&line);
            println!("{line}");
            each_line(&line);
        }
    }
    child.wait().context("waiting for a program")
}

/// Runs to the end or for `limit`, whichever is shorter.
///
/// # Errors
/// When the program cannot be started, says that it failed or takes longer; then it is stopped.
pub(crate) fn run_within(command: &mut Command, limit: Duration) -> Result<()> {
    let mut child = command
        .spawn()
        .with_context(|| format!("could not start `{}`", line_of(command)))?;
    match wait_within(&mut child, limit)? {
        Some(status) => check(status, command),
        None => bail!(
            "`{}` did not end within {} s",
            line_of(command),
            limit.as_secs()
        ),
    }
}

fn wait_within(child: &mut Child, limit: Duration) -> Result<Option<ExitStatus>> {
    let started = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if started.elapsed() >= limit {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        thread::sleep(POLL_INTERVAL);
    }
}

/// Whether this program runs with root's rights.
///
/// # Errors
/// When the system does not tell.
pub(crate) fn is_root() -> Result<bool> {
    Ok(output(Command::new("id").arg("-u"))?.trim() == "0")
}

/// Whether a program of this name is on the search path.
pub(crate) fn is_installed(program: &str) -> bool {
    find(program).is_some()
}

/// Where a program of this name is on the search path.
pub(crate) fn find(program: &str) -> Option<std::path::PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(program))
        .find(|file| file.is_file())
}

fn check(status: ExitStatus, command: &Command) -> Result<()> {
    if status.success() {
        return Ok(());
    }
    bail!("`{}` failed ({status})", line_of(command))
}

fn line_of(command: &Command) -> String {
    let program = Path::new(command.get_program())
        .file_name()
        .unwrap_or(command.get_program());
    let words = std::iter::once(program).chain(command.get_args());
    words
        .map(OsStr::to_string_lossy)
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_hangs_is_stopped() {
        let started = Instant::now();
        let error = run_within(
            command("sleep", Path::new("/")).arg("30"),
            Duration::from_millis(200),
        )
        .unwrap_err();
        assert!(started.elapsed() < Duration::from_secs(10));
        assert_eq!(error.to_string(), "`sleep 30` did not end within 0 s");
    }

    #[test]
    fn a_program_that_fails_is_named() {
        let error = run(&mut command("false", Path::new("/"))).unwrap_err();
        assert!(error.to_string().starts_with("`false` failed"), "{error}");
    }

    #[test]
    fn a_program_that_is_not_there_is_named() {
        let error = run(&mut command("no-such-program", Path::new("/"))).unwrap_err();
        assert_eq!(error.to_string(), "could not start `no-such-program`");
    }

    #[test]
    fn every_line_is_handed_on() {
        let mut lines = Vec::new();
        let status = run_with_lines(command("printf", Path::new("/")).arg("a\\nb\\n"), |line| {
            lines.push(line.to_owned())
        });
        assert!(status.unwrap().success());
        assert_eq!(lines, ["a", "b"]);
    }
}
