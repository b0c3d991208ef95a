//! Writing an archive.

use super::frame::{Kind, encode_end, encode_frame, encode_header, push_write};
use super::{ArchiveCounts, ArchiveHeader};
use crate::store::engine::Entry;
use sha2::{Digest as _, Sha256};
use std::io::{self, Write};

/// An archive under way. What is not finished has no end, and is refused by every reader.
pub(in crate::store) struct ArchiveWriter<W> {
    out: W,
    sha256: Sha256,
    counts: ArchiveCounts,
}

impl<W: Write> ArchiveWriter<W> {
    /// Begins an archive.
    pub(in crate::store) fn begin(out: W, header: &ArchiveHeader) -> io::Result<Self> {
        let mut writer = Self {
            out,
            sha256: Sha256::new(),
            counts: ArchiveCounts::default(),
        };
        writer.write(&encode_header(header))?;
        Ok(writer)
    }

    /// Adds entries that a scan found, up to [`MAX_PAYLOAD_BYTES`](super::MAX_PAYLOAD_BYTES) of them.
    pub(in crate::store) fn entries(&mut self, entries: &[Entry]) -> io::Result<()> {
        let mut payload = Vec::new();
        for Entry { key, value } in entries {
            push_write(&mut payload, key, Some(value));
        }
        self.counts.entries += entries.len() as u64;
        self.write(&encode_frame(Kind::Entries, &payload))
    }

    /// Adds a batch: `writes` of them, made by [`push_write`].
    pub(in crate::store) fn batch(&mut self, writes: u64, payload: &[u8]) -> io::Result<()> {
        self.counts.batches += 1;
        self.counts.writes += writes;
        self.write(&encode_frame(Kind::Batch, payload))
    }

    /// Ends the archive, and says what it holds.
    pub(in crate::store) fn finish(mut self) -> io::Result<ArchiveCounts> {
        let sha256 = self.sha256.clone().finalize().into();
        let end = encode_frame(Kind::End, &encode_end(&self.counts, &sha256));
        self.write(&end)?;
        self.out.flush()?;
        Ok(self.counts)
    }

    /// How much was written so far.
    pub(in crate::store) fn len_bytes(&self) -> u64 {
        self.counts.len_bytes
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.sha256.update(bytes);
        self.counts.len_bytes += bytes.len() as u64;
        self.out.write_all(bytes)
    }
}
