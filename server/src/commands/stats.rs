//! `smail stats`: how much there is of everything, and what it takes on the disk.

use super::{DataDirectory, UseStoreError, open_store, readable_bytes};
use crate::control::{self, Request};
use crate::store::{Stats, StoreError};
use clap::Args;
use std::io::{self, Read as _, Write as _};

/// Settings of `smail stats`.
#[derive(Debug, Clone, Args)]
pub struct StatsArgs {
    /// Which store.
    #[command(flatten)]
    pub store: DataDirectory,

    /// Print one JSON object; sizes are in bytes
    #[arg(long)]
    pub json: bool,
}

/// Why there are no numbers.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StatsError {
    /// The store cannot be used.
    #[error(transparent)]
    Use(#[from] UseStoreError),
    /// It cannot be read.
    #[error("{0}")]
    Store(#[from] StoreError),
    /// The server's answer is none.
    #[error("the server gave no numbers: {0}")]
    Server(#[source] io::Error),
    /// Standard output.
    #[error("standard output: {0}")]
    Output(#[from] io::Error),
}

/// Prints the numbers.
///
/// # Errors
/// See [`StatsError`].
pub fn run(args: &StatsArgs) -> Result<(), StatsError> {
    let data = &args.store.data;
    let stats = match control::ask(data, Request::Stats).map_err(UseStoreError::Ask)? {
        Some(mut answer) => {
            let mut json = Vec::new();
            answer.read_to_end(&mut json).map_err(StatsError::Server)?;
            serde_json::from_slice(&json).map_err(|error| StatsError::Server(error.into()))?
        }
        None => open_store(data)?.stats(data)?,
    };
    let text = if args.json {
        serde_json::to_string(&stats).map_err(io::Error::from)?
    } else {
        readable(&stats)
    };
    Ok(writeln!(io::stdout(), "{text}")?)
}

fn readable(stats: &Stats) -> String {
    let ratio = stats
        .disk_per_stored
        .map_or_else(|| "-".to_owned(), |ratio| format!("{ratio:.2}"));
    let rows = [
        ("layout", stats.layout.to_string()),
        ("accounts", stats.accounts.to_string()),
        ("items", stats.items.to_string()),
        ("blobs", stats.blobs.to_string()),
        ("stored", readable_bytes(stats.stored_bytes)),
        ("on disk", readable_bytes(stats.disk_bytes)),
        ("disk per stored byte", ratio),
        ("free on disk", readable_bytes(stats.free_bytes)),
    ];
    rows.map(|(name, value)| format!("{name:<22}{value:>14}"))
        .join("\n")
}
