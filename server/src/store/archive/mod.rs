//! The archive that a backup is: every key and value of a store in a form that no engine owns (docs/FORMATS.md).
//!
//! A header, then frames, each with its checksum, then an end that counts and hashes all before it. Frames are applied
//! in order: entries as a scan found them, and between them the batches that were applied while the scan was under
//! way, so that after the last frame there is one state that the store was in. Sensitive: it holds the server's OPAQUE
//! setup and every credential.

mod error;
mod frame;
mod reader;
mod writer;

#[cfg(test)]
mod tests;

pub use error::ArchiveError;
pub(in crate::store) use frame::{MAX_PAYLOAD_BYTES, push_write};
pub use reader::{ArchiveReader, Part};
pub(in crate::store) use writer::ArchiveWriter;

/// What an archive says of itself before its first frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArchiveHeader {
    /// The layout of its keys and values.
    pub layout: u32,
    /// When it was begun, in milliseconds since 1970, by the clock of who made it.
    pub made_ms: u64,
    /// The domain that its logins are bound to; empty when the store was never served.
    pub domain: String,
}

/// What an archive holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ArchiveCounts {
    /// Entries that the scan found.
    pub entries: u64,
    /// Batches that were applied meanwhile.
    pub batches: u64,
    /// Puts and deletes in those batches.
    pub writes: u64,
    /// Length of the whole archive.
    pub len_bytes: u64,
}
