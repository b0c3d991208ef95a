//! Group commit: many writers wait, one of them writes to the disk for all.
//!
//! A batch has begun before readers can see it, and is applied when all of it is seen: so a reader who asks afterwards
//! what has begun learns of every batch that it may have seen, and waits for all of them.
//!
//! On Linux sled's `flush` ends in `sync_file_range`, which neither writes the file's metadata nor empties the disk's
//! cache: it does not survive power loss. So `flush` is followed by `fdatasync` of the same file, through a descriptor
//! of our own. After either has failed, what is on the disk is not known (the kernel may drop the pages it could not
//! write and report success the next time): no further write is taken until the data is opened again.

use super::mark::MarkFile;
use crate::store::StoreError;
use crate::store::engine::Ticket;
use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Who has written, who waits, how far the disk is.
#[derive(Debug)]
pub(super) struct GroupCommit {
    database: File,
    mark: MarkFile,
    /// The newest batch that readers may see, if only in part.
    begun: AtomicU64,
    /// The newest batch that is on the disk.
    durable: AtomicU64,
    progress: Mutex<Progress>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct Progress {
    /// The newest batch that readers see all of.
    applied: u64,
    /// Whether somebody is writing to the disk.
    writing: bool,
    /// Why nothing is written any more.
    failed: Option<StoreError>,
}

impl Progress {
    /// Takes no more writes. That space returns would not help: what was lost with a full disk is not known.
    fn fail(&mut self, error: StoreError) -> StoreError {
        let lasting = match error {
            StoreError::Full => StoreError::Unavailable,
            other => other,
        };
        self.failed = Some(lasting);
        lasting
    }
}

impl GroupCommit {
    /// Over sled's database file, with the note of how far that is on the disk.
    pub(super) fn new(database: File, mark: MarkFile) -> Self {
        Self {
            database,
            mark,
            begun: AtomicU64::new(0),
            durable: AtomicU64::new(0),
            progress: Mutex::default(),
            changed: Condvar::new(),
        }
    }

    /// A panic elsewhere leaves the counters as they were.
    fn progress(&self) -> MutexGuard<'_, Progress> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// sled's database file.
    pub(super) const fn database(&self) -> &File {
        &self.database
    }

    /// The newest batch that readers may see.
    pub(super) fn begun(&self) -> Ticket {
        Ticket(self.begun.load(Ordering::SeqCst))
    }

    /// Carries out one batch. Call it under the lock that keeps batches apart. A batch that fails or panics half-way
    /// is the last one: what readers see of it must never be acknowledged.
    pub(super) fn apply(
        &self,
        batch: impl FnOnce() -> Result<(), StoreError>,
    ) -> Result<Ticket, StoreError> {
        self.check()?;
        let ticket = self.begun.fetch_add(1, Ordering::SeqCst) + 1;
        let written = unless_it_panics(batch);
        let mut progress = self.progress();
        let outcome = match written {
            Ok(()) => {
                progress.applied = ticket;
                Ok(Ticket(ticket))
            }
            Err(error) => Err(progress.fail(error)),
        };
        drop(progress);
        self.changed.notify_all();
        outcome
    }

    /// Whether writes are still taken.
    pub(super) fn check(&self) -> Result<(), StoreError> {
        self.progress().failed.map_or(Ok(()), Err)
    }

    /// Returns when the ticket's batch is on the disk. The first who finds nobody writing writes for all: by `flush`,
    /// which gives the last place in the log that it has written.
    pub(super) fn sync(
        &self,
        ticket: Ticket,
        flush: impl FnOnce() -> Result<u64, StoreError>,
    ) -> Result<(), StoreError> {
        if self.is_durable(ticket) {
            return Ok(());
        }
        let mut progress = self.progress();
        while !self.is_durable(ticket) {
            if let Some(error) = progress.failed {
                return Err(error);
            }
            if !progress.writing && progress.applied >= ticket.0 {
                return self.write(progress, flush);
            }
            progress = self
                .changed
                .wait(progress)
                .unwrap_or_else(PoisonError::into_inner);
        }
        Ok(())
    }

    fn is_durable(&self, ticket: Ticket) -> bool {
        self.durable.load(Ordering::SeqCst) >= ticket.0
    }

    fn write(
        &self,
        mut progress: MutexGuard<'_, Progress>,
        flush: impl FnOnce() -> Result<u64, StoreError>,
    ) -> Result<(), StoreError> {
        progress.writing = true;
        let applied = progress.applied;
        drop(progress);
        let written = unless_it_panics(flush).and_then(|lsn| {
            self.database
                .sync_data()
                .map_err(|error| sync_error(&error))?;
            self.mark.note(lsn).map_err(|error| sync_error(&error))
        });
        let mut progress = self.progress();
        progress.writing = false;
        match written {
            Ok(()) => self.durable.store(applied, Ordering::SeqCst),
            Err(error) => {
                progress.fail(error);
            }
        }
        drop(progress);
        self.changed.notify_all();
        written
    }
}

impl Drop for GroupCommit {
    /// After sled is gone: if all that it wrote is on the disk, the log is closed.
    fn drop(&mut self) {
        let all_durable = self.check().is_ok() && self.is_durable(self.begun());
        if all_durable && self.database.sync_data().is_ok() {
            self.mark.close();
        }
    }
}

/// A panic fails the write as an error would: nobody waits for a writer who is gone.
fn unless_it_panics<T>(write: impl FnOnce() -> Result<T, StoreError>) -> Result<T, StoreError> {
    catch_unwind(AssertUnwindSafe(write)).unwrap_or_else(|_| {
        tracing::error!(
            "the engine panicked; no more is written until the server is started again"
        );
        Err(StoreError::Unavailable)
    })
}

fn sync_error(error: &std::io::Error) -> StoreError {
    tracing::error!(%error, "a sync failed; no more is written until the server is started again");
    StoreError::from(error)
}

#[cfg(test)]
mod tests {
    use super::super::mark::Mark;
    use super::*;
    use std::os::fd::OwnedFd;
    use std::sync::Barrier;
    use std::sync::atomic::AtomicU32;
    use std::sync::mpsc::channel;

