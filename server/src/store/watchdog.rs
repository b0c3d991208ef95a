//! Notices when the engine does not come back: a disk that hangs answers neither with success nor with an error, and
//! whoever waits for it would wait for ever.
//!
//! Every call that may wait for the disk is noted while it runs. [`Watchdog::check`], called every second,
//! compares the oldest with the clock: past [`STALLED_AFTER`] the engine counts as stalled, until no call is that old
//! any more. A stall is told at once to all who wait ([`Store::stalled`]), and to the log, once. The call itself goes
//! on: when it returns, its outcome stands, though nobody may be left to hear it.

use super::engine::{ApplyError, Batch, Direction, Engine, Entry, KeyRange, Ticket};
use super::{Store, StoreError};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::watch;

/// A call that takes longer than this has stalled. A busy disk takes tenths of a second, a failing one tries for
/// seconds before it gives up.
pub const STALLED_AFTER: Duration = Duration::from_secs(10);

/// The calls under way, and whether one of them has stalled.
#[derive(Debug)]
pub(super) struct Watchdog {
    calls: Mutex<Calls>,
    stalled: watch::Sender<bool>,
    /// What the engine said when it was last asked how it is.
    health: Mutex<Result<(), StoreError>>,
}

#[derive(Debug, Default)]
struct Calls {
    begun: u64,
    running: BTreeMap<u64, Call>,
}

#[derive(Debug, Clone, Copy)]
struct Call {
    name: &'static str,
    since: Instant,
}

/// A panic elsewhere leaves what these locks guard as it was.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Watchdog {
    fn new() -> Self {
        Self {
            calls: Mutex::default(),
            stalled: watch::Sender::new(false),
            health: Mutex::new(Ok(())),
        }
    }

    fn begin(&self, name: &'static str) -> Running<'_> {
        let mut calls = lock(&self.calls);
        calls.begun += 1;
        let number = calls.begun;
        let since = Instant::now();
        calls.running.insert(number, Call { name, since });
        Running {
            watchdog: self,
            number,
        }
    }

    fn oldest(&self) -> Option<Call> {
        lock(&self.calls).running.values().next().copied()
    }

    /// Compares the oldest call with the clock.
    fn check(&self, now: Instant) {
        let late = self
            .oldest()
            .filter(|call| now.saturating_duration_since(call.since) >= STALLED_AFTER);
        let changed = self.stalled.send_if_modified(|stalled| {
            std::mem::replace(stalled, late.is_some()) != late.is_some()
        });
        match late {
            Some(call) if changed => {
                let waited_s = now.saturating_duration_since(call.since).as_secs();
                tracing::error!(
                    call = call.name,
                    waited_s,
                    "the disk does not answer; requests are refused until it does"
                );
            }
            None if changed => tracing::info!("the disk answers again"),
            _ => {}
        }
    }
}

/// A call under way.
struct Running<'watchdog> {
    watchdog: &'watchdog Watchdog,
    number: u64,
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        lock(&self.watchdog.calls).running.remove(&self.number);
    }
}

/// An engine whose calls are noted.
#[derive(Debug)]
pub(super) struct Watched {
    engine: Box<dyn Engine>,
    watchdog: Arc<Watchdog>,
}

impl Watched {
    /// Watches an engine.
    pub(super) fn new(engine: Box<dyn Engine>) -> Self {
        Self {
            engine,
            watchdog: Arc::new(Watchdog::new()),
        }
    }

    /// Who watches it.
    pub(super) fn watchdog(&self) -> Arc<Watchdog> {
        Arc::clone(&self.watchdog)
    }
}

