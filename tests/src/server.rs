//! The real server as a process.

use anyhow::{Context as _, bail};
use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

/// Longest that a server may take to listen.
const START_TIMEOUT: Duration = Duration::from_secs(20);

/// A running server; killed when it is dropped.
#[derive(Debug)]
pub struct Server {
    child: Child,
    origin: String,
    log: Log,
}

type Log = Arc<Mutex<String>>;

impl Server {
    /// Starts a server on a free port over this data directory and waits until it listens.
    ///
    /// # Errors
    /// When there is no binary, or it does not come up in time: with what it logged.
    pub fn start(data: &Path) -> anyhow::Result<Self> {
        Self::start_with(data, &[])
    }

    /// As [`Self::start`], with further arguments of `smail serve`.
    ///
    /// # Errors
    /// As [`Self::start`].
    pub fn start_with(data: &Path, arguments: &[&str]) -> anyhow::Result<Self> {
        Self::start_within(START_TIMEOUT, data, arguments)
    }

    /// As [`Self::start_with`], for this long at most.
    ///
    /// # Errors
    /// As [`Self::start`].
    pub fn start_within(
        patience: Duration,
        data: &Path,
        arguments: &[&str],
    ) -> anyhow::Result<Self> {
        let mut child = serve(data)?
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .context("starting the server")?;
        let log = Log::default();
        let (sender, addresses) = channel();
        let out = child.stdout.take().context("no stdout")?;
        let err = child.stderr.take().context("no stderr")?;
        follow(out, log.clone(), sender.clone());
        follow(err, log.clone(), sender);
        let mut server = Self {
            child,
            origin: String::new(),
            log,
        };
        server.origin = server.wait_for_address(&addresses, patience)?;
        Ok(server)
    }

    /// Starts a server and kills it after this time, whatever it has come to by then.
    ///
    /// # Errors
    /// When there is no binary.
    pub fn start_and_kill(data: &Path, after: Duration) -> anyhow::Result<()> {
        let mut child = serve(data)?
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("starting the server")?;
        std::thread::sleep(after);
        child.kill()?;
        child.wait()?;
        Ok(())
    }

    fn wait_for_address(
        &self,
        addresses: &Receiver<String>,
        patience: Duration,
    ) -> anyhow::Result<String> {
        match addresses.recv_timeout(patience) {
            Ok(address) => Ok(address),
            Err(_) => bail!("the server did not come up:\n{}", self.log()),
        }
    }

    /// `http://127.0.0.1:port`.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The process.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// All it has logged so far.
    #[must_use]
    pub fn log(&self) -> String {
        self.log
            .lock()
            .map_or_else(|poisoned| poisoned.into_inner().clone(), |log| log.clone())
    }

    /// Kills it at once, as a crash would: no chance to write anything more.
    ///
    /// # Errors
    /// What the system says.
    pub fn kill(mut self) -> anyhow::Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may be gone already; there is nothing to do about that.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// `smail serve` on a free port over this data directory.
fn serve(data: &Path) -> anyhow::Result<Command> {
    let mut command = Command::new(program()?);
    command
        .args(["serve", "--listen", "127.0.0.1:0"])
        .args(["--signups-per-minute", "10000"])
        .args(["--requests-per-minute", "10000000", "--data"])
        .arg(data)
        .stdin(Stdio::null());
    Ok(command)
}

/// Keeps what the server writes, and tells the address when it says one.
fn follow(output: impl Read + Send + 'static, log: Log, addresses: Sender<String>) {
    std::thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            if let Some(address) = address_in(&line) {
                // Nobody waits for it any more after the first.
                let _ = addresses.send(address);
            }
            if let Ok(mut log) = log.lock() {
                log.push_str(&line);
                log.push('\n');
            }
        }
    });
}

/// The address in the line that says `listening on http://...`.
fn address_in(line: &str) -> Option<String> {
    let (_, rest) = line.split_once("listening on http://")?;
    let authority: String = rest
        .chars()
        .take_while(|c| !c.is_whitespace() && !matches!(c, '"' | '/'))
        .collect();
    Some(format!("http://{authority}"))
}

/// The server's binary: what `SMAIL_BIN` names, else what cargo builds here, once.
///
/// # Errors
/// When it cannot be built.
pub fn program() -> anyhow::Result<PathBuf> {
    static BUILT: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    if let Some(named) = std::env::var_os("SMAIL_BIN") {
        return Ok(named.into());
    }
    BUILT
        .get_or_init(|| build().map_err(|error| format!("{error:#}")))
        .clone()
        .map_err(anyhow::Error::msg)
}

fn build() -> anyhow::Result<PathBuf> {
    let profile_dir = profile_dir()?;
    let is_release = profile_dir.file_name() == Some(OsStr::new("release"));
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args([
        "build",
        "--quiet",
        "--package",
        "smail-server",
        "--bin",
        "smail",
    ]);
    if is_release {
        cargo.arg("--release");
    }
    let status = cargo
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .status()
        .context("building the server")?;
    anyhow::ensure!(
        status.success(),
        "cargo build --package smail-server failed ({status})"
    );
    Ok(profile_dir.join("smail"))
}

/// `target/debug` or `target/release`: this program is there, or in `deps` below it.
fn profile_dir() -> anyhow::Result<PathBuf> {
    let here = std::env::current_exe()?;
    let dir = here.parent().context("no directory")?;
    let dir = if dir.ends_with("deps") {
        dir.parent().context("no parent directory")?
    } else {
        dir
    };
    Ok(dir.to_path_buf())
}
