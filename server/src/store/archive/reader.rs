//! Reading an archive, and trusting none of it before its end.

use super::frame::{
    CHECKSUM_BYTES, END_BYTES, FORMAT_VERSION, FRAME_HEAD_BYTES, Kind, MAGIC, MAX_PAYLOAD_BYTES,
    Write, decode_writes, encode_end,
};
use super::{ArchiveCounts, ArchiveError, ArchiveHeader};
use crate::store::layout::LAYOUT_VERSION;
use sha2::{Digest as _, Sha256};
use std::io::{ErrorKind, Read};

/// Header fields of fixed length: magic, format, layout, made, length of domain.
const FIXED_HEADER_BYTES: usize = 8 + 2 + 4 + 8 + 1;

/// One frame's writes, to be applied in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Whether a scan found them; otherwise they are a batch that was applied meanwhile.
    pub is_scanned: bool,
    /// Keys with their new values; none for a key that is deleted.
    pub writes: Vec<(Vec<u8>, Option<Vec<u8>>)>,
}

/// An archive that is being read. Whether it is whole and unaltered is known when [`ArchiveReader::next_part`] has
/// given `None`, and not before.
pub struct ArchiveReader<R> {
    input: R,
    header: ArchiveHeader,
    sha256: Sha256,
    counts: ArchiveCounts,
    is_ended: bool,
}

impl<R: Read> ArchiveReader<R> {
    /// Reads the header.
    ///
    /// # Errors
    /// See [`ArchiveError`].
    pub fn open(input: R) -> Result<Self, ArchiveError> {
        let header = ArchiveHeader {
            layout: 0,
            made_ms: 0,
            domain: String::new(),
        };
        let mut reader = Self {
            input,
            header,
            sha256: Sha256::new(),
            counts: ArchiveCounts::default(),
            is_ended: false,
        };
        reader.header = reader.read_header()?;
        Ok(reader)
    }

    /// What the archive says of itself.
    #[must_use]
    pub fn header(&self) -> &ArchiveHeader {
        &self.header
    }

    /// What was read so far, and after the end what the archive holds.
    #[must_use]
    pub fn counts(&self) -> ArchiveCounts {
        self.counts
    }

    /// The next writes; `None` at the end of an archive that is whole and unaltered.
    ///
    /// # Errors
    /// See [`ArchiveError`].
    pub fn next_part(&mut self) -> Result<Option<Part>, ArchiveError> {
        if self.is_ended {
            return Ok(None);
        }
        let damaged = ArchiveError::Damaged {
            at_bytes: self.counts.len_bytes,
        };
        let Some((kind, frame)) = self.read_frame()? else {
            return Err(damaged);
        };
        let payload = frame
            .get(FRAME_HEAD_BYTES..frame.len() - CHECKSUM_BYTES)
            .unwrap_or_default();
        if kind == Kind::End {
            return self.end(payload, damaged).map(|()| None);
        }
        self.sha256.update(&frame);
        let writes = decode_writes(payload).ok_or(damaged)?;
        self.count(kind, &writes)?;
        Ok(Some(Part {
            is_scanned: kind == Kind::Entries,
            writes,
        }))
    }

    /// Reads to the end, and says what the archive holds. `watch` is told how far it has come, in bytes.
    ///
    /// # Errors
    /// See [`ArchiveError`].
    pub fn verify(mut self, mut watch: impl FnMut(u64)) -> Result<ArchiveCounts, ArchiveError> {
        while self.next_part()?.is_some() {
            watch(self.counts.len_bytes);
        }
        Ok(self.counts)
    }

