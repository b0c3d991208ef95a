//! `cargo xtask crash`: tears the server away at random moments and compares what is left with what was acknowledged;
//! or backs it up while people send, and compares what is restored.

use crate::process;
use crate::program::FUSERMOUNT;
use crate::server::{self, Profile};
use crate::step::step;
use crate::workspace::Workspace;
use anyhow::{Context as _, Result, bail};
use clap::Args;
use std::fs;
use std::path::Path;
use std::process::Command;

/// What the kernel offers file systems in user space through.
const FUSE_DEVICE: &str = "/dev/fuse";
/// Where backups are tried, below cargo's target directory: they may be larger than what a temporary directory takes.
const SCRATCH: &str = "crash";

/// Which crash, how often, and how.
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("crash").required(true).args(["kill", "power", "backup"]))]
pub(crate) struct CrashOptions {
    /// Kill the server (SIGKILL) so many times
    #[arg(long, value_name = "TIMES")]
    kill: Option<u32>,
    /// Cut its power so many times: on a disk, of the tests' own, that forgets what was not synced
    #[arg(long, value_name = "TIMES")]
    power: Option<u32>,
    /// Back so many GB up while people send, restore them into an empty directory and compare item by item
    #[arg(long, value_name = "GIGABYTES", conflicts_with = "seconds_per_round")]
    backup: Option<f64>,
    /// Let that disk's syncs do nothing; the run must then report losses
    #[arg(long, conflicts_with_all = ["kill", "backup"])]
    without_sync: bool,
    /// Seed of all random choices [default: random, and printed]
    #[arg(long)]
    seed: Option<u64>,
    /// People who send at the same time, 2 to 8 [default: 6; 8 beside a backup]
    #[arg(long)]
    senders: Option<u8>,
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
    if options.backup.is_some() {
        fs::create_dir_all(workspace.target(SCRATCH))?;
    }
    let suite = workspace.target("debug").join("smail-crash");
    let mut command = Command::new(&suite);
    command
        .args(options.arguments(&workspace.target(SCRATCH))?)
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
    fn arguments(&self, scratch: &Path) -> Result<Vec<String>> {
        let mut arguments = match (self.kill, self.power, self.backup) {
            (Some(crashes), None, None) => vec!["kill".to_owned(), crashes.to_string()],
            (None, Some(crashes), None) => vec!["power".to_owned(), crashes.to_string()],
            (None, None, Some(gigabytes)) => vec!["backup".to_owned(), gigabytes.to_string()],
            _ => bail!("name one of --kill, --power and --backup"),
        };
        if self.without_sync {
            arguments.push("--without-sync".into());
        }
        let mut add = |name: &str, value: String| arguments.extend([name.to_owned(), value]);
        if self.backup.is_some() {
            add("--directory", scratch.display().to_string());
        } else {
            let most_ms = (self.seconds_per_round * 1000.0).ceil().max(1.0);
            add("--most-ms", format!("{most_ms:.0}"));
            add("--least-ms", format!("{:.0}", (most_ms / 10.0).floor()));
        }
        if let Some(senders) = self.senders {
            add("--senders", senders.to_string());
        }
        if let Some(seed) = self.seed {
            add("--seed", seed.to_string());
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
            .arguments(Path::new("scratch"))
            .ok()
            .map(|arguments| arguments.join(" "))
    }

    #[test]
    fn what_is_asked_for_reaches_the_suite() {
        assert_eq!(
            arguments("--kill 200 --seed 7").unwrap(),
            "kill 200 --most-ms 400 --least-ms 40 --seed 7"
        );
        assert_eq!(
            arguments("--power 3 --without-sync --seconds-per-round 2 --senders 2").unwrap(),
            "power 3 --without-sync --most-ms 2000 --least-ms 200 --senders 2"
        );
        assert_eq!(
            arguments("--backup 5").unwrap(),
            "backup 5 --directory scratch"
        );
    }

    #[test]
    fn one_crash_is_named() {
        assert_eq!(arguments(""), None);
        assert_eq!(arguments("--kill 1 --power 1"), None);
        assert_eq!(arguments("--kill 1 --without-sync"), None);
        assert_eq!(arguments("--backup 1 --without-sync"), None);
    }
}
