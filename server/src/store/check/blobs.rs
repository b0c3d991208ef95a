//! Blobs: who holds them, and every octet of them.

use super::endings::Endings;
use super::{Check, CheckStep, Fault, StreamName};
use crate::store::StoreError;
use crate::store::blobs::decode_chunk;
use crate::store::engine::{Batch, Entry, KeyRange};
use crate::store::layout::{self, Ending, StreamId};
use crate::store::records::{BlobRecord, Record as _};
use sha2::{Digest as _, Sha256};
use smail_protocol::BlobId;
use std::iter::Peekable;
use std::vec::IntoIter;

/// A blob's stream.
#[derive(Debug, Clone, Copy)]
pub(super) struct BlobStream {
    stream: [u8; 16],
    blob: BlobId,
    size_bytes: u64,
}

impl Check<'_> {
    /// Compares each blob's number of holders with those who do, each blob once for each; gives all streams in order.
    pub(super) fn blobs(
        &mut self,
        mut holders: Vec<BlobId>,
    ) -> Result<Vec<BlobStream>, StoreError> {
        holders.sort_unstable();
        let mut holders = holders.into_iter().peekable();
        let mut streams = Vec::new();
        self.each(&KeyRange::prefix(b"b"), |check, entry| {
            let Some(blob) = entry.key.last_chunk().copied().map(BlobId::from_sha256) else {
                return Ok(());
            };
            check.report.blobs += 1;
            let found = count_of(&mut holders, blob);
            let Some(record) = check.decode::<BlobRecord>("blob", &entry) else {
                return Ok(());
            };
            if found > 0 || !check.repairs {
                streams.push(BlobStream {
                    stream: record.stream,
                    blob,
                    size_bytes: record.size_bytes,
                });
            }
            check.holders(blob, record, found)
        })?;
        streams.sort_unstable_by_key(|stream| stream.stream);
        Ok(streams)
    }

    fn holders(&mut self, blob: BlobId, record: BlobRecord, found: u64) -> Result<(), StoreError> {
        let mut repair = Batch::default();
        if found == 0 {
            // Its chunks are stray from now on, and go when they are looked at.
            repair.delete(layout::blob(blob));
            return self.repairable(&Fault::BlobOfNobody(blob), &repair);
        }
        if found == record.holders {
            return Ok(());
        }
        let fault = Fault::HolderCount(blob, record.holders, found);
        let holders = found;
        let counted = BlobRecord { holders, ..record };
        repair.put(layout::blob(blob), counted.encode()?);
        self.repairable(&fault, &repair)
    }

    /// Reads every chunk there is, along with the blobs that they are of.
    pub(super) fn chunks(
        &mut self,
        blobs: Vec<BlobStream>,
        endings: &Endings,
    ) -> Result<(), StoreError> {
        let mut blobs = blobs.into_iter().peekable();
        let mut reading: Option<Reading> = None;
        let mut stray = None;
        self.each(&KeyRange::prefix(b"d"), |check, entry| {
            (check.watch)(&CheckStep::Reading(&entry.key));
            let Some((stream, number)) = layout::chunk_of(&entry.key) else {
                check.broken(&Fault::UnknownKey(super::hex(&entry.key)));
                return Ok(());
            };
            if reading.as_ref().map(|reading| reading.of.stream) != Some(stream.0) {
                check.end(reading.take());
                check.skip(&mut blobs, stream);
                reading = blobs
                    .next_if(|blob| blob.stream == stream.0)
                    .map(Reading::new);
            }
            match &mut reading {
                Some(reading) => reading.chunk(check, number, &entry),
                None if stray != Some(stream) => {
                    stray = Some(stream);
                    check.stray(stream, endings)?;
                }
                None => {}
            }
            Ok(())
        })?;
        self.end(reading);
        for blob in blobs {
            self.end(Some(Reading::new(blob)));
        }
        Ok(())
    }

    /// Blobs before this stream, of which there is no chunk.
    fn skip(&mut self, blobs: &mut Peekable<IntoIter<BlobStream>>, stream: StreamId) {
        while let Some(blob) = blobs.next_if(|blob| blob.stream < stream.0) {
            self.end(Some(Reading::new(blob)));
        }
    }

    fn end(&mut self, reading: Option<Reading>) {
        if let Some(reading) = reading {
            reading.end(self);
        }
    }

    /// A stream that is no blob's: an upload under way is noted to end, or else it is freed.
    fn stray(&mut self, stream: StreamId, endings: &Endings) -> Result<(), StoreError> {
        if endings.streams.contains(&stream.0) {
            return Ok(());
        }
        let note = layout::ending(0, Ending::Stream(stream));
        let mut repair = Batch::default();
        repair.put(note.clone(), []);
        self.repairable(&Fault::StrayChunks(StreamName(stream)), &repair)?;
        if self.repairs {
            self.store.free_stream(stream, note)?;
        }
        Ok(())
    }
}

/// A blob that is being read.
struct Reading {
    of: BlobStream,
    next_chunk: u32,
    size_bytes: u64,
    sha256: Sha256,
    is_broken: bool,
}

impl Reading {
    fn new(of: BlobStream) -> Self {
        Self {
            of,
            next_chunk: 0,
            size_bytes: 0,
            sha256: Sha256::new(),
            is_broken: false,
        }
    }

    fn chunk(&mut self, check: &mut Check<'_>, number: u32, entry: &Entry) {
        let blob = self.of.blob;
        for missing in self.next_chunk..number {
            self.is_broken = true;
            check.broken(&Fault::ChunkMissing(blob, missing));
        }
        self.next_chunk = number.saturating_add(1);
        match decode_chunk(&entry.value) {
            Ok(octets) => {
                self.size_bytes += octets.len() as u64;
                self.sha256.update(octets);
            }
            Err(_) => {
                self.is_broken = true;
                check.broken(&Fault::ChunkDamaged(blob, number));
            }
        }
    }

    /// One fault for each chunk was enough; otherwise the whole is compared.
    fn end(self, check: &mut Check<'_>) {
        let BlobStream {
            blob, size_bytes, ..
        } = self.of;
        if self.is_broken {
            return;
        }
        if self.size_bytes != size_bytes {
            check.broken(&Fault::BlobSize(blob, size_bytes, self.size_bytes));
        } else if BlobId::from_sha256(self.sha256.finalize().into()) != blob {
            check.broken(&Fault::BlobDigest(blob));
        }
    }
}

/// How often a blob comes next; those before it are of blobs that are not there.
fn count_of(holders: &mut Peekable<IntoIter<BlobId>>, blob: BlobId) -> u64 {
    while holders.next_if(|held| *held < blob).is_some() {}
    let mut count = 0;
    while holders.next_if(|held| *held == blob).is_some() {
        count += 1;
    }
    count
}
