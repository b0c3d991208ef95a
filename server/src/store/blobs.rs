//! Blobs: streams of immutable, checksummed chunks, named by the SHA-256 of the whole.

use super::{Store, StoreError};
use smail_protocol::{AccountId, BlobId, BlobReceipt};

/// Why an upload did not end in a blob.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FinishBlobError {
    /// What arrived does not have the SHA-256 that was announced.
    #[error("the octets are not what their digest says")]
    DigestMismatch,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// An upload under way. Dropped before it is finished, it leaves nothing.
#[derive(Debug)]
pub struct BlobWriter {
    store: Store,
}

impl BlobWriter {
    /// Takes the next octets, in pieces of any size.
    ///
    /// # Errors
    /// [`StoreError`] alone; the upload cannot go on.
    pub fn write(&mut self, octets: &[u8]) -> Result<(), StoreError> {
        let _ = (octets, &self.store);
        unimplemented!()
    }

    /// Ends the upload: the blob is durable, and the uploader may read it and name it in an item within 24 hours.
    /// `announced` is the SHA-256 that the octets must have.
    ///
    /// # Errors
    /// See [`FinishBlobError`]; nothing is left of the upload.
    pub fn finish(self, announced: Option<BlobId>) -> Result<BlobReceipt, FinishBlobError> {
        let _ = announced;
        unimplemented!()
    }
}

/// A blob's octets, in order, in pieces of up to some hundred kilobytes. A blob that is removed while it is read ends
/// in an error, never early.
#[derive(Debug)]
pub struct BlobReader {
    size_bytes: u64,
}

impl BlobReader {
    /// How many octets there are in all.
    #[must_use]
    pub const fn size_bytes(&self) -> u64 {
        self.size_bytes
    }
}

impl Iterator for BlobReader {
    type Item = Result<Vec<u8>, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        unimplemented!()
    }
}

impl Store {
    /// Begins an upload.
    ///
    /// # Errors
    /// [`StoreError`] alone.
    pub fn blob_writer(&self, account: AccountId, now_ms: u64) -> Result<BlobWriter, StoreError> {
        let _ = (account, now_ms);
        unimplemented!()
    }

    /// A blob that the account may read: it uploaded it and no item names it yet, or it has an item that names it.
    /// `None` for any other, whether it is there or not.
    ///
    /// # Errors
    /// [`StoreError`] alone.
    pub fn blob_reader(&self, account: AccountId, blob: BlobId) -> Result<Option<BlobReader>, StoreError> {
        let _ = (account, blob);
        unimplemented!()
    }
}
