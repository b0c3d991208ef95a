//! The bytes of an archive. Archive format 1; numbers are big-endian.
//!
//! | part | bytes |
//! |---|---|
//! | header | `SMAILBAK`, format `u16`, layout `u32`, made in ms `u64`, length of domain `u8`, domain, CRC-32 of all before |
//! | frame | kind `u8`, length of payload `u32`, payload, CRC-32 of all of the frame before it |
//! | payload of kinds 1 (entries) and 2 (batch) | writes, one after another |
//! | write | `u8`: 1 put, 0 delete; length of key `u16`, key; for a put length of value `u32`, value |
//! | payload of kind 3 (end) | entries `u64`, batches `u64`, writes in batches `u64`, SHA-256 of all before this frame |

use super::{ArchiveCounts, ArchiveHeader};

pub(super) const MAGIC: [u8; 8] = *b"SMAILBAK";
pub(super) const FORMAT_VERSION: u16 = 1;
/// Longest payload of a frame.
pub(in crate::store) const MAX_PAYLOAD_BYTES: usize = 16 * 1024 * 1024;
/// Longest key and value of an engine.
const MAX_KEY_BYTES: usize = 256;
const MAX_VALUE_BYTES: usize = 1024 * 1024;

/// Kind and length of a payload.
pub(super) const FRAME_HEAD_BYTES: usize = 5;
/// A CRC-32.
pub(super) const CHECKSUM_BYTES: usize = 4;
/// Three counts and a SHA-256.
pub(super) const END_BYTES: usize = 3 * 8 + 32;

/// A key with its new value, or none when it is deleted.
pub(super) type Write = (Vec<u8>, Option<Vec<u8>>);

/// What a frame holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Entries = 1,
    Batch = 2,
    End = 3,
}

impl Kind {
    pub(super) const fn of(byte: u8) -> Option<Self> {
        match byte {
            1 => Some(Self::Entries),
            2 => Some(Self::Batch),
            3 => Some(Self::End),
            _ => None,
        }
    }
}

/// A header's bytes. A domain has 255 bytes at most.
pub(super) fn encode_header(header: &ArchiveHeader) -> Vec<u8> {
    let domain = header.domain.as_bytes();
    let domain = domain.get(..usize::from(u8::MAX)).unwrap_or(domain);
    let mut bytes = [
        &MAGIC[..],
        &FORMAT_VERSION.to_be_bytes(),
        &header.layout.to_be_bytes(),
        &header.made_ms.to_be_bytes(),
        &[u8::try_from(domain.len()).unwrap_or(u8::MAX)],
        domain,
    ]
    .concat();
    let checksum = crc32fast::hash(&bytes);
    bytes.extend_from_slice(&checksum.to_be_bytes());
    bytes
}

/// A frame's bytes.
pub(super) fn encode_frame(kind: Kind, payload: &[u8]) -> Vec<u8> {
    let len_bytes = u32::try_from(payload.len()).unwrap_or(u32::MAX);
    let mut bytes = Vec::with_capacity(FRAME_HEAD_BYTES + payload.len() + CHECKSUM_BYTES);
    bytes.push(kind as u8);
    bytes.extend_from_slice(&len_bytes.to_be_bytes());
    bytes.extend_from_slice(payload);
    let checksum = crc32fast::hash(&bytes);
    bytes.extend_from_slice(&checksum.to_be_bytes());
    bytes
}

/// The end's payload.
pub(super) fn encode_end(counts: &ArchiveCounts, sha256: &[u8; 32]) -> Vec<u8> {
    let numbers = [counts.entries, counts.batches, counts.writes].map(u64::to_be_bytes);
    [&numbers.concat()[..], sha256].concat()
}

/// Adds one write to a payload.
pub(in crate::store) fn push_write(payload: &mut Vec<u8>, key: &[u8], value: Option<&[u8]>) {
    let len = |bytes: &[u8]| u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    payload.push(u8::from(value.is_some()));
    payload.extend_from_slice(&u16::try_from(key.len()).unwrap_or(u16::MAX).to_be_bytes());
    payload.extend_from_slice(key);
    if let Some(value) = value {
        payload.extend_from_slice(&len(value).to_be_bytes());
        payload.extend_from_slice(value);
    }
}

/// The writes of a payload; `None` when they are not sound.
pub(super) fn decode_writes(mut payload: &[u8]) -> Option<Vec<Write>> {
    let mut writes = Vec::new();
    while let Some((&is_put, rest)) = payload.split_first() {
        let (len, rest) = rest.split_first_chunk()?;
        let (key, rest) = rest.split_at_checked(usize::from(u16::from_be_bytes(*len)))?;
        if key.is_empty() || key.len() > MAX_KEY_BYTES {
            return None;
        }
        let (value, rest) = match is_put {
            0 => (None, rest),
            1 => {
                let (len, rest) = rest.split_first_chunk()?;
                let len = usize::try_from(u32::from_be_bytes(*len)).ok()?;
                let (value, rest) = rest.split_at_checked(len)?;
                (Some(value.to_vec()), rest)
            }
            _ => return None,
        };
        if value
            .as_ref()
            .is_some_and(|value| value.len() > MAX_VALUE_BYTES)
        {
            return None;
        }
        writes.push((key.to_vec(), value));
        payload = rest;
    }
    Some(writes)
}