    fn read_header(&mut self) -> Result<ArchiveHeader, ArchiveError> {
        let magic = self.read(MAGIC.len()).map_err(|error| match error {
            ArchiveError::Truncated { .. } => ArchiveError::Foreign,
            other => other,
        })?;
        if magic != MAGIC {
            return Err(ArchiveError::Foreign);
        }
        let fixed = self.read(FIXED_HEADER_BYTES - MAGIC.len())?;
        let damaged = || ArchiveError::Damaged { at_bytes: 0 };
        let (format, rest) = fixed.split_first_chunk().ok_or_else(damaged)?;
        let found = u16::from_be_bytes(*format);
        if found != FORMAT_VERSION {
            return Err(ArchiveError::NewerFormat { found });
        }
        let (layout, rest) = rest.split_first_chunk().ok_or_else(damaged)?;
        let (made_ms, rest) = rest.split_first_chunk().ok_or_else(damaged)?;
        let domain_len = rest.first().copied().ok_or_else(damaged)?;
        let domain = self.read(usize::from(domain_len))?;
        let bytes = [&magic[..], &fixed, &domain].concat();
        let checksum = self.read(CHECKSUM_BYTES)?;
        if checksum != crc32fast::hash(&bytes).to_be_bytes() {
            return Err(damaged());
        }
        self.sha256.update(&bytes);
        self.sha256.update(&checksum);
        let layout = u32::from_be_bytes(*layout);
        if layout > LAYOUT_VERSION {
            return Err(ArchiveError::NewerLayout {
                found: layout,
                supported: LAYOUT_VERSION,
            });
        }
        Ok(ArchiveHeader {
            layout,
            made_ms: u64::from_be_bytes(*made_ms),
            domain: String::from_utf8(domain).map_err(|_| damaged())?,
        })
    }

    /// The next frame, whole, if its checksum is right.
    fn read_frame(&mut self) -> Result<Option<(Kind, Vec<u8>)>, ArchiveError> {
        let mut frame = self.read(FRAME_HEAD_BYTES)?;
        let kind = frame.first().copied().and_then(Kind::of);
        let len = frame.last_chunk().copied().map(u32::from_be_bytes);
        let len = len.and_then(|len| usize::try_from(len).ok());
        let (Some(kind), Some(len)) = (kind, len.filter(|len| *len <= MAX_PAYLOAD_BYTES)) else {
            return Ok(None);
        };
        frame.extend(self.read(len)?);
        let checksum = self.read(CHECKSUM_BYTES)?;
        let is_sound = checksum == crc32fast::hash(&frame).to_be_bytes();
        frame.extend(checksum);
        Ok(is_sound.then_some((kind, frame)))
    }

    fn count(&mut self, kind: Kind, writes: &[Write]) -> Result<(), ArchiveError> {
        let count = writes.len() as u64;
        if kind == Kind::Batch {
            self.counts.batches += 1;
            self.counts.writes += count;
            return Ok(());
        }
        self.counts.entries += count;
        if writes.iter().all(|(_, value)| value.is_some()) {
            Ok(())
        } else {
            Err(ArchiveError::Damaged {
                at_bytes: self.counts.len_bytes,
            })
        }
    }

    /// Compares the end with what was read; nothing may come after it.
    fn end(&mut self, payload: &[u8], damaged: ArchiveError) -> Result<(), ArchiveError> {
        let sha256 = self.sha256.clone().finalize().into();
        let expected = encode_end(&self.counts, &sha256);
        let is_last = self.input.read(&mut [0]).map_err(ArchiveError::Io)? == 0;
        if payload.len() != END_BYTES || payload != expected || !is_last {
            return Err(damaged);
        }
        self.is_ended = true;
        Ok(())
    }

    fn read(&mut self, len_bytes: usize) -> Result<Vec<u8>, ArchiveError> {
        let mut bytes = Vec::new();
        let limit = len_bytes as u64;
        let read = self.input.by_ref().take(limit).read_to_end(&mut bytes);
        self.counts.len_bytes += bytes.len() as u64;
        match read {
            Ok(read) if read == len_bytes => Ok(bytes),
            Ok(_) => Err(ArchiveError::Truncated {
                at_bytes: self.counts.len_bytes,
            }),
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => {
                Err(ArchiveError::Truncated {
                    at_bytes: self.counts.len_bytes,
                })
            }
            Err(error) => Err(ArchiveError::Io(error)),
        }
    }
}

impl<R> std::fmt::Debug for ArchiveReader<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ArchiveReader")
            .field("counts", &self.counts)
            .finish_non_exhaustive()
    }
}
