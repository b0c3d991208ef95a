//! The ordered key-value engine that everything else in the store stands on.
//!
//! An engine knows nothing of mail. It must be *linearizable*: once [`Engine::apply`] has returned, every later
//! [`Engine::get`] and [`Engine::scan`] of any thread sees all of the batch; before, none of it. A scan sees each
//! batch whole or not at all **per entry**: entries of a batch that is applied during the scan may be seen in part.

use super::StoreError;

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

/// Assertions, puts and deletes, carried out all or not at all. Each key is written once at most: the last write of a
/// key in the batch stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Batch {
    /// What must be true, in any order.
    pub assertions: Vec<(Vec<u8>, Expected)>,
    /// What is written: a value, or none to delete the key (deleting an absent key is no error).
    pub writes: Vec<(Vec<u8>, Option<Vec<u8>>)>,
}

impl Batch {
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

/// An ordered key-value engine. Keys are 1 to 256 bytes, values up to 1 MiB; an engine that must cut values into
/// pieces does so unseen.
pub trait Engine: Send + Sync + std::fmt::Debug {
    /// The key's value; `None` when it has none.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when the value is not what was put; [`StoreError::Unavailable`] when it cannot be read.
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError>;

    /// At most `limit` entries of the range, from the end that the direction begins at. Fewer than `limit` means that
    /// there are no more. To resume, ask again with the last key as the new end (descending) or with the last key and
    /// a zero byte as the new start (ascending). An empty range gives no entries.
    ///
    /// # Errors
    /// As [`Engine::get`].
    fn scan(
        &self,
        range: &KeyRange,
        direction: Direction,
        limit: usize,
    ) -> Result<Vec<Entry>, StoreError>;

    /// How many keys the range has, counted to `limit` and no further. Reads no values.
    ///
    /// # Errors
    /// As [`Engine::get`].
    fn count(&self, range: &KeyRange, limit: usize) -> Result<usize, StoreError>;

    /// Checks the batch's assertions and carries out its writes in one step, seen by all readers when it returns. Not
    /// yet durable: nothing that rests on it may be acknowledged before [`Engine::sync`]. Batches become durable in
    /// the order in which they were applied: after a crash a prefix of them is there, each whole.
    ///
    /// # Errors
    /// [`ApplyError::Conflict`] when an assertion does not hold; [`ApplyError::Store`] when the engine fails: then
    /// nothing is seen by readers.
    fn apply(&self, batch: &Batch) -> Result<Ticket, ApplyError>;

    /// The ticket of the newest batch applied.
    fn applied(&self) -> Ticket;

    /// Returns when every batch up to the ticket survives power loss. Costs nothing when they already do; callers that
    /// wait at the same time share one write to the disk.
    ///
    /// # Errors
    /// [`StoreError::Full`] or [`StoreError::Unavailable`] when they may not survive.
    fn sync(&self, ticket: Ticket) -> Result<(), StoreError>;

    /// [`Engine::apply`], then [`Engine::sync`]: all or nothing, and durable when it returns.
    ///
    /// # Errors
    /// As both. After a failed sync the batch is seen by readers, and may or may not survive a crash.
    fn commit(&self, batch: &Batch) -> Result<(), ApplyError> {
        let ticket = self.apply(batch)?;
        Ok(self.sync(ticket)?)
    }

    /// Whether reads and writes can be expected to work.
    ///
    /// # Errors
    /// What a write would fail with now.
    fn health(&self) -> Result<(), StoreError>;
}
