//! `smail check`: whether everything in the store is whole, and in its place.

use super::{DataDirectory, UseStoreError, open_store};
use crate::progress::{Bar, share_of_keys};
use crate::store::{CheckReport, CheckStep, OpenError, StoreError};
use clap::Args;
use std::io::{self, Write as _};

/// Settings of `smail check`.
#[derive(Debug, Clone, Args)]
pub struct CheckArgs {
    /// Which store.
    #[command(flatten)]
    pub store: DataDirectory,

    /// Repair what can be repaired without losing anything
    #[arg(long)]
    pub repair: bool,
}

/// Why a store is not, or is not known to be, whole.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CheckError {
    /// A server has it: what moves cannot be checked.
    #[error(
        "a server runs on this data; stop it first, or restore a backup of it elsewhere and check that"
    )]
    Served,
    /// The store cannot be used.
    #[error(transparent)]
    Use(UseStoreError),
    /// It cannot be read on.
    #[error("{0}; the check was not finished")]
    Store(#[from] StoreError),
    /// A part of it cannot be read, which is named; what the rest says of it was not compared.
    #[error(
        "{places} places cannot be read, and the rest was not compared; put the data aside as it is, \
         and restore a backup into an empty directory"
    )]
    Unread {
        /// How many parts.
        places: u64,
    },
    /// Something is wrong, and still is.
    #[error("{left} left; restore a backup for what cannot be repaired")]
    Left {
        /// How much.
        left: u64,
    },
    /// As before, and some of it could be repaired.
    #[error("{left} left; `smail check --repair` repairs what can be repaired")]
    NotRepaired {
        /// How much.
        left: u64,
    },
    /// Standard output.
    #[error("standard output: {0}")]
    Output(#[from] io::Error),
}

/// Checks the store, says on standard output what is wrong, and fails when something is left that is.
///
/// # Errors
/// See [`CheckError`].
pub fn run(args: &CheckArgs) -> Result<(), CheckError> {
    let store = open_store(&args.store.data).map_err(|error| match error {
        UseStoreError::Open(OpenError::InUse { .. }) => CheckError::Served,
        other => CheckError::Use(other),
    })?;
    // What a deletion has left is nobody's, and would be found as that. If it cannot be removed, that is found too.
    if let Err(error) = store.finish_deletions() {
        tracing::warn!(cause = error.code(), "a deletion was not finished");
    }
    let bar = Bar::of_keys("checking");
    let mut said = Ok(());
    let report = store.check(args.repair, |step| match step {
        CheckStep::Reading(key) => bar.set(share_of_keys(key)),
        CheckStep::Found(fault, is_repaired) => {
            let outcome = if *is_repaired { " (repaired)" } else { "" };
            let line = bar.suspend(|| writeln!(io::stdout(), "{fault}{outcome}"));
            if said.is_ok() {
                said = line;
            }
        }
    })?;
    drop(bar);
    said?;
    say(&report)?;
    if report.unread > 0 {
        let places = report.unread;
        return Err(CheckError::Unread { places });
    }
    match report.left() {
        0 => Ok(()),
        left if args.repair => Err(CheckError::Left { left }),
        left => Err(CheckError::NotRepaired { left }),
    }
}

fn say(report: &CheckReport) -> io::Result<()> {
    writeln!(
        io::stdout(),
        "{} accounts, {} items, {} blobs: {} wrong, {} repaired",
        report.accounts,
        report.items,
        report.blobs,
        report.found,
        report.repaired
    )
}
