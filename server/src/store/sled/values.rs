//! How keys and values are laid into sled's one tree. Engine format 1.
//!
//! | sled key | sled value |
//! |---|---|
//! | 1, key | head: 0, the value (up to [`PIECE_BYTES`]) |
//! | 1, key | head: 1, length (`u32` big-endian), SHA-256 of the value (longer values) |
//! | 0, length of key (`u16` big-endian), key, SHA-256, number (`u16` big-endian) | piece of the value |
//!
//! Pieces are named by what they are pieces of, so that a reader who holds an older head never mixes two values: it
//! finds its pieces, or finds that they are gone. Values compare by their heads alone.

use crate::store::StoreError;
use crate::store::engine::KeyRange;
use sha2::{Digest as _, Sha256};
use std::ops::Range;

/// Longest value in sled. Below 3.5 kB its cache keeps its limit and it makes no blob files.
pub(super) const PIECE_BYTES: usize = 3_490;

const PIECE_SPACE: u8 = 0;
const HEAD_SPACE: u8 = 1;
const WHOLE: u8 = 0;
const SPLIT: u8 = 1;

/// A head's sled key.
pub(super) fn head_key(key: &[u8]) -> Vec<u8> {
    [&[HEAD_SPACE], key].concat()
}

/// The key that a head's sled key holds.
pub(super) fn key_of(head: &[u8]) -> &[u8] {
    head.get(1..).unwrap_or_default()
}

/// The heads of a range.
pub(super) fn head_range(range: &KeyRange) -> Range<Vec<u8>> {
    head_key(&range.start)..head_key(&range.end)
}

/// What a head says.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum StoredValue {
    /// The value itself.
    Whole(Vec<u8>),
    /// That the value is in pieces.
    Split(SplitValue),
}

/// A value in pieces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct SplitValue {
    len_bytes: u32,
    sha256: [u8; 32],
}

impl StoredValue {
    /// How a value is stored.
    pub(super) fn of(value: &[u8]) -> Self {
        match u32::try_from(value.len()) {
            Ok(len_bytes) if value.len() > PIECE_BYTES => Self::Split(SplitValue {
                len_bytes,
                sha256: Sha256::digest(value).into(),
            }),
            _ => Self::Whole(value.to_vec()),
        }
    }

    /// The head's bytes.
    pub(super) fn encode(&self) -> Vec<u8> {
        match self {
            Self::Whole(value) => [&[WHOLE], value.as_slice()].concat(),
            Self::Split(split) => {
                [&[SPLIT], &split.len_bytes.to_be_bytes()[..], &split.sha256].concat()
            }
        }
    }

    /// Reads a head.
    pub(super) fn decode(head: &[u8]) -> Result<Self, StoreError> {
        let whole = || Self::Whole(head.get(1..).unwrap_or_default().to_vec());
        Ok(split_of(head)?.map_or_else(whole, Self::Split))
    }
}

/// Which pieces a head speaks of; `None` when it is the value itself, which is not copied.
pub(super) fn split_of(head: &[u8]) -> Result<Option<SplitValue>, StoreError> {
    match head.split_first() {
        Some((&WHOLE, _)) => Ok(None),
        Some((&SPLIT, fields)) => {
            let (len_bytes, sha256) = fields.split_first_chunk().ok_or(StoreError::Corrupt)?;
            let sha256 = sha256.try_into().map_err(|_| StoreError::Corrupt)?;
            Ok(Some(SplitValue {
                len_bytes: u32::from_be_bytes(*len_bytes),
                sha256,
            }))
        }
        _ => Err(StoreError::Corrupt),
    }
}

/// The value itself, not copied, if that is what the head is.
pub(super) fn whole_of(head: &[u8]) -> Result<Option<&[u8]>, StoreError> {
    Ok(match split_of(head)? {
        None => head.get(1..),
        Some(_) => None,
    })
}

