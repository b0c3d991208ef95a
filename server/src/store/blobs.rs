//! Blobs: streams of immutable, checksummed chunks, named by the SHA-256 of the whole.
//!
//! An upload goes into a stream under an id of its own, because its name is known only at its end; the same octets uploaded
//! twice are kept once. Chunks reach the disk with the batch that makes the blob, or before.

use super::engine::{Batch, Direction};
use super::holdings::CLAIM_MS;
use super::layout::{CHUNK_BYTES, Ending, StreamId};
use super::records::{BlobRecord, Record as _};
use super::{Store, StoreError, layout};
use sha2::{Digest as _, Sha256};
use smail_protocol::{AccountId, BlobId, BlobReceipt};

/// Chunks written or read in one go: about 220 kB. Of an upload one such piece is in memory, of a
/// download the one that is sent and the next.
const CHUNKS_AT_ONCE: usize = 64;

/// Why an upload did not end in a blob.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FinishBlobError {
    /// What arrived does not have the SHA-256 that was announced.
    #[error("the octets are not what their digest says")]
    DigestMismatch,
    /// The account stores as much as it may.
    #[error("the account stores as much as it may")]
    OverQuota,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// An upload under way. Dropped before it is finished, it leaves nothing behind the next sweep.
#[derive(Debug)]
pub struct BlobWriter {
    store: Store,
    account: AccountId,
    now_ms: u64,
    stream: StreamId,
    sha256: Sha256,
    size_bytes: u64,
    /// Octets not yet in a chunk that is written.
    pending: Vec<u8>,
    /// How many chunks are written.
    chunks: u32,
    /// Whether the upload has come to its end.
    settled: bool,
}

impl BlobWriter {
    /// Takes the next octets, in pieces of any size.
    ///
    /// # Errors
    /// [`StoreError`] alone; the upload cannot go on.
    pub fn write(&mut self, octets: &[u8]) -> Result<(), StoreError> {
        self.sha256.update(octets);
        self.size_bytes += octets.len() as u64;
        self.pending.extend_from_slice(octets);
        while self.pending.len() >= CHUNKS_AT_ONCE * CHUNK_BYTES {
            let rest = self.pending.split_off(CHUNKS_AT_ONCE * CHUNK_BYTES);
            let chunks = encode_chunks(
                self.stream,
                self.chunks,
                &std::mem::replace(&mut self.pending, rest),
            );
            self.write_chunks(chunks)?;
        }
        Ok(())
    }

    fn write_chunks(&mut self, chunks: Vec<Chunk>) -> Result<(), StoreError> {
        let mut batch = Batch::default();
        if self.chunks == 0 {
            batch.put(self.ending(), []);
        }
        self.chunks += u32::try_from(chunks.len()).map_err(|_| StoreError::Corrupt)?;
        chunks
            .into_iter()
            .for_each(|(key, value)| batch.put(key, value));
        self.store.apply(&batch)
    }

    /// When the sweep takes the upload for given up.
    fn ending(&self) -> Vec<u8> {
        layout::ending(
            self.now_ms.saturating_add(CLAIM_MS),
            Ending::Stream(self.stream),
        )
    }

