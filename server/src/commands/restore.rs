//! `smail restore`: a data directory from a backup.

use super::{DataDirectory, readable_bytes};
use crate::progress::{Bar, share_of_keys};
use crate::store::{RestoreError, RestoreOptions, RestoreStep, StoreOptions, restore};
use clap::Args;
use std::io::{self, Write as _};
use std::path::PathBuf;

/// Settings of `smail restore`.
#[derive(Debug, Clone, Args)]
pub struct RestoreArgs {
    /// Backup to restore
    #[arg(value_name = "FILE")]
    pub file: PathBuf,

    /// Which store: a directory that is not there, or empty.
    #[command(flatten)]
    pub store: DataDirectory,

    /// Restore login sessions too: for a move to another machine right after the backup. Otherwise all log in again
    #[arg(long)]
    pub keep_sessions: bool,

    /// Restore a store that was not whole when it was backed up, and repair it afterwards
    #[arg(long)]
    pub accept_faults: bool,
}

/// Why nothing was restored.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RestoreCommandError {
    /// The data directory is as it was.
    #[error(transparent)]
    Restore(#[from] RestoreError),
    /// It was restored; only that could not be said.
    #[error("the data directory was restored; standard output: {0}")]
    Output(#[from] io::Error),
}

/// Restores the backup, and says so on standard output.
///
/// # Errors
/// See [`RestoreCommandError`].
pub fn run(args: &RestoreArgs) -> Result<(), RestoreCommandError> {
    let options = RestoreOptions {
        store: StoreOptions::default(),
        keep_sessions: args.keep_sessions,
        accepts_faults: args.accept_faults,
    };
    let len_bytes = args.file.metadata().map_or(0, |file| file.len());
    let (mut verifying, mut writing, mut checking) = (None, None, None);
    let report = restore(&args.file, &args.store.data, &options, |step| match step {
        RestoreStep::Verifying(bytes) => verifying
            .get_or_insert_with(|| Bar::of_bytes("verifying", len_bytes))
            .set(bytes),
        RestoreStep::Writing(bytes) => {
            verifying = None;
            writing
                .get_or_insert_with(|| Bar::of_bytes("writing", len_bytes))
                .set(bytes);
        }
        RestoreStep::Checking(key) => {
            writing = None;
            checking
                .get_or_insert_with(|| Bar::of_keys("checking"))
                .set(share_of_keys(key));
        }
    })?;
    drop(checking);
    let size = readable_bytes(report.counts.len_bytes);
    let domain = match report.header.domain.as_str() {
        "" => String::new(),
        domain => format!("; serve it with --domain {domain}"),
    };
    writeln!(
        io::stdout(),
        "{}: restored {} entries and {} batches from {size}{domain}",
        args.store.data.display(),
        report.counts.entries,
        report.counts.batches
    )?;
    if report.faults > 0 {
        writeln!(
            io::stdout(),
            "{} wrong, as when it was backed up; run `smail check --repair`",
            report.faults
        )?;
    }
    Ok(())
}