    fn group() -> GroupCommit {
        group_over(tempfile::tempfile().unwrap())
    }

    fn group_over(database: File) -> GroupCommit {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("durable");
        let made = Mark::make(&path, &directory.path().join("new")).unwrap();
        GroupCommit::new(database, MarkFile::open(&path, made).unwrap())
    }

    /// A file on which `fdatasync` fails, as the operating system says.
    fn unsyncable() -> File {
        File::from(OwnedFd::from(std::io::pipe().unwrap().0))
    }

    fn advance(group: &GroupCommit) -> Ticket {
        group.apply(|| Ok(())).unwrap()
    }

    #[test]
    fn writers_that_wait_at_the_same_time_share_a_write() {
        let (group, flushes, all_applied) = (group(), AtomicU32::new(0), Barrier::new(16));
        let flush = || {
            flushes.fetch_add(1, Ordering::Relaxed);
            Ok(1)
        };
        std::thread::scope(|scope| {
            for _ in 0..16 {
                scope.spawn(|| {
                    let ticket = advance(&group);
                    all_applied.wait();
                    group.sync(ticket, flush).unwrap();
                });
            }
        });
        assert_eq!(flushes.into_inner(), 1);
        assert_eq!(group.durable.load(Ordering::SeqCst), 16);
    }

    #[test]
    fn what_is_durable_already_costs_nothing() {
        let group = group();
        let ticket = advance(&group);
        group.sync(ticket, || Ok(1)).unwrap();
        // Held, so that more than a look would never return.
        let _progress = group.progress();
        group.sync(ticket, || panic!("flushed again")).unwrap();
    }

    #[test]
    fn a_batch_that_readers_may_see_is_waited_for() {
        let group = group();
        let (started, has_started) = channel();
        let (go_on, may_go_on) = channel();
        std::thread::scope(|scope| {
            let group = &group;
            scope.spawn(move || {
                group.apply(|| {
                    started.send(()).unwrap();
                    may_go_on.recv().unwrap();
                    Ok(())
                })
            });
            has_started.recv().unwrap();
            let seen = group.begun();
            assert_eq!(seen, Ticket(1));
            let reader = scope.spawn(move || group.sync(seen, || Ok(1)));
            go_on.send(()).unwrap();
            reader.join().unwrap().unwrap();
        });
        assert_eq!(group.durable.load(Ordering::SeqCst), 1);
    }

    #[test]
    fn a_write_that_panics_has_failed() {
        let group = group();
        for _ in 0..2 {
            let seen = group.begun();
            let outcome = group.apply(|| panic!("the engine gave up"));
            assert_eq!(outcome, Err(StoreError::Unavailable));
            assert_eq!(
                group.sync(Ticket(seen.0 + 1), || Ok(1)),
                outcome.map(|_| ())
            );
        }
        assert_eq!(group.begun(), Ticket(1), "a second batch began");
    }

    #[test]
    fn a_flush_that_panics_has_failed() {
        let group = group();
        let ticket = advance(&group);
        for _ in 0..2 {
            let outcome = group.sync(ticket, || panic!("the engine gave up"));
            assert_eq!(outcome, Err(StoreError::Unavailable));
        }
        assert_eq!(group.check(), Err(StoreError::Unavailable));
    }

    #[test]
    fn after_a_failed_write_nothing_is_acknowledged() {
        for fault in [StoreError::Unavailable, StoreError::Full] {
            let group = group();
            let (durable, lost) = (advance(&group), advance(&group));
            assert_eq!(group.sync(lost, || Err(fault)), Err(fault));
            for _ in 0..2 {
                let unasked = || panic!("asked again");
                assert_eq!(group.sync(durable, unasked), Err(StoreError::Unavailable));
            }
            assert_eq!(group.apply(|| Ok(())), Err(StoreError::Unavailable));
        }
    }

    #[test]
    fn after_a_failed_fdatasync_the_disk_is_not_asked_again() {
        let mut group = group_over(unsyncable());
        let ticket = advance(&group);
        assert_eq!(group.sync(ticket, || Ok(1)), Err(StoreError::Unavailable));
        // The kernel would now say that all is well: the pages it could not write are forgotten.
        group.database = tempfile::tempfile().unwrap();
        assert_eq!(group.sync(ticket, || Ok(1)), Err(StoreError::Unavailable));
        assert_eq!(group.apply(|| Ok(())), Err(StoreError::Unavailable));
    }
}