    /// Ends the upload: the blob is durable, and the uploader may read it and name it in an item within 24 hours.
    /// `announced` is the SHA-256 that the octets must have.
    ///
    /// # Errors
    /// See [`FinishBlobError`]; nothing is left of the upload.
    pub fn finish(mut self, announced: Option<BlobId>) -> Result<BlobReceipt, FinishBlobError> {
        let blob_id = BlobId::from_sha256(std::mem::take(&mut self.sha256).finalize().into());
        if announced.is_some_and(|announced| announced != blob_id) {
            return Err(FinishBlobError::DigestMismatch);
        }
        let last = encode_chunks(self.stream, self.chunks, &self.pending);
        // From here on the note is the transaction's: it deletes it, or else the sweep finds it.
        self.settled = true;
        let kept = self.store.transact(|transaction| {
            // Without its note the sweep has taken the upload for given up, and chunks of it.
            if self.chunks > 0 && transaction.get_bytes(&self.ending())?.is_none() {
                return Ok(false);
            }
            // An account that was deleted meanwhile is to hold nothing new.
            if !transaction.has_account(self.account)? {
                return Ok(false);
            }
            let key = layout::blob(blob_id);
            if transaction.get_bytes(&key)?.is_none() {
                let record = BlobRecord {
                    stream: self.stream.0,
                    size_bytes: self.size_bytes,
                    holders: 0,
                };
                transaction.put(key, &record)?;
                last.iter()
                    .for_each(|(key, value)| transaction.put_bytes(key.clone(), value.clone()));
            } else if self.chunks > 0 {
                transaction.loosen_stream(self.stream);
            }
            if self.chunks > 0 {
                transaction.delete(self.ending());
            }
            let used_bytes = transaction.used(self.account)?;
            transaction.claim_blob(self.account, blob_id, self.now_ms)?;
            let has_grown = transaction.used(self.account)? > used_bytes;
            if has_grown && !transaction.is_within_quota(self.account)? {
                return Err(FinishBlobError::OverQuota);
            }
            Ok(true)
        });
        if matches!(kept, Ok(false) | Err(FinishBlobError::OverQuota)) {
            self.settled = false;
        }
        if !kept? {
            return Err(StoreError::Unavailable.into());
        }
        Ok(BlobReceipt {
            blob_id,
            size_bytes: self.size_bytes,
        })
    }
}

impl Drop for BlobWriter {
    fn drop(&mut self) {
        if self.settled || self.chunks == 0 {
            return;
        }
        let mut batch = Batch::making_room();
        batch.delete(self.ending());
        batch.put(layout::ending(0, Ending::Stream(self.stream)), []);
        if let Err(error) = self.store.apply(&batch) {
            tracing::warn!(
                code = error.code(),
                "an unfinished upload is left until its time is over"
            );
        }
    }
}

/// Key and value.
type Chunk = (Vec<u8>, Vec<u8>);

/// Cuts octets into chunks, the first with the number `first`.
fn encode_chunks(stream: StreamId, first: u32, octets: &[u8]) -> Vec<Chunk> {
    let encode = |(number, octets): (u32, &[u8])| {
        let checksum = crc32fast::hash(octets).to_be_bytes();
        (layout::chunk(stream, number), [&checksum, octets].concat())
    };
    // The last number that fits ends a blob of 14 TB.
    (first..u32::MAX)
        .zip(octets.chunks(CHUNK_BYTES))
        .map(encode)
        .collect()
}

/// A chunk's octets, if they are those that were written.
pub(super) fn decode_chunk(value: &[u8]) -> Result<&[u8], StoreError> {
    let (checksum, octets) = value.split_first_chunk().ok_or(StoreError::Corrupt)?;
    if crc32fast::hash(octets) == u32::from_be_bytes(*checksum) {
        Ok(octets)
    } else {
        Err(StoreError::Corrupt)
    }
}

/// A blob's octets, in order, in pieces of up to some hundred kilobytes. A blob that is removed while it is read ends
/// in an error, never early.
#[derive(Debug)]
pub struct BlobReader {
    store: Store,
    blob: BlobId,
    stream: StreamId,
    size_bytes: u64,
    read_bytes: u64,
    next_chunk: u32,
}

impl BlobReader {
    /// How many octets there are in all.
    #[must_use]
    pub const fn size_bytes(&self) -> u64 {
        self.size_bytes
    }

    fn read(&mut self) -> Result<Vec<u8>, StoreError> {
        let mut octets = Vec::with_capacity(CHUNKS_AT_ONCE * CHUNK_BYTES);
        // Each by its key: a scan lets sled's cache hold far more than it may (see decision 0017).
        for _ in 0..CHUNKS_AT_ONCE {
            if self.read_bytes + octets.len() as u64 >= self.size_bytes {
                break;
            }
            let key = layout::chunk(self.stream, self.next_chunk);
            let mut decoded = Ok(());
            let mut append = |chunk: &[u8]| {
                decoded = decode_chunk(chunk).map(|chunk| octets.extend_from_slice(chunk));
            };
            if !self.store.engine().view(&key, &mut append)? {
                return Err(self.missing_chunk());
            }
            decoded?;
            self.next_chunk = self.next_chunk.checked_add(1).ok_or(StoreError::Corrupt)?;
        }
        self.read_bytes += octets.len() as u64;
        if octets.is_empty() || self.read_bytes > self.size_bytes {
            return Err(self.missing_chunk());
        }
        Ok(octets)
    }

