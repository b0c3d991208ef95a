//! Searches a server's data directory, log, recorded traffic and live memory for canaries: texts that must be nowhere.
//! Prints a report as JSON. Exit status 0: none found; 1: found; 2: could not search.

use anyhow::Context as _;
use clap::Parser;
use smail_tests::scan::{Canaries, Places, Report, scan};
use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

/// Search for texts that must be nowhere
#[derive(Debug, Parser)]
struct Arguments {
    /// JSON object: what each canary is, and its text
    #[arg(long, value_name = "FILE")]
    canaries: PathBuf,
    /// Data directory
    #[arg(long, value_name = "DIRECTORY")]
    data: Option<PathBuf>,
    /// Log
    #[arg(long, value_name = "FILE")]
    log: Option<PathBuf>,
    /// Recorded HTTP messages, a file each
    #[arg(long, value_name = "DIRECTORY")]
    traffic: Option<PathBuf>,
    /// Live process whose memory to search
    #[arg(long)]
    pid: Option<u32>,
}

fn main() -> ExitCode {
    let report = match run(Arguments::parse()) {
        Ok(report) => report,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "smail-scan: {error:#}");
            return ExitCode::from(2);
        }
    };
    if report.findings.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(1)
    }
}

fn run(
    Arguments {
        canaries,
        data,
        log,
        traffic,
        pid,
    }: Arguments,
) -> anyhow::Result<Report> {
    let text =
        std::fs::read(&canaries).with_context(|| format!("reading {}", canaries.display()))?;
    let canaries: Canaries = serde_json::from_slice(&text).context("reading the canaries")?;
    let report = scan(
        &canaries,
        &Places {
            data,
            log,
            traffic,
            pid,
        },
    )?;
    serde_json::to_writer_pretty(std::io::stdout(), &report)?;
    Ok(report)
}