impl SplitValue {
    fn piece_key(self, key: &[u8], number: u16) -> Vec<u8> {
        let key_len = u16::try_from(key.len()).unwrap_or(u16::MAX).to_be_bytes();
        [
            &[PIECE_SPACE],
            &key_len[..],
            key,
            &self.sha256,
            &number.to_be_bytes(),
        ]
        .concat()
    }

    /// The pieces' sled keys, in order.
    pub(super) fn piece_keys(self, key: &[u8]) -> impl Iterator<Item = Vec<u8>> {
        let count = (self.len_bytes as usize).div_ceil(PIECE_BYTES);
        (0..=u16::MAX)
            .take(count)
            .map(move |number| self.piece_key(key, number))
    }

    /// The pieces of `value`, which is the one this describes, each with its sled key.
    pub(super) fn pieces<'value>(
        self,
        key: &[u8],
        value: &'value [u8],
    ) -> impl Iterator<Item = (Vec<u8>, &'value [u8])> {
        self.piece_keys(key).zip(value.chunks(PIECE_BYTES))
    }

    /// Puts the value together; `None` when its pieces are not all there, or not as they were.
    pub(super) fn assemble<P: AsRef<[u8]>>(
        self,
        key: &[u8],
        piece: impl Fn(Vec<u8>) -> Result<Option<P>, StoreError>,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let mut value = Vec::with_capacity(self.len_bytes as usize);
        for piece_key in self.piece_keys(key) {
            let Some(piece) = piece(piece_key)? else {
                return Ok(None);
            };
            value.extend_from_slice(piece.as_ref());
        }
        let sha256: [u8; 32] = Sha256::digest(&value).into();
        Ok((sha256 == self.sha256).then_some(value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_split_just_above_the_limit() {
        assert!(matches!(
            StoredValue::of(&[7; PIECE_BYTES]),
            StoredValue::Whole(_)
        ));
        let value = [7; PIECE_BYTES + 1];
        let StoredValue::Split(split) = StoredValue::of(&value) else {
            panic!("not split")
        };
        let lengths: Vec<usize> = split
            .pieces(b"key", &value)
            .map(|(_, piece)| piece.len())
            .collect();
        assert_eq!(lengths, [PIECE_BYTES, 1]);
    }

    #[test]
    fn no_sled_value_reaches_3500_bytes() {
        assert!(StoredValue::of(&[0; PIECE_BYTES]).encode().len() < 3_500);
    }

    #[test]
    fn heads_and_piece_keys_stay_as_they_are() {
        assert_eq!(StoredValue::of(b"ab").encode(), b"\0ab");
        let StoredValue::Split(split) = StoredValue::of(&[0; 4_000]) else {
            panic!("not split")
        };
        let head = StoredValue::Split(split).encode();
        assert_eq!(head[..5], [1, 0, 0, 0x0f, 0xa0]);
        assert_eq!(StoredValue::decode(&head), Ok(StoredValue::Split(split)));
        let second = split.piece_keys(b"key").nth(1).unwrap();
        assert_eq!(
            second,
            [&[0, 0, 3], &b"key"[..], &split.sha256, &[0, 1]].concat()
        );
    }

    #[test]
    fn a_changed_piece_is_noticed() {
        let value = [7; 4_000];
        let StoredValue::Split(split) = StoredValue::of(&value) else {
            panic!("not split")
        };
        let whole = split.assemble(b"key", |key| {
            Ok(split
                .pieces(b"key", &value)
                .find(|piece| piece.0 == key)
                .map(|piece| piece.1))
        });
        assert_eq!(whole, Ok(Some(value.to_vec())));
        assert_eq!(split.assemble(b"key", |_| Ok(Some([7; 3]))), Ok(None));
    }

    #[test]
    fn a_malformed_head_is_damage() {
        for head in [&b""[..], b"\x02", b"\x01", b"\x01\0\0\0\x01short"] {
            assert_eq!(
                StoredValue::decode(head),
                Err(StoreError::Corrupt),
                "{head:?}"
            );
        }
    }
}