    /// A chunk of a blob that is still there is damage; one of a blob that was removed meanwhile is not.
    fn missing_chunk(&self) -> StoreError {
        match self.store.read::<BlobRecord>(&layout::blob(self.blob)) {
            Ok(Some(record)) if record.stream == self.stream.0 => StoreError::Corrupt,
            Ok(_) => StoreError::Unavailable,
            Err(error) => error,
        }
    }
}

impl Iterator for BlobReader {
    type Item = Result<Vec<u8>, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.read_bytes >= self.size_bytes {
            return None;
        }
        let piece = self.read();
        if piece.is_err() {
            self.read_bytes = self.size_bytes;
        }
        Some(piece)
    }
}

impl Store {
    /// Begins an upload.
    ///
    /// # Errors
    /// [`StoreError`] alone.
    pub fn blob_writer(&self, account: AccountId, now_ms: u64) -> Result<BlobWriter, StoreError> {
        Ok(BlobWriter {
            store: self.clone(),
            account,
            now_ms,
            stream: StreamId::begun_at(now_ms)?,
            sha256: Sha256::new(),
            size_bytes: 0,
            pending: Vec::new(),
            chunks: 0,
            settled: false,
        })
    }

    /// Gives up what the account has uploaded and named in no item. Says whether there was such a claim.
    ///
    /// # Errors
    /// [`StoreError`] alone.
    pub fn abandon_blob(&self, account: AccountId, blob: BlobId) -> Result<bool, StoreError> {
        self.transact(|transaction| {
            transaction.use_reserve();
            transaction.unclaim_blob(account, blob, u64::MAX)
        })
    }

    /// A blob that the account may read: it uploaded it and no item names it yet, or it has an item that names it.
    /// `None` for any other, whether it is there or not.
    ///
    /// # Errors
    /// [`StoreError`] alone.
    pub fn blob_reader(
        &self,
        account: AccountId,
        blob: BlobId,
    ) -> Result<Option<BlobReader>, StoreError> {
        if self
            .engine()
            .get(&layout::holding(account, blob))?
            .is_none()
        {
            return Ok(None);
        }
        let Some(stored) = self.engine().get(&layout::blob(blob))? else {
            return Ok(None);
        };
        let record = BlobRecord::decode(&stored)?;
        let (stream, size_bytes) = (StreamId(record.stream), record.size_bytes);
        self.settled(Some(BlobReader {
            store: self.clone(),
            blob,
            stream,
            size_bytes,
            read_bytes: 0,
            next_chunk: 0,
        }))
    }

    /// Deletes a stream's chunks, some at a time, and then its note for the sweep. It is no blob's any more.
    pub(super) fn free_stream(&self, stream: StreamId, note: Vec<u8>) -> Result<(), StoreError> {
        let range = layout::chunks(stream);
        loop {
            let chunks = self
                .engine()
                .scan(&range, Direction::Ascending, CHUNKS_AT_ONCE)?;
            let mut batch = Batch::making_room();
            chunks
                .iter()
                .for_each(|chunk| batch.delete(chunk.key.clone()));
            if chunks.is_empty() {
                batch.delete(note);
                return self.apply(&batch);
            }
            self.apply(&batch)?;
        }
    }

    /// Frees a stream that a transaction has loosened. What fails is left to the sweep.
    pub(super) fn free_stream_now(&self, stream: StreamId) {
        if let Err(error) = self.free_stream(stream, layout::ending(0, Ending::Stream(stream))) {
            tracing::warn!(
                code = error.code(),
                "freeing a removed blob is left to the sweep"
            );
        }
    }
}