impl Engine for Watched {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        let _running = self.watchdog.begin("get");
        self.engine.get(key)
    }

    fn view(&self, key: &[u8], see: &mut dyn FnMut(&[u8])) -> Result<bool, StoreError> {
        let _running = self.watchdog.begin("view");
        self.engine.view(key, see)
    }

    fn scan(
        &self,
        range: &KeyRange,
        direction: Direction,
        limit: usize,
    ) -> Result<Vec<Entry>, StoreError> {
        let _running = self.watchdog.begin("scan");
        self.engine.scan(range, direction, limit)
    }

    fn count(&self, range: &KeyRange, limit: usize) -> Result<usize, StoreError> {
        let _running = self.watchdog.begin("count");
        self.engine.count(range, limit)
    }

    fn apply(&self, batch: &Batch) -> Result<Ticket, ApplyError> {
        let _running = self.watchdog.begin("apply");
        self.engine.apply(batch)
    }

    fn applied(&self) -> Ticket {
        self.engine.applied()
    }

    fn sync(&self, ticket: Ticket) -> Result<(), StoreError> {
        let _running = self.watchdog.begin("sync");
        self.engine.sync(ticket)
    }

    fn health(&self) -> Result<(), StoreError> {
        let _running = self.watchdog.begin("health");
        self.engine.health()
    }
}

impl Store {
    /// Asks the engine how it is, which may take as long as the disk does, and remembers it for [`Store::last_health`].
    ///
    /// # Errors
    /// What an ordinary write would fail with now.
    pub fn healthy(&self) -> Result<(), StoreError> {
        let health = self.engine().health();
        *lock(&self.watchdog().health) = health;
        health
    }

    /// What [`Store::healthy`] said last, or that the engine has stalled since. Never waits.
    ///
    /// # Errors
    /// What an ordinary write would probably fail with now.
    pub fn last_health(&self) -> Result<(), StoreError> {
        if *self.watchdog().stalled.borrow() {
            return Err(StoreError::Unavailable);
        }
        *lock(&self.watchdog().health)
    }

    /// Looks for calls of the engine that have not come back by `now`. Never waits; to be called every second.
    pub fn check_for_stall(&self, now: Instant) {
        self.watchdog().check(now);
    }

    /// Whether the engine has stalled, for whoever waits for it.
    #[must_use]
    pub fn stalled(&self) -> watch::Receiver<bool> {
        self.watchdog().stalled.subscribe()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{self, Write};

    /// A log that is kept.
    #[derive(Clone, Default)]
    struct Kept(Arc<Mutex<Vec<u8>>>);

    impl Write for Kept {
        fn write(&mut self, line: &[u8]) -> io::Result<usize> {
            lock(&self.0).extend_from_slice(line);
            Ok(line.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn log_of(work: impl FnOnce()) -> Vec<String> {
        let kept = Kept::default();
        let writer = kept.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_writer(move || writer.clone())
            .with_ansi(false)
            .finish();
        tracing::subscriber::with_default(subscriber, work);
        let text = String::from_utf8(lock(&kept.0).clone()).unwrap();
        text.lines().map(str::to_owned).collect()
    }

    #[test]
    fn a_stall_and_its_end_are_told_once_each() {
        let watchdog = Watchdog::new();
        let log = log_of(|| {
            let began = Instant::now();
            let after = |s: u64| began + Duration::from_secs(s);
            let running = watchdog.begin("sync");
            let quick = watchdog.begin("apply");
            watchdog.check(after(9));
            assert!(!*watchdog.stalled.borrow());
            watchdog.check(after(11));
            assert!(*watchdog.stalled.borrow());
            drop(quick);
            watchdog.check(after(12));
            assert!(*watchdog.stalled.borrow());
            drop(running);
            watchdog.check(after(13));
            assert!(!*watchdog.stalled.borrow());
            watchdog.check(after(14));
        });
        assert_eq!(log.len(), 2, "{log:?}");
        assert!(
            log[0].contains("does not answer")
                && log[0].contains("call=\"sync\"")
                && log[0].contains("waited_s=1"),
            "{log:?}"
        );
        assert!(log[1].contains("answers again"), "{log:?}");
    }

    #[test]
    fn many_calls_that_are_each_quick_are_no_stall() {
        let watchdog = Watchdog::new();
        let mut running = watchdog.begin("sync");
        let began = Instant::now();
        for _ in 0..3 {
            running = watchdog.begin("sync");
        }
        watchdog.check(began + STALLED_AFTER / 2);
        assert!(!*watchdog.stalled.borrow());
        drop(running);
        assert!(watchdog.oldest().is_none());
    }
}
