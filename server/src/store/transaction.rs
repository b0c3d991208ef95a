//! One verb as one optimistic transaction: reads are remembered, writes are kept back, and at the end one batch
//! asserts the former and makes the latter. If anything that was read has changed meanwhile, the verb runs again.
//!
//! **No answer shows what a power cut can take back.** A batch is seen by others a little before it is durable. So a
//! transaction is counted as unsettled from before its batch is applied until it is durable (for ever, if that fails),
//! and whoever tells what they read, in a success or in a refusal, settles first: with nothing unsettled that is one
//! look at a counter, else a wait for the disk together with those who wrote. Chunks of uploads and the times at which
//! sessions were used are not counted: nobody is shown the former, and nothing rests on the latter.

use super::engine::{
    ApplyError, Batch, Direction, Engine, Entry, Expected, KeyRange, Room, Ticket,
};
use super::feed::News;
use super::layout::StreamId;
use super::records::Record;
use super::{Store, StoreError};
use std::collections::BTreeMap;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Attempts that run side by side with others.
const FREE_ATTEMPTS: u32 = 4;
/// Attempts in all. The later ones take turns, so that many writers to one account do not keep failing each other.
const MAX_ATTEMPTS: u32 = 200;

/// Whether a verb waits until what it wrote survives power loss.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Durability {
    /// It does; all that is acknowledged to a person.
    Now,
    /// It does not: written before anything that is durable later.
    Later,
}

/// What a verb reads and writes.
#[derive(Debug)]
pub(super) struct Transaction<'store> {
    pub(super) engine: &'store dyn Engine,
    /// Most that one account may store.
    pub(super) quota_bytes: u64,
    read: BTreeMap<Vec<u8>, Option<Vec<u8>>>,
    written: BTreeMap<Vec<u8>, Option<Vec<u8>>>,
    room: Room,
    /// What to tell open streams once it is durable.
    pub(super) news: News,
    /// Streams that are no blob's after this, to be freed.
    pub(super) loose: Vec<StreamId>,
}

impl<'store> Transaction<'store> {
    fn new(engine: &'store dyn Engine, quota_bytes: u64) -> Self {
        let (read, written) = (BTreeMap::new(), BTreeMap::new());
        Self {
            engine,
            quota_bytes,
            read,
            written,
            room: Room::Ordinary,
            news: News::default(),
            loose: Vec::new(),
        }
    }

    /// A key's value, as this transaction has left it. Asserted at the end.
    pub(super) fn get_bytes(&mut self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        if let Some(value) = self.written.get(key).or_else(|| self.read.get(key)) {
            return Ok(value.clone());
        }
        let value = self.engine.get(key)?;
        self.read.insert(key.to_vec(), value.clone());
        Ok(value)
    }

    /// A key's record, as this transaction has left it. Asserted at the end.
    pub(super) fn get<R: Record>(&mut self, key: &[u8]) -> Result<Option<R>, StoreError> {
        self.get_bytes(key)?
            .map(|stored| R::decode(&stored))
            .transpose()
    }

    /// Entries as they were before this transaction. Not asserted: a caller for whom a new entry matters reads a
    /// record that whoever adds one writes.
    pub(super) fn scan(&self, range: &KeyRange) -> Result<Vec<Entry>, StoreError> {
        self.engine.scan(range, Direction::Ascending, usize::MAX)
    }

    /// How many keys there were before this transaction, counted to `limit`. Not asserted, as [`Transaction::scan`].
    pub(super) fn count(&self, range: &KeyRange, limit: usize) -> Result<usize, StoreError> {
        self.engine.count(range, limit)
    }

    /// Puts bytes.
    pub(super) fn put_bytes(&mut self, key: Vec<u8>, value: Vec<u8>) {
        self.written.insert(key, Some(value));
    }

    /// Puts a record.
    pub(super) fn put<R: Record>(&mut self, key: Vec<u8>, record: &R) -> Result<(), StoreError> {
        self.put_bytes(key, record.encode()?);
        Ok(())
    }

    /// Puts a key that says all by being there.
    pub(super) fn mark(&mut self, key: Vec<u8>) {
        self.put_bytes(key, Vec::new());
    }

    /// Deletes a key.
    pub(super) fn delete(&mut self, key: Vec<u8>) {
        self.written.insert(key, None);
    }

    /// Lets the transaction use the disk's reserve: it removes or replaces something, or somebody must get through it
    /// to where they can.
    pub(super) fn use_reserve(&mut self) {
        self.room = Room::Reserve;
    }

