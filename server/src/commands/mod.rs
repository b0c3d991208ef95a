//! What the program does beside serving: one file a command. Each asks the running server where it can, and opens the
//! store itself where none runs.

pub mod backup;
pub mod check;
mod new_file;
pub mod restore;
pub mod stats;

use crate::store::{OpenError, Store, StoreOptions};
use clap::Args;
use std::io;
use std::path::{Path, PathBuf};

/// Which store.
#[derive(Debug, Clone, Args)]
pub struct DataDirectory {
    /// Directory that holds everything the server keeps
    #[arg(
        long,
        env = "SMAIL_DATA",
        value_name = "DIRECTORY",
        default_value = "data"
    )]
    pub data: PathBuf,
}

/// Why a store could not be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum UseStoreError {
    /// There is none.
    #[error("there is no data directory {}; name it by --data", path.display())]
    NoData {
        /// Where one was looked for.
        path: PathBuf,
    },
    /// The directory is there, and no server has ever kept anything in it: a disk that is not mounted, perhaps.
    #[error("{} holds nothing of S-Mail; is its disk mounted? Name the data directory by --data", path.display())]
    Empty {
        /// The directory.
        path: PathBuf,
    },
    /// It cannot be opened.
    #[error("--data: {0}")]
    Open(#[from] OpenError),
    /// A server runs, and cannot be asked.
    #[error("the running server cannot be asked: {0}")]
    Ask(#[source] io::Error),
}

/// Opens a store that is there. None is made: a command that finds nothing would otherwise report that all is well.
fn open_store(data: &Path) -> Result<Store, UseStoreError> {
    let path = data.to_owned();
    if !data.is_dir() {
        return Err(UseStoreError::NoData { path });
    }
    if !Store::is_at(data) {
        return Err(UseStoreError::Empty { path });
    }
    Ok(Store::open(data, &StoreOptions::default())?)
}

/// Bytes for a person: three digits and a unit of 1,024.
fn readable_bytes(bytes: u64) -> String {
    indicatif::BinaryBytes(bytes).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_store_is_made_where_there_is_none() {
        let empty = tempfile::tempdir().unwrap();
        assert!(matches!(
            open_store(empty.path()),
            Err(UseStoreError::Empty { .. })
        ));
        assert_eq!(empty.path().read_dir().unwrap().count(), 0);
        let missing = empty.path().join("missing");
        assert!(matches!(
            open_store(&missing),
            Err(UseStoreError::NoData { .. })
        ));
        assert!(!missing.exists());
    }
}
