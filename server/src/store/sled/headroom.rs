//! Room on the disk that is the log's before it is written to.
//!
//! sled does not live through a full disk: an append that fails is the last, and on its way to a key even a read may want
//! to write. What the file system says is free need not be there: a quota may end sooner, others may fill the disk
//! meanwhile. So before a batch is handed to sled, the file system is made to set space aside behind the end of the log
//! (`fallocate`), without making the file longer. Where it will not, the batch is refused as [`StoreError::Full`] with
//! nothing written: reads go on, and so do writes when there is space again.
//!
//! sled cuts the log when its last segments are free, and with that what is set aside goes back to the disk. The next
//! batch takes it again; whoever fills the disk in between has it, and then even what makes room is refused.
//!
//! What a batch comes to in the log is sled's affair: each write is appended, and now and then the page that it is on,
//! of up to sixteen values, anew; segments are moved. A [`Demand`] is generous, and [`HEADROOM_BYTES`] more on top.

use crate::store::StoreError;
use crate::store::engine::{Batch, Room};
use rustix::fs::{FallocateFlags, fallocate};
use rustix::io::Errno;
use std::fs::File;
use std::io;
use std::os::unix::fs::MetadataExt as _;

/// Kept beyond what is known to be needed, for what sled writes by itself.
const HEADROOM_BYTES: u64 = 4 * 1024 * 1024;
/// Set aside beyond that, so that the file system is asked now and then only.
const STEP_BYTES: u64 = 4 * 1024 * 1024;
/// What the log grows by for each octet of a batch, at most, and for each of its writes.
const GROWTH: u64 = 6;
const WRITE_BYTES: u64 = 16 * 1024;

/// What is set aside.
#[derive(Debug, Default)]
pub(super) struct Headroom {
    /// Up to which byte of the file.
    end: u64,
    /// Blocks of the file when it was last looked at. Fewer mean that it was cut, and what was set aside given back.
    blocks: u64,
    /// What batches may come to that may not be in the file yet.
    pending_bytes: u64,
    /// Whether the file system sets nothing aside.
    is_unsupported: bool,
}

/// What batches ask of the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Demand {
    /// What they come to in the log, at most; 0 for those that write nothing.
    cost_bytes: u64,
    room: Room,
}

impl Demand {
    /// That of no batch: what several are added up from.
    pub(super) const NONE: Self = Self {
        cost_bytes: 0,
        room: Room::Reserve,
    };

    /// A batch's.
    pub(super) fn of(batch: &Batch) -> Self {
        let octets = batch.writes.iter().map(|(key, value)| {
            let value_len = value.as_ref().map_or(0, Vec::len);
            (key.len() + value_len) as u64
        });
        Self {
            cost_bytes: octets.map(|len| len * GROWTH + WRITE_BYTES).sum(),
            room: batch.room,
        }
    }

    /// Of several together: the reserve is theirs if it is each one's.
    pub(super) fn and(self, other: Self) -> Self {
        let room = match (self.room, other.room) {
            (Room::Reserve, Room::Reserve) => Room::Reserve,
            _ => Room::Ordinary,
        };
        Self {
            cost_bytes: self.cost_bytes + other.cost_bytes,
            room,
        }
    }

    /// Whether nothing is to be written.
    pub(super) fn is_none(self) -> bool {
        self.cost_bytes == 0
    }
}

impl Headroom {
    /// Sees to it that there is room for what is demanded. `write_out` brings what sled still holds in memory into the file.
    ///
    /// # Errors
    /// [`StoreError::Full`] when there is none, and what writing out or the file system fails with.
    pub(super) fn make(
        &mut self,
        log: &File,
        Demand { cost_bytes, room }: Demand,
        write_out: impl FnOnce() -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        if !self.is_unsupported && self.look(log)? + cost_bytes + HEADROOM_BYTES > self.end {
            write_out()?;
            self.pending_bytes = 0;
            let kept_bytes = match room {
                Room::Ordinary => HEADROOM_BYTES,
                Room::Reserve => HEADROOM_BYTES / 4,
            };
            self.set_aside(log, cost_bytes, kept_bytes)?;
        }
        self.pending_bytes += cost_bytes;
        Ok(())
    }

