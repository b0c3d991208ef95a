//! The store measured straight through its own verbs and through the engine trait, without HTTP:
//! `cargo bench -p smail-server --bench store -- deliveries DIRECTORY`. Each measurement prints its rows as one line of
//! JSON; `cargo xtask bench store` puts them together with what is measured over HTTP.

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod ceiling;
mod deliveries;
mod growth;
mod people;
mod row;
mod sustained;

use clap::{Parser, Subcommand};
use std::path::PathBuf;
use std::time::Duration;

/// Measures the store
#[derive(Debug, Parser)]
struct Cli {
    #[command(subcommand)]
    what: What,
    /// What cargo passes to every benchmark.
    #[arg(long, global = true, hide = true)]
    bench: bool,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Durable deliveries a second against what one file takes
    Deliveries {
        /// Where to make the data, on the disk that is to be measured
        directory: PathBuf,
        /// Rounds; medians count
        #[arg(long, default_value_t = 3)]
        rounds: usize,
        /// How long each number of senders sends in a round, in seconds
        #[arg(long, default_value_t = 3)]
        seconds: u64,
    },
    /// Whether anything stalls while much is written and read for long
    Sustained {
        /// Where to make the data, on the disk that is to be measured
        directory: PathBuf,
        /// Gigabytes of messages
        #[arg(long, default_value_t = 3)]
        gigabytes: u64,
        /// Longest time, in seconds
        #[arg(long, default_value_t = 600)]
        most_s: u64,
    },
    /// What a delivery, a listing and a state change cost as a mailbox grows
    Growth {
        /// Where to make the data, on the disk that is to be measured
        directory: PathBuf,
        /// Items in the mailbox
        #[arg(long, default_value_t = 1_000_000)]
        items: u64,
        /// What it is held against
        #[arg(long, default_value_t = 10_000)]
        base: u64,
    },
}

fn main() {
    let rows = match Cli::parse().what {
        What::Deliveries {
            directory,
            rounds,
            seconds,
        } => deliveries::measure(&directory, rounds, seconds),
        What::Sustained {
            directory,
            gigabytes,
            most_s,
        } => sustained::measure(&directory, gigabytes, Duration::from_secs(most_s)),
        What::Growth {
            directory,
            items,
            base,
        } => growth::measure(&directory, base, items),
    };
    println!("{}", serde_json::to_string(&rows).unwrap());
}
