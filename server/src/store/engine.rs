//! The ordered key-value engine that everything else in the store stands on.
//!
//! An engine knows nothing of mail. It must be *linearizable*: once [`Engine::apply`] has returned, every later
//! [`Engine::get`] and [`Engine::scan`] of any thread sees all of the batch; before, all or none of it. A scan sees each
//! batch whole or not at all **per entry**: entries of a batch that is applied during the scan may be seen in part.
//!
//! **Seen is not yet safe.** What readers see may still be lost with power, and its place taken by something else.
//! Whoever passes on what was read calls [`Engine::sync`] with [`Engine::applied`] first, both *after* reading: the
//! ticket is at least that of every batch that could be seen by then.
//!
//! **Bounds.** Keys have 1 to [`MAX_KEY_BYTES`] bytes, values up to [`MAX_VALUE_BYTES`]; a batch outside them is refused
//! as [`StoreError::OutOfBounds`]. A key outside them has no value. An engine that must cut values into pieces does so
//! unseen.

use super::StoreError;

/// Longest key, in bytes.
pub const MAX_KEY_BYTES: usize = 256;
/// Longest value, in bytes.
pub const MAX_VALUE_BYTES: usize = 1024 * 1024;

/// One key with its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The key.
    pub key: Vec<u8>,
    /// The value.
    pub value: Vec<u8>,
}

/// Which way a scan walks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// From the lowest key up.
    Ascending,
    /// From the highest key down.
    Descending,
}

/// Keys from `start` (included) to `end` (excluded), in the order of their bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyRange {
    /// The lowest key in the range.
    pub start: Vec<u8>,
    /// The lowest key above the range.
    pub end: Vec<u8>,
}

impl KeyRange {
    /// Every key that begins with `prefix`, which is not empty and has a byte other than 0xff.
    #[must_use]
    pub fn prefix(prefix: &[u8]) -> Self {
        let mut end = prefix.to_vec();
        while let Some(last) = end.pop() {
            if last < u8::MAX {
                end.push(last + 1);
                break;
            }
        }
        Self {
            start: prefix.to_vec(),
            end,
        }
    }

    /// Whether no key can be in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.start >= self.end
    }
}

/// What must be true of a key for a batch to be applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expected {
    /// The key has no value.
    Absent,
    /// The key has exactly this value.
    Value(Vec<u8>),
}

/// How much of the disk's free space a batch may use.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Room {
    /// All but the reserve: what adds to the data.
    #[default]
    Ordinary,
    /// A part of the reserve too: what removes or replaces data, and what somebody needs for getting there. So a person
    /// can make room while the disk is full.
    Reserve,
}

/// Assertions, puts and deletes, carried out all or not at all. Each key is written once at most: the last write of a
/// key in the batch stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Batch {
    /// What must be true, in any order.
    pub assertions: Vec<(Vec<u8>, Expected)>,
    /// What is written: a value, or none to delete the key (deleting an absent key is no error).
    pub writes: Vec<(Vec<u8>, Option<Vec<u8>>)>,
    /// How much of the disk's free space it may use.
    pub room: Room,
}

impl Batch {
    /// An empty batch that may use the reserve.
    #[must_use]
    pub fn making_room() -> Self {
        Self {
            room: Room::Reserve,
            ..Self::default()
        }
    }

    /// Adds an assertion.
    pub fn assert(&mut self, key: impl Into<Vec<u8>>, expected: Expected) {
        self.assertions.push((key.into(), expected));
    }

    /// Adds a put.
    pub fn put(&mut self, key: impl Into<Vec<u8>>, value: impl Into<Vec<u8>>) {
        self.writes.push((key.into(), Some(value.into())));
    }

    /// Adds a delete.
    pub fn delete(&mut self, key: impl Into<Vec<u8>>) {
        self.writes.push((key.into(), None));
    }

    /// Refuses keys and values outside the bounds. For engines, first of all in [`Engine::apply`].
    ///
    /// # Errors
    /// [`StoreError::OutOfBounds`].
    pub fn check_bounds(&self) -> Result<(), StoreError> {
        let is_key = |key: &[u8]| (1..=MAX_KEY_BYTES).contains(&key.len());
        let is_value = |value: &[u8]| value.len() <= MAX_VALUE_BYTES;
        let writes = self
            .writes
            .iter()
            .all(|(key, value)| is_key(key) && value.as_deref().is_none_or(is_value));
        if writes && self.assertions.iter().all(|(key, _)| is_key(key)) {
            Ok(())
        } else {
            tracing::error!("a batch is outside the engine's bounds");
            Err(StoreError::OutOfBounds)
        }
    }
}

