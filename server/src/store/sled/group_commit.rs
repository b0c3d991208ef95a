//! Group commit: many writers wait, one of them writes to the disk for all.
//!
//! On Linux sled's `flush` ends in `sync_file_range`, which neither writes the file's metadata nor empties the disk's
//! cache: it does not survive power loss. So `flush` is followed by `fdatasync` of the same file, through a descriptor
//! of our own. After either has failed, what is on the disk is not known (the kernel may drop the pages it could not
//! write and report success the next time): no further write is taken until the data is opened again.

use crate::store::StoreError;
use crate::store::engine::Ticket;
use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Who has written, who waits, how far the disk is.
#[derive(Debug)]
pub(super) struct GroupCommit {
    database: File,
    progress: Mutex<Progress>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct Progress {
    /// The newest batch that readers see.
    applied: u64,
    /// The newest batch that is on the disk.
    durable: u64,
    /// Whether somebody is writing to the disk.
    writing: bool,
    /// Why nothing is written any more.
    failed: Option<StoreError>,
}

impl GroupCommit {
    /// Over sled's database file.
    pub(super) fn new(database: File) -> Self {
        Self {
            database,
            progress: Mutex::default(),
            changed: Condvar::new(),
        }
    }

    /// A panic elsewhere leaves the counters as they were.
    fn progress(&self) -> MutexGuard<'_, Progress> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The newest batch that readers see.
    pub(super) fn applied(&self) -> Ticket {
        Ticket(self.progress().applied)
    }

    /// Counts one more batch that readers see.
    pub(super) fn advance(&self) -> Ticket {
        let mut progress = self.progress();
        progress.applied += 1;
        Ticket(progress.applied)
    }

    /// Whether writes are still taken.
    pub(super) fn check(&self) -> Result<(), StoreError> {
        self.progress().failed.map_or(Ok(()), Err)
    }

    /// Returns when the ticket's batch is on the disk. The first who finds nobody writing writes for all.
    pub(super) fn sync(
        &self,
        ticket: Ticket,
        flush: impl FnOnce() -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let mut progress = self.progress();
        while progress.durable < ticket.0 {
            if let Some(error) = progress.failed {
                return Err(error);
            }
            if !progress.writing {
                return self.write(progress, flush);
            }
            progress = self
                .changed
                .wait(progress)
                .unwrap_or_else(PoisonError::into_inner);
        }
        Ok(())
    }

    fn write(
        &self,
        mut progress: MutexGuard<'_, Progress>,
        flush: impl FnOnce() -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        progress.writing = true;
        let applied = progress.applied;
        drop(progress);
        let written = unless_it_panics(flush).and_then(|()| {
            self.database
                .sync_data()
                .map_err(|error| sync_error(&error))
        });
        let mut progress = self.progress();
        progress.writing = false;
        match written {
            Ok(()) => progress.durable = applied,
            Err(error) => progress.failed = Some(error),
        }
        drop(progress);
        self.changed.notify_all();
        written
    }
}

/// A panic fails the write as an error would: nobody waits for a writer who is gone.
fn unless_it_panics(flush: impl FnOnce() -> Result<(), StoreError>) -> Result<(), StoreError> {
    catch_unwind(AssertUnwindSafe(flush)).unwrap_or_else(|_| {
        tracing::error!(
            "the engine panicked; no more is written until the server is started again"
        );
        Err(StoreError::Unavailable)
    })
}

fn sync_error(error: &std::io::Error) -> StoreError {
    tracing::error!(%error, "fdatasync failed; no more is written until the server is started again");
    StoreError::from(error)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::time::Duration;

    fn group() -> GroupCommit {
        GroupCommit::new(tempfile::tempfile().unwrap())
    }

    #[test]
    fn writers_that_wait_at_the_same_time_share_a_write() {
        let (group, flushes) = (group(), AtomicU32::new(0));
        let flush = || {
            std::thread::sleep(Duration::from_millis(20));
            flushes.fetch_add(1, Ordering::Relaxed);
            Ok(())
        };
        std::thread::scope(|scope| {
            for _ in 0..16 {
                scope.spawn(|| group.sync(group.advance(), flush).unwrap());
            }
        });
        assert!(flushes.into_inner() <= 4);
        assert_eq!(group.progress().durable, 16);
    }

    #[test]
    fn what_is_durable_already_costs_nothing() {
        let group = group();
        let ticket = group.advance();
        group.sync(ticket, || Ok(())).unwrap();
        group.sync(ticket, || panic!("flushed again")).unwrap();
    }

    #[test]
    fn a_write_that_panics_has_failed() {
        let group = group();
        for _ in 0..2 {
            let outcome = group.sync(group.advance(), || panic!("the engine gave up"));
            assert_eq!(outcome, Err(StoreError::Unavailable));
        }
        assert_eq!(group.check(), Err(StoreError::Unavailable));
    }

    #[test]
    fn after_a_failed_write_nothing_is_acknowledged() {
        let group = group();
        assert_eq!(
            group.sync(group.advance(), || Err(StoreError::Unavailable)),
            Err(StoreError::Unavailable)
        );
        assert_eq!(group.check(), Err(StoreError::Unavailable));
        assert_eq!(
            group.sync(group.advance(), || Ok(())),
            Err(StoreError::Unavailable)
        );
    }
}
