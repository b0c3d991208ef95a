//! Numbers about a store, for who runs it.

use super::engine::{Direction, KeyRange};
use super::records::{BlobRecord, Record as _};
use super::{Store, StoreError};
use serde::{Deserialize, Serialize};
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

/// Entries looked at in one go.
const ENTRIES_AT_ONCE: usize = 256;
/// What `st_blocks` counts in.
const BLOCK_BYTES: u64 = 512;

/// How much there is of everything, and what it takes on the disk.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Stats {
    /// The layout of keys and values.
    pub layout: u32,
    /// Accounts.
    pub accounts: u64,
    /// Messages and drafts in mailboxes; one that two people have counts twice.
    pub items: u64,
    /// Blobs; one that two people have counts once.
    pub blobs: u64,
    /// Octets of all blobs.
    pub stored_bytes: u64,
    /// What the data directory takes of the disk.
    pub disk_bytes: u64,
    /// Disk bytes for each stored byte; none while nothing is stored.
    pub disk_per_stored: Option<f64>,
    /// What the file system has left.
    pub free_bytes: u64,
}

impl Store {
    /// Counts what the store holds, whose files are in `data`. While it is served the numbers are of no one moment.
    ///
    /// # Errors
    /// When the store or its directory cannot be read.
    pub fn stats(&self, data: &Path) -> Result<Stats, StoreError> {
        let mut stored_bytes = 0_u64;
        let mut blobs = 0;
        let mut range = KeyRange::prefix(b"b");
        loop {
            let page = self
                .engine()
                .scan(&range, Direction::Ascending, ENTRIES_AT_ONCE)?;
            let Some(last) = page.last() else { break };
            range.start = [&last.key[..], &[0]].concat();
            for entry in page {
                blobs += 1;
                stored_bytes += BlobRecord::decode(&entry.value)?.size_bytes;
            }
        }
        let in_directory = |error: io::Error| StoreError::from(&error);
        let disk_bytes = disk_bytes(data).map_err(in_directory)?;
        let space = rustix::fs::statvfs(data).map_err(|error| in_directory(error.into()))?;
        Ok(Stats {
            layout: self.layout_version()?,
            accounts: self.count_of(b'a')?,
            items: self.count_of(b'i')?,
            blobs,
            stored_bytes,
            disk_bytes,
            disk_per_stored: (stored_bytes > 0).then(|| disk_bytes as f64 / stored_bytes as f64),
            free_bytes: space.f_bavail.saturating_mul(space.f_frsize),
        })
    }

    fn count_of(&self, prefix: u8) -> Result<u64, StoreError> {
        let range = KeyRange::prefix(&[prefix]);
        Ok(self.engine().count(&range, usize::MAX)? as u64)
    }
}

/// What a directory and all in it take of the disk. A file that goes meanwhile takes nothing.
fn disk_bytes(path: &Path) -> io::Result<u64> {
    let metadata = match path.symlink_metadata() {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(0),
        Err(error) => return Err(error),
    };
    let mut bytes = metadata.blocks() * BLOCK_BYTES;
    if metadata.is_dir() {
        for entry in path.read_dir()? {
            bytes += disk_bytes(&entry?.path())?;
        }
    }
    Ok(bytes)
}
