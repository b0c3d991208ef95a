//! The store measured over HTTP. Each measurement prints its rows as one line of JSON, for `cargo xtask bench store`.

#![allow(clippy::print_stdout)] // a command-line tool speaks there

use clap::{Parser, Subcommand};
use smail_tests::measure::{Deliveries, Stored, deliveries, stored};
use std::path::PathBuf;
use std::time::Duration;

/// Measures the store over HTTP
#[derive(Debug, Parser)]
struct Cli {
    #[command(subcommand)]
    what: What,
    /// Where to make the data, on the disk that is to be measured
    #[arg(long)]
    directory: PathBuf,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Durable deliveries a second
    Deliveries {
        /// Rounds; medians count
        #[arg(long)]
        rounds: usize,
        /// How long each number of senders sends in a round, in seconds
        #[arg(long)]
        seconds: u64,
    },
    /// Reads, memory, disk use and opening of a store that is filled
    Stored {
        /// GB of blobs
        #[arg(long)]
        gigabytes: f64,
        /// nginx's program
        #[arg(long)]
        nginx: PathBuf,
    },
}

fn main() -> anyhow::Result<()> {
    let cli = Cli::parse();
    // nginx would look for it elsewhere.
    let directory = std::path::absolute(cli.directory)?;
    let rows = match cli.what {
        What::Deliveries { rounds, seconds } => {
            let time = Duration::from_secs(seconds);
            deliveries(&directory, Deliveries { rounds, time })?
        }
        What::Stored { gigabytes, nginx } => {
            let nginx = nginx.as_path();
            stored(&directory, Stored { gigabytes, nginx })?
        }
    };
    println!("{}", serde_json::to_string(&rows)?);
    Ok(())
}
