//! Batches that are applied as one of sled's.
//!
//! Each batch of sled's costs two writes to the disk, however small it is: one before its manifest and one behind it.
//! So batches that wait at the same time become one. Each is checked against what those before it leave, as if it
//! came after them; one whose assertions do not hold adds nothing.

use super::headroom::Demand;
use super::values::{SplitValue, StoredValue, head_key, split_of};
use crate::store::StoreError;
use crate::store::engine::{ApplyError, Batch, Expected};
use sled::IVec;
use std::collections::{BTreeMap, HashMap};

/// A batch in sled's own keys and values, worked out before its turn.
#[derive(Debug)]
pub(super) struct Prepared {
    /// Heads that must be as they are here.
    expected: Vec<(IVec, Option<IVec>)>,
    written: Vec<Written>,
    /// What it asks of the disk.
    pub(super) demand: Demand,
}

/// What becomes of a key.
#[derive(Debug)]
struct Written {
    key: Vec<u8>,
    head_key: IVec,
    head: Option<IVec>,
    split: Option<SplitValue>,
    pieces: Vec<(IVec, IVec)>,
}

impl Prepared {
    /// A batch's. The last write of a key stands.
    pub(super) fn of(batch: &Batch) -> Self {
        let expected = batch.assertions.iter().map(|(key, expected)| {
            let head = match expected {
                Expected::Absent => None,
                Expected::Value(value) => Some(StoredValue::of(value).encode().into()),
            };
            (head_key(key).into(), head)
        });
        let last_writes: BTreeMap<&[u8], Option<&[u8]>> = batch
            .writes
            .iter()
            .map(|(key, value)| (key.as_slice(), value.as_deref()))
            .collect();
        Self {
            demand: Demand::of(batch),
            expected: expected.collect(),
            written: last_writes
                .into_iter()
                .map(|(key, value)| Written::of(key, value))
                .collect(),
        }
    }

    /// Whether it only checks.
    fn writes(&self) -> bool {
        !self.written.is_empty()
    }
}

impl Written {
    fn of(key: &[u8], value: Option<&[u8]>) -> Self {
        let stored = value.map(StoredValue::of);
        let split = match stored {
            Some(StoredValue::Split(split)) => Some(split),
            _ => None,
        };
        let pieces = split.zip(value).map(|(split, value)| {
            let pieces = split.pieces(key, value);
            pieces.map(|(key, piece)| (key.into(), piece.into()))
        });
        Self {
            key: key.to_vec(),
            head_key: head_key(key).into(),
            head: stored.map(|stored| stored.encode().into()),
            split,
            pieces: pieces.into_iter().flatten().collect(),
        }
    }
}

/// The batches taken so far.
pub(super) struct Joint<'tree> {
    tree: &'tree ::sled::Tree,
    /// Heads that they leave.
    heads: HashMap<IVec, Option<IVec>>,
    batch: ::sled::Batch,
    writes: bool,
}

impl<'tree> Joint<'tree> {
    /// Over what is in the tree. Nothing but these batches may write to it.
    pub(super) fn over(tree: &'tree ::sled::Tree) -> Self {
        Self {
            tree,
            heads: HashMap::new(),
            batch: ::sled::Batch::default(),
            writes: false,
        }
    }

    /// Takes one more batch, whole or not at all.
    pub(super) fn add(&mut self, prepared: Prepared) -> Result<(), ApplyError> {
        for (key, expected) in &prepared.expected {
            if self.head(key)? != *expected {
                return Err(ApplyError::Conflict);
            }
        }
        let replaced: Vec<Option<SplitValue>> = prepared
            .written
            .iter()
            .map(|written| match self.head(&written.head_key)? {
                Some(head) => split_of(&head),
                None => Ok(None),
            })
            .collect::<Result<_, StoreError>>()?;
        self.writes |= prepared.writes();
        for (written, replaced) in prepared.written.into_iter().zip(replaced) {
            self.write(written, replaced);
        }
        Ok(())
    }

    fn head(&self, key: &IVec) -> Result<Option<IVec>, StoreError> {
        match self.heads.get(key) {
            Some(head) => Ok(head.clone()),
            None => self
                .tree
                .get(key)
                .map_err(|error| super::store_error(&error)),
        }
    }

    fn write(&mut self, written: Written, replaced: Option<SplitValue>) {
        if let Some(old) = replaced.filter(|_| replaced != written.split) {
            old.piece_keys(&written.key)
                .for_each(|piece| self.batch.remove(piece));
        }
        for (key, piece) in written.pieces {
            self.batch.insert(key, piece);
        }
        match written.head.clone() {
            Some(head) => self.batch.insert(written.head_key.clone(), head),
            None => self.batch.remove(written.head_key.clone()),
        }
        self.heads.insert(written.head_key, written.head);
    }

    /// All that is written; `None` when nothing is.
    pub(super) fn into_batch(self) -> Option<::sled::Batch> {
        self.writes.then_some(self.batch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree() -> ::sled::Db {
        ::sled::Config::new().temporary(true).open().unwrap()
    }

    fn put(key: &[u8], value: &[u8]) -> Batch {
        let mut batch = Batch::default();
        batch.put(key, value);
        batch
    }

    fn asserting(key: &[u8], expected: Expected, mut batch: Batch) -> Batch {
        batch.assert(key, expected);
        batch
    }

    #[test]
    fn each_batch_is_checked_against_those_before_it() {
        let tree = tree();
        let mut joint = Joint::over(&tree);
        let first = asserting(b"key", Expected::Absent, put(b"key", b"1"));
        assert_eq!(joint.add(Prepared::of(&first)), Ok(()));
        let refused = asserting(b"key", Expected::Absent, put(b"other", b"2"));
        assert_eq!(joint.add(Prepared::of(&refused)), Err(ApplyError::Conflict));
        let last = asserting(b"key", Expected::Value(b"1".to_vec()), put(b"key", b"3"));
        assert_eq!(joint.add(Prepared::of(&last)), Ok(()));
        tree.apply_batch(joint.into_batch().unwrap()).unwrap();
        assert_eq!(tree.len(), 1);
        assert_eq!(tree.get(head_key(b"key")).unwrap().unwrap(), b"\x003");
    }

    #[test]
    fn the_pieces_of_what_a_later_batch_replaces_are_not_written() {
        let tree = tree();
        let mut joint = Joint::over(&tree);
        for value in [&[1; 4_000][..], &[2; 8_000], b"short"] {
            assert_eq!(joint.add(Prepared::of(&put(b"key", value))), Ok(()));
        }
        tree.apply_batch(joint.into_batch().unwrap()).unwrap();
        assert_eq!(tree.len(), 1);
    }

    #[test]
    fn what_only_checks_writes_nothing() {
        let tree = tree();
        let mut joint = Joint::over(&tree);
        let check = asserting(b"key", Expected::Absent, Batch::default());
        assert_eq!(joint.add(Prepared::of(&check)), Ok(()));
        assert!(joint.into_batch().is_none());
    }
}
