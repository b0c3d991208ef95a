//! `cargo xtask crash`: tears the server away at random moments and compares what is left with what was acknowledged.

use crate::process;
use crate::program::FUSERMOUNT;
use crate::server::{self, Profile};
use crate::step::step;
use crate::workspace::Workspace;
use anyhow::{Context as _, Result, bail};
use clap::Args;
use std::path::Path;
use std::process::Command;

/// What the kernel offers file systems in user space through.
const FUSE_DEVICE: &str = "/dev/fuse";

/// Which crash, how often, and how.
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("crash").required(true).args(["kill", "power"]))]
pub(crate) struct CrashOptions {
    /// Kill the server (SIGKILL) so many times
    #[arg(long, value_name = "TIMES")]
    kill: Option<u32>,
    /// Cut its power so many times: on a disk, of the tests' own, that forgets what was not synced
    #[arg(long, value_name = "TIMES")]
    power: Option<u32>,
    /// Let that disk's syncs do nothing; the run must then report losses
    #[arg(long, conflicts_with = "kill")]
    without_sync: bool,
    /// Seed of all random choices [default: random, and printed]
    #[arg(long)]
    seed: Option<u64>,
    /// People who send at the same time, 2 to 8
    #[arg(long, default_value_t = 6)]
    senders: u8,
    /// Longest time between a start and a crash, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 0.4)]
    seconds_per_round: f64,
    /// Use the release binary; without it the one that tests use, whose arithmetic is checked
    #[arg(long)]
    release: bool,
}

/// Builds the server and the suite, and runs it. Its last line is the tally.
///
/// # Errors
/// When a build fails, or the machine has no FUSE. A tally with faults ends the process.
pub(crate) fn crash(workspace: &Workspace, options: &CrashOptions) -> Result<()> {
    let profile = if options.release {
        Profile::Release
    } else {
        Profile::Dev
    };
    if options.power.is_some() {
        ensure_fuse()?;
    }
    step("server", || server::build(workspace, profile))?;
    step("crash suite", || server::build_opponents(workspace))?;
    let suite = workspace.target("debug").join("smail-crash");
    let mut command = Command::new(&suite);
    command
        .args(options.arguments()?)
        .env("SMAIL_BIN", server::binary(workspace, profile));
    let status = command
        .status()
        .with_context(|| format!("starting {}", suite.display()))?;
    match status.code() {
        Some(0) => Ok(()),
        Some(code) => std::process::exit(code), // the suite's last line is the last
        None => bail!("the crash suite ended with {status}"),
    }
}

impl CrashOptions {
    fn arguments(&self) -> Result<Vec<String>> {
        let (name, crashes) = match (self.kill, self.power) {
            (Some(crashes), None) => ("kill", crashes),
            (None, Some(crashes)) => ("power", crashes),
            _ => bail!("name one of --kill and --power"),
        };
        let mut arguments = vec![name.to_owned(), crashes.to_string()];
        if self.without_sync {
            arguments.push("--without-sync".into());
        }
        arguments.extend(["--senders".into(), self.senders.to_string()]);
        let most_ms = (self.seconds_per_round * 1000.0).ceil().max(1.0);
        arguments.extend(["--most-ms".into(), format!("{most_ms:.0}")]);
        arguments.extend([
            "--least-ms".into(),
            format!("{:.0}", (most_ms / 10.0).floor()),
        ]);
        if let Some(seed) = self.seed {
            arguments.extend(["--seed".into(), seed.to_string()]);
        }
        Ok(arguments)
    }
}

/// What mounting the tests' disk needs: the device, and the right to mount.
fn ensure_fuse() -> Result<()> {
    if !Path::new(FUSE_DEVICE).exists() {
        bail!(
            "{FUSE_DEVICE} is missing: load the kernel module `fuse`, or give the container that device"
        );
    }
    if !process::is_root()? {
        FUSERMOUNT.ensure()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Debug, Parser)]
    struct Line {
        #[command(flatten)]
        options: CrashOptions,
    }

    fn arguments(line: &str) -> Option<String> {
        let words = std::iter::once("crash").chain(line.split_whitespace());
        let options = Line::try_parse_from(words).ok()?.options;
        options
            .arguments()
            .ok()
            .map(|arguments| arguments.join(" "))
    }

    #[test]
    fn what_is_asked_for_reaches_the_suite() {
        assert_eq!(
            arguments("--kill 200 --seed 7").unwrap(),
            "kill 200 --senders 6 --most-ms 400 --least-ms 40 --seed 7"
        );
        assert_eq!(
            arguments("--power 3 --without-sync --seconds-per-round 2 --senders 2").unwrap(),
            "power 3 --without-sync --senders 2 --most-ms 2000 --least-ms 200"
        );
    }

    #[test]
    fn one_crash_is_named() {
        assert_eq!(arguments(""), None);
        assert_eq!(arguments("--kill 1 --power 1"), None);
        assert_eq!(arguments("--kill 1 --without-sync"), None);
    }
}
