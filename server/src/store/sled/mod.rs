//! sled 0.34.7 as an engine: one tree, values in pieces under 3.5 kB, one shared disk write for all who wait.
//!
//! **Atomicity.** Assertions are checked and batches applied by one thread at a time, for all who wait (`joint`), so that
//! nothing comes in between.
//! `Tree::apply_batch` holds sled's own write lock while it writes, so that a reader's `get` sees all of a batch or
//! nothing (an iterator takes that lock for each entry anew: see [`Engine`]). In the log it first reserves a batch
//! manifest, which afterwards names the log position the batch reaches to; recovery stops before a manifest whose end is
//! not in the log, so that a crash cannot leave a part of a batch, nor anything later than one that is missing.
//!
//! **Durability.** See `group_commit`.
//!
//! **Room.** sled does not live through a full disk: an append that fails is the last. So batches are refused while
//! less than the reserve is free, and those that make room while less than a quarter of it is; that quarter is for
//! what sled writes by itself. And space for each is set aside beforehand; see `headroom`.

mod directory;
mod group_commit;
mod headroom;
mod joint;
mod log_check;
mod log_form;
mod mark;
mod snapshot;
mod turns;
mod values;

pub use directory::CONTROL_SOCKET;

use super::engine::{ApplyError, Batch, Direction, Engine, Entry, KeyRange, Room, Ticket};
use super::{OpenError, StoreError, StoreOptions};
use directory::DataDirectory;
use group_commit::GroupCommit;
use headroom::{Demand, Headroom};
use joint::{Joint, Prepared};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use turns::Turns;
use values::{StoredValue, head_key, head_range};

/// The engine. Its directory is locked while it lives.
#[derive(Debug)]
pub struct SledEngine {
    // Dropped in this order.
    tree: ::sled::Db,
    group: GroupCommit,
    headroom: Mutex<Headroom>,
    turns: Turns<Prepared, Result<Ticket, ApplyError>>,
    directory: DataDirectory,
    reserve_bytes: u64,
}

impl SledEngine {
    /// Whether there is anything of this engine's in a directory.
    #[must_use]
    pub fn is_at(path: &Path) -> bool {
        DataDirectory::is_at(path)
    }

    /// Opens the directory, and makes it when it is not there.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub fn open(path: &Path, options: &StoreOptions) -> Result<Self, OpenError> {
        let directory = DataDirectory::lock(path)?;
        let (tree, mark) = directory.open_sled(options.cache_bytes)?;
        let group = GroupCommit::new(directory.database_file()?, mark);
        directory.sync_entries()?;
        directory.note_as_made()?;
        Ok(Self {
            tree,
            headroom: Mutex::default(),
            turns: Turns::new(),
            group,
            directory,
            reserve_bytes: options.reserve_bytes,
        })
    }

    fn stored(&self, key: &[u8]) -> Result<Option<StoredValue>, StoreError> {
        let stored = self
            .tree
            .get(head_key(key))
            .map_err(|error| store_error(&error))?;
        stored
            .map(|stored| StoredValue::decode(&stored))
            .transpose()
    }

    /// A stored value's whole. `None` when it was replaced or removed meanwhile.
    fn whole(&self, key: &[u8], stored: StoredValue) -> Result<Option<Vec<u8>>, StoreError> {
        let split = match stored {
            StoredValue::Whole(value) => return Ok(Some(value)),
            StoredValue::Split(split) => split,
        };
        let piece = |piece_key| {
            self.tree
                .get(piece_key)
                .map_err(|error| store_error(&error))
        };
        match split.assemble(key, piece)? {
            Some(value) => Ok(Some(value)),
            None if self.stored(key)? == Some(StoredValue::Split(split)) => {
                Err(StoreError::Corrupt)
            }
            None => Ok(None),
        }
    }

    /// Applies batches as one, in this order; one by one when there is no room for all.
    fn apply_all(&self, batches: Vec<Prepared>) -> Vec<Result<Ticket, ApplyError>> {
        let demand = batches
            .iter()
            .fold(Demand::NONE, |sum, batch| sum.and(batch.demand));
        match self.make_room(demand) {
            Ok(()) => self.apply_together(batches),
            Err(_) if batches.len() > 1 => batches
                .into_iter()
                .flat_map(|batch| self.apply_all(vec![batch]))
                .collect(),
            Err(error) => vec![Err(error.into())],
        }
    }

    /// Sees to it that there is room in the log for what is about to be written.
    fn make_room(&self, demand: Demand) -> Result<(), StoreError> {
        if demand.is_none() {
            return Ok(());
        }
        self.group.check()?;
        self.headroom()
            .make(self.group.database(), demand, || self.write_out())
    }

    /// A panic elsewhere leaves nothing half-done that this lock guards.
    fn headroom(&self) -> MutexGuard<'_, Headroom> {
        self.headroom.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn apply_together(&self, batches: Vec<Prepared>) -> Vec<Result<Ticket, ApplyError>> {
        let mut joint = Joint::over(&self.tree);
        let taken: Vec<Result<(), ApplyError>> =
            batches.into_iter().map(|batch| joint.add(batch)).collect();
        let applied = match joint.into_batch() {
            Some(batch) => self.group.apply(|| {
                self.tree
                    .apply_batch(batch)
                    .map_err(|error| store_error(&error))
            }),
            None => Ok(self.group.begun()),
        };
        let outcome = |taken: Result<(), ApplyError>| {
            taken?;
            Ok(applied?)
        };
        taken.into_iter().map(outcome).collect()
    }

    /// Brings what sled holds in memory into the file, if not onto the disk.
    fn write_out(&self) -> Result<(), StoreError> {
        let written = self.tree.flush();
        written.map(drop).map_err(|error| store_error(&error))
    }

    fn check_space(&self, room: Room) -> Result<(), StoreError> {
        let kept_free_bytes = match room {
            Room::Ordinary => self.reserve_bytes,
            Room::Reserve => self.reserve_bytes / 4,
        };
        if self.directory.free_bytes()? < kept_free_bytes {
            Err(StoreError::Full)
        } else {
            Ok(())
        }
    }
}

