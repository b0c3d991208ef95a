//! The crash suite as a program: `smail-crash kill 200`, `smail-crash power 100`. The last line is the tally; the exit
//! code is 0 when nothing was lost, corrupt or half-delivered.

#![allow(clippy::print_stdout)] // a command-line tool speaks there

use anyhow::Context as _;
use clap::{Args, Parser, Subcommand};
use smail_tests::crash::backup::{self, BackupPlan};
use smail_tests::crash::{Killed, Plan, Powerless, Tally, run};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

/// Tears the server away while people send, and compares what is left with what was acknowledged
#[derive(Debug, Parser)]
struct Cli {
    #[command(subcommand)]
    crash: Crash,
}

#[derive(Debug, Subcommand)]
enum Crash {
    /// SIGKILL at random moments
    Kill {
        /// How often
        #[arg(value_parser = clap::value_parser!(u32).range(1..))]
        crashes: u32,
        #[command(flatten)]
        work: Work,
    },
    /// SIGKILL at random moments, on a disk that forgets what was not synced
    Power {
        /// How often
        #[arg(value_parser = clap::value_parser!(u32).range(1..))]
        crashes: u32,
        /// Let the disk's syncs do nothing: the run must then report losses
        #[arg(long)]
        without_sync: bool,
        #[command(flatten)]
        work: Work,
    },
    /// A backup while people send, restored elsewhere and compared item by item
    Backup(Backup),
}

#[derive(Debug, Args)]
struct Backup {
    /// GB that are stored before
    gigabytes: f64,
    /// Seed of all random choices; random without it
    #[arg(long)]
    seed: Option<u64>,
    /// People who send meanwhile, 2 to 8
    #[arg(long, default_value_t = 8)]
    senders: usize,
    /// Where to make the data, three times as large as what is stored; temporary without it
    #[arg(long)]
    directory: Option<PathBuf>,
}

#[derive(Debug, Args)]
struct Work {
    /// Seed of all random choices; random without it
    #[arg(long)]
    seed: Option<u64>,
    /// People who send at the same time, 2 to 8
    #[arg(long, default_value_t = 6)]
    senders: usize,
    /// Shortest time between a start and a crash, in ms
    #[arg(long, default_value_t = 40)]
    least_ms: usize,
    /// Longest time between a start and a crash, in ms
    #[arg(long, default_value_t = 400)]
    most_ms: usize,
}

impl Work {
    fn plan(&self, crashes: u32) -> anyhow::Result<Plan> {
        anyhow::ensure!(
            self.least_ms < self.most_ms,
            "--least-ms is below --most-ms"
        );
        let plan = Plan {
            crashes: usize::try_from(crashes)?,
            senders: self.senders,
            work_ms: self.least_ms..self.most_ms,
            seed: self.seed.unwrap_or_else(rand::random),
        };
        println!(
            "seed {}, {} senders, {} to {} ms between crashes",
            plan.seed, plan.senders, self.least_ms, self.most_ms
        );
        Ok(plan)
    }
}

fn main() -> anyhow::Result<ExitCode> {
    let started = Instant::now();
    let tally = crash(Cli::parse().crash)?;
    println!("{:.0} s", started.elapsed().as_secs_f64());
    println!("{tally}");
    Ok(if tally.is_clean() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn crash(crash: Crash) -> anyhow::Result<Tally> {
    match crash {
        Crash::Kill { crashes, work } => {
            let data = tempfile::tempdir().context("a directory for the data")?;
            let mut machine = Killed {
                data: data.path().join("data"),
            };
            run(&mut machine, &work.plan(crashes)?, tell)
        }
        Crash::Power {
            crashes,
            without_sync,
            work,
        } => {
            let plan = work.plan(crashes)?;
            run(&mut Powerless::new(plan.seed, without_sync)?, &plan, tell)
        }
        Crash::Backup(options) => back_up(&options),
    }
}

fn back_up(options: &Backup) -> anyhow::Result<Tally> {
    let above = options.directory.clone().unwrap_or_else(std::env::temp_dir);
    let directory = tempfile::tempdir_in(above).context("a directory for the data")?;
    let plan = BackupPlan {
        gigabytes: options.gigabytes,
        senders: options.senders,
        seed: options.seed.unwrap_or_else(rand::random),
    };
    println!("seed {}", plan.seed);
    backup::run(directory.path(), &plan, tell)
}

fn tell(line: &str) {
    println!("{line}");
}