    fn into_batch(self) -> (Batch, News, Vec<StreamId>) {
        let expected = |value: Option<Vec<u8>>| value.map_or(Expected::Absent, Expected::Value);
        let assertions = self
            .read
            .into_iter()
            .map(|(key, value)| (key, expected(value)))
            .collect();
        let batch = Batch {
            assertions,
            writes: self.written.into_iter().collect(),
            room: self.room,
        };
        (batch, self.news, self.loose)
    }

    /// What must still be true for a refusal to be right.
    fn into_check(mut self) -> Batch {
        self.written.clear();
        self.into_batch().0
    }
}

impl Store {
    /// Runs a verb. When it succeeds, what it wrote, and all that it read, is durable, and open streams are told.
    pub(super) fn transact<T, E: From<StoreError>>(
        &self,
        verb: impl Fn(&mut Transaction<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.run(Durability::Now, verb)
    }

    /// As [`Store::transact`], without waiting for the disk: for what may be lost with power.
    pub(super) fn transact_later<T, E: From<StoreError>>(
        &self,
        verb: impl Fn(&mut Transaction<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.run(Durability::Later, verb)
    }

    fn run<T, E: From<StoreError>>(
        &self,
        durability: Durability,
        verb: impl Fn(&mut Transaction<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        for attempt in 0..MAX_ATTEMPTS {
            let turn = (attempt >= FREE_ATTEMPTS)
                .then(|| self.turns().lock().unwrap_or_else(PoisonError::into_inner));
            let mut transaction = Transaction::new(self.engine(), self.quota_bytes());
            let outcome = verb(&mut transaction);
            let (batch, news, loose) = match &outcome {
                Ok(_) => transaction.into_batch(),
                Err(_) => (transaction.into_check(), News::default(), Vec::new()),
            };
            let writes = !batch.writes.is_empty();
            let is_told = writes && durability == Durability::Now;
            let unsettled = Unsettled::count(self.unsettled(), is_told);
            let ticket = match self.engine().apply(&batch) {
                Ok(ticket) => ticket,
                Err(ApplyError::Conflict) => continue,
                Err(ApplyError::Store(error)) => {
                    unsettled.keep_if_seen(error);
                    return outcome.and(Err(error.into()));
                }
            };
            drop(turn);
            match (durability, writes) {
                (Durability::Now, true) => self.make_durable(ticket, unsettled)?,
                (Durability::Now, false) => self.settled(())?,
                (Durability::Later, _) => {}
            }
            self.publish(news);
            loose
                .into_iter()
                .for_each(|stream| self.free_stream_now(stream));
            return outcome;
        }
        tracing::error!(
            attempts = MAX_ATTEMPTS,
            "a transaction found no quiet moment"
        );
        Err(StoreError::Unavailable.into())
    }

    fn make_durable(&self, ticket: Ticket, unsettled: Unsettled<'_>) -> Result<(), StoreError> {
        self.engine().sync(ticket).inspect_err(|_| unsettled.keep())
    }

    /// Gives what was read, once all of it survives power loss.
    pub(super) fn settled<T>(&self, read: T) -> Result<T, StoreError> {
        if self.unsettled().load(Ordering::SeqCst) > 0 {
            self.engine().sync(self.engine().applied())?;
        }
        Ok(read)
    }

    /// A key's record, read outside any transaction. To be settled before it is told.
    pub(super) fn read<R: Record>(&self, key: &[u8]) -> Result<Option<R>, StoreError> {
        self.engine()
            .get(key)?
            .map(|stored| R::decode(&stored))
            .transpose()
    }
}

/// One transaction that others may see before it is durable.
struct Unsettled<'store>(Option<&'store AtomicUsize>);

impl<'store> Unsettled<'store> {
    /// Counts a transaction, if others are told of it. Dropping it takes it back.
    fn count(unsettled: &'store AtomicUsize, is_told: bool) -> Self {
        Self(is_told.then(|| {
            unsettled.fetch_add(1, Ordering::SeqCst);
            unsettled
        }))
    }

    /// Leaves it counted for ever.
    fn keep(mut self) {
        self.0 = None;
    }

    /// Leaves it counted if the engine broke off while it wrote.
    fn keep_if_seen(self, error: StoreError) {
        if !matches!(error, StoreError::Full | StoreError::OutOfBounds) {
            self.keep();
        }
    }
}

impl Drop for Unsettled<'_> {
    fn drop(&mut self) {
        if let Some(unsettled) = self.0 {
            unsettled.fetch_sub(1, Ordering::SeqCst);
        }
    }
}