impl Engine for SledEngine {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        loop {
            let Some(stored) = self.stored(key)? else {
                return Ok(None);
            };
            if let Some(value) = self.whole(key, stored)? {
                return Ok(Some(value));
            }
        }
    }

    fn view(&self, key: &[u8], see: &mut dyn FnMut(&[u8])) -> Result<bool, StoreError> {
        let head = self
            .tree
            .get(head_key(key))
            .map_err(|error| store_error(&error))?;
        let value = match &head {
            Some(head) => values::whole_of(head)?,
            None => return Ok(false),
        };
        if let Some(value) = value {
            see(value);
            return Ok(true);
        }
        let value = self.get(key)?;
        value.iter().for_each(|value| see(value));
        Ok(value.is_some())
    }

    fn scan(
        &self,
        range: &KeyRange,
        direction: Direction,
        limit: usize,
    ) -> Result<Vec<Entry>, StoreError> {
        if range.is_empty() {
            return Ok(Vec::new());
        }
        let mut cursor = self.tree.range(head_range(range));
        let mut entries = Vec::new();
        while entries.len() < limit {
            let next = match direction {
                Direction::Ascending => cursor.next(),
                Direction::Descending => cursor.next_back(),
            };
            let Some(next) = next else { break };
            let (head, stored) = next.map_err(|error| store_error(&error))?;
            let key = values::key_of(&head).to_vec();
            let value = match self.whole(&key, StoredValue::decode(&stored)?)? {
                Some(value) => Some(value),
                None => self.get(&key)?,
            };
            entries.extend(value.map(|value| Entry { key, value }));
        }
        Ok(entries)
    }

    fn count(&self, range: &KeyRange, limit: usize) -> Result<usize, StoreError> {
        if range.is_empty() {
            return Ok(0);
        }
        let heads = self.tree.range(head_range(range)).take(limit);
        heads
            .map(|head| head.map_err(|error| store_error(&error)))
            .try_fold(0, |count, head| head.map(|_| count + 1))
    }

    fn apply(&self, batch: &Batch) -> Result<Ticket, ApplyError> {
        batch.check_bounds()?;
        if !batch.writes.is_empty() {
            self.check_space(batch.room)?;
        }
        self.turns
            .take(Prepared::of(batch), |batches| self.apply_all(batches))
            .unwrap_or(Err(StoreError::Unavailable.into()))
    }

    fn applied(&self) -> Ticket {
        self.group.begun()
    }

    fn sync(&self, ticket: Ticket) -> Result<(), StoreError> {
        self.group.sync(ticket, || {
            self.write_out()?;
            // Before the first byte is written, -1 is stable.
            let stable_lsn = self.tree.context.pagecache.log.stable_offset();
            Ok(u64::try_from(stable_lsn).unwrap_or(0))
        })
    }

    fn health(&self) -> Result<(), StoreError> {
        self.group.check()?;
        self.check_space(Room::Ordinary)?;
        let nothing = Demand::of(&Batch::default());
        self.headroom()
            .make(self.group.database(), nothing, || self.write_out())?;
        // That a read works is what counts, not what it finds.
        self.get(&[0]).map(|_| ())
    }
}

impl Drop for SledEngine {
    /// Writes what nobody waited for. The tree is dropped after this, and the group after the tree: it notes that the
    /// log is closed.
    fn drop(&mut self) {
        if self.sync(self.applied()).is_err() {
            tracing::error!("what was written last may be lost");
        }
    }
}

/// sled's errors by remedy. The cause is logged here, once; it names files, never content.
fn store_error(error: &::sled::Error) -> StoreError {
    tracing::error!(error = words(error), "the engine failed");
    match error {
        ::sled::Error::Io(error) => StoreError::from(error),
        ::sled::Error::Corruption { .. } => StoreError::Corrupt,
        _ => StoreError::Unavailable,
    }
}

/// What the log says of a sled error. sled's own words are of backtraces that it has not taken, and of reports to its
/// makers.
fn words(error: &::sled::Error) -> String {
    match error {
        ::sled::Error::Io(error) if error.raw_os_error().is_none() => error.kind().to_string(),
        ::sled::Error::Io(error) => error.to_string(),
        ::sled::Error::Corruption { .. } => "what was read is not what was written".to_owned(),
        ::sled::Error::ReportableBug(what) | ::sled::Error::Unsupported(what) => what.clone(),
        ::sled::Error::CollectionNotFound(_) => "its tree is missing".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io;

    #[test]
    fn the_log_has_no_words_of_sleds_own() {
        let corruption = ::sled::Error::Corruption { at: None, bt: () };
        let words = words(&corruption);
        assert!(
            !words.contains("None") && !words.contains("backtrace"),
            "{words}"
        );
        // As sled gives an error for the second time.
        let full = ::sled::Error::Io(io::Error::from_raw_os_error(28)).clone();
        assert_eq!(super::words(&full), "no storage space");
    }
}