    /// Up to which byte the file may be written already.
    fn look(&mut self, log: &File) -> Result<u64, StoreError> {
        let file = log.metadata().map_err(|error| StoreError::from(&error))?;
        if file.blocks() < self.blocks {
            self.end = 0;
        }
        self.blocks = file.blocks();
        Ok(file.len() + self.pending_bytes)
    }

    /// Sets aside behind the end of the file what a batch costs, plenty beyond it if there is, or else what must be kept.
    fn set_aside(
        &mut self,
        log: &File,
        cost_bytes: u64,
        kept_bytes: u64,
    ) -> Result<(), StoreError> {
        let from = self.look(log)?;
        let set_aside = |len_bytes| {
            rustix::io::retry_on_intr(|| fallocate(log, FallocateFlags::KEEP_SIZE, from, len_bytes))
                .map(|()| from + len_bytes)
        };
        let plenty = set_aside(cost_bytes + HEADROOM_BYTES + STEP_BYTES);
        match plenty.or_else(|_| set_aside(cost_bytes + kept_bytes)) {
            Ok(end) => self.end = end,
            Err(Errno::OPNOTSUPP | Errno::NOSYS) => {
                self.is_unsupported = true;
                tracing::warn!(
                    "the file system sets no space aside; keep the disk and its quotas from filling up"
                );
            }
            Err(error) => return Err(StoreError::from(&io::Error::from(error))),
        }
        self.look(log).map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIB: u64 = 1024 * 1024;

    fn batch(len: usize) -> Batch {
        let mut batch = Batch::default();
        batch.put(b"key", vec![7; len]);
        batch
    }

    /// Makes room for a batch; gives whether it was written out for that.
    fn make(headroom: &mut Headroom, log: &File, batch: &Batch) -> bool {
        let mut is_written_out = false;
        let write_out = || {
            is_written_out = true;
            Ok(())
        };
        headroom.make(log, Demand::of(batch), write_out).unwrap();
        is_written_out
    }

    #[test]
    fn space_is_set_aside_ahead_and_the_file_is_no_longer() {
        let log = tempfile::tempfile().unwrap();
        let mut headroom = Headroom::default();
        assert!(make(&mut headroom, &log, &batch(1_000)));
        let file = log.metadata().unwrap();
        assert_eq!(file.len(), 0);
        assert!(file.blocks() * 512 >= HEADROOM_BYTES + STEP_BYTES);
        assert!(!make(&mut headroom, &log, &batch(1_000)));
        // What may not be in the file yet counts as if it were.
        let batches = (0..100).take_while(|_| !make(&mut headroom, &log, &batch(100_000)));
        assert!((4..8).contains(&batches.count()));
    }

    #[test]
    fn together_they_have_the_reserve_if_each_has_it() {
        let adds = Demand::of(&batch(10));
        let mut removal = Batch::making_room();
        removal.delete(b"key");
        let removes = Demand::of(&removal);
        assert_eq!(adds.and(removes).room, Room::Ordinary);
        assert_eq!(Demand::NONE.and(removes), removes);
        assert!(adds.and(removes).cost_bytes > adds.cost_bytes);
        assert!(Demand::of(&Batch::default()).is_none());
    }

    #[test]
    fn what_a_cut_gives_back_is_set_aside_anew() {
        let log = tempfile::tempfile().unwrap();
        let mut headroom = Headroom::default();
        make(&mut headroom, &log, &batch(1));
        log.set_len(MIB).unwrap();
        log.set_len(0).unwrap();
        assert_eq!(log.metadata().unwrap().blocks(), 0);
        assert!(make(&mut headroom, &log, &batch(1)));
        assert!(log.metadata().unwrap().blocks() * 512 >= HEADROOM_BYTES);
    }

    #[test]
    fn where_nothing_can_be_set_aside_the_batch_goes_on() {
        let pipe = File::from(std::os::fd::OwnedFd::from(std::io::pipe().unwrap().0));
        let mut headroom = Headroom::default();
        // A pipe is refused otherwise than a file system that cannot; that is an error.
        let refused = headroom.make(&pipe, Demand::of(&batch(1)), || Ok(()));
        assert_eq!(refused, Err(StoreError::Unavailable));
        headroom.is_unsupported = true;
        headroom
            .make(&pipe, Demand::of(&batch(1)), || panic!("written out"))
            .unwrap();
    }
}