/// Why a batch was not applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ApplyError {
    /// An assertion does not hold; nothing was written. Read again and decide anew.
    #[error("an assertion does not hold")]
    Conflict,
    /// The engine failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Names how far an engine's writes had come when a batch was applied; see [`Engine::sync`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ticket(pub u64);

/// An ordered key-value engine. Every call may block on the disk, [`Engine::applied`] excepted.
pub trait Engine: Send + Sync + std::fmt::Debug {
    /// The key's value; `None` when it has none. A value that is empty is `Some`.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when the value is not what was put; [`StoreError::Unavailable`] when it cannot be read.
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError>;

    /// Shows the key's value to `see` instead of giving a copy of it. Whether it has one.
    ///
    /// # Errors
    /// As [`Engine::get`].
    fn view(&self, key: &[u8], see: &mut dyn FnMut(&[u8])) -> Result<bool, StoreError> {
        let value = self.get(key)?;
        value.iter().for_each(|value| see(value));
        Ok(value.is_some())
    }

    /// At most `limit` entries of the range, in the order of the direction, from the end that it begins at. Fewer than
    /// `limit` means that there are no more. To resume, ask again with the last key as the new end (descending) or with
    /// the last key and a zero byte as the new start (ascending). An empty range and a limit of 0 give no entries.
    ///
    /// # Errors
    /// As [`Engine::get`], for any entry of the answer.
    fn scan(
        &self,
        range: &KeyRange,
        direction: Direction,
        limit: usize,
    ) -> Result<Vec<Entry>, StoreError>;

    /// How many keys the range has, counted to `limit` and no further; 0 for an empty range. Reads no values.
    ///
    /// # Errors
    /// As [`Engine::get`].
    fn count(&self, range: &KeyRange, limit: usize) -> Result<usize, StoreError>;

    /// Checks the batch's assertions and carries out its writes in one step, seen by all readers when it returns. Not
    /// yet durable: nothing that rests on it may be acknowledged before [`Engine::sync`]. Batches become durable in
    /// the order in which they were applied: after a crash a prefix of them is there, each whole. A batch that writes
    /// nothing is a check: it is never refused for want of room, and its ticket is that of all that it has read.
    ///
    /// # Errors
    /// [`ApplyError::Conflict`] when an assertion does not hold: nothing was written. [`ApplyError::Store`] otherwise:
    /// - [`StoreError::OutOfBounds`], [`StoreError::Full`]: nothing was written, and other batches may be;
    /// - [`StoreError::Unavailable`], [`StoreError::Corrupt`]: when it broke off while it wrote, readers may see a part
    ///   of the batch, but no [`Engine::sync`] succeeds any more for it or for anything after it, and after opening the
    ///   data again the batch is there whole or not at all.
    fn apply(&self, batch: &Batch) -> Result<Ticket, ApplyError>;

    /// A ticket no older than that of any batch that a reader may have seen by now. Never blocks.
    fn applied(&self) -> Ticket;

    /// Returns when every batch up to the ticket survives power loss. Costs no more than a look when they already do;
    /// callers that wait at the same time share one write to the disk.
    ///
    /// # Errors
    /// [`StoreError::Full`] or [`StoreError::Unavailable`] when they may not survive. What is on the disk is not known
    /// then, and asking the disk again would not tell: from then on every sync that is not already satisfied fails,
    /// and so does every batch that writes, until the data is opened again.
    fn sync(&self, ticket: Ticket) -> Result<(), StoreError>;

    /// [`Engine::apply`], then [`Engine::sync`]: all or nothing, and durable when it returns.
    ///
    /// # Errors
    /// As both. After a failed sync the batch is seen by readers, and may or may not survive a crash.
    fn commit(&self, batch: &Batch) -> Result<(), ApplyError> {
        let ticket = self.apply(batch)?;
        Ok(self.sync(ticket)?)
    }

    /// Whether reads and ordinary writes can be expected to work: tried by reading, not by writing.
    ///
    /// # Errors
    /// What such a write would fail with now.
    fn health(&self) -> Result<(), StoreError>;
}
