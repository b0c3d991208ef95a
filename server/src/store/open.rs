//! Opening a store: which engine, and whether what it holds is ours and of a layout we read.

use super::engine::{ApplyError, Batch, Direction, Engine, Expected};
use super::feed::Listeners;
use super::migrations::{LAYOUTS, Layouts};
use super::recording::Recorded;
use super::watchdog::Watched;
use super::{MemoryEngine, OpenError, Shared, SledEngine, Store, StoreError, layout};
use std::path::Path;
use std::sync::atomic::{AtomicU64, AtomicUsize};
use std::sync::{Arc, Mutex};

/// How a store is opened.
#[derive(Debug, Clone)]
pub struct StoreOptions {
    /// Memory for the engine's cache, in bytes.
    pub cache_bytes: u64,
    /// Writes are refused as [`StoreError::Full`] while less than this is free on the disk, in bytes, so that the
    /// engine never meets a full one.
    pub reserve_bytes: u64,
}

impl Default for StoreOptions {
    fn default() -> Self {
        Self {
            cache_bytes: 64 * 1024 * 1024,
            reserve_bytes: 64 * 1024 * 1024,
        }
    }
}

impl Store {
    /// Opens the data directory, and makes it when it is not there. The directory is the store's alone.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub fn open(path: &Path, options: &StoreOptions) -> Result<Self, OpenError> {
        over(SledEngine::open(path, options)?, path)
    }

    /// Whether there is anything of a store in this directory. Nothing is made, and nothing is looked at closely.
    #[must_use]
    pub fn is_at(path: &Path) -> bool {
        SledEngine::is_at(path)
    }

    /// A store that is gone with the process.
    #[must_use]
    pub fn in_memory() -> Self {
        Self::on(Box::new(MemoryEngine::new()))
    }

    /// A store over an engine that is empty or has been one's before. (What a data directory has in it and is checked
    /// for is [`Store::open`]'s.)
    #[must_use]
    pub fn on(engine: Box<dyn Engine>) -> Self {
        let watched = Watched::new(engine);
        let watchdog = watched.watchdog();
        Self {
            shared: Arc::new(Shared {
                engine: Recorded::new(Box::new(watched)),
                watchdog,
                quota_bytes: AtomicU64::new(u64::MAX),
                listeners: Listeners::default(),
                unsettled: AtomicUsize::new(0),
                turns: Mutex::new(()),
            }),
        }
    }
}

/// A store over an engine that is open, if what it holds is ours.
pub(super) fn over(engine: SledEngine, path: &Path) -> Result<Store, OpenError> {
    check_layout(&engine, path, &LAYOUTS)?;
    Ok(Store::on(Box::new(engine)))
}

/// Checks the layout version and brings older data to the newest, or writes it into an engine that is empty.
pub(super) fn check_layout(
    engine: &dyn Engine,
    path: &Path,
    layouts: &Layouts<'_>,
) -> Result<(), OpenError> {
    let damaged = |detail: &str| OpenError::Damaged {
        path: path.to_owned(),
        detail: detail.to_owned(),
    };
    let unreadable = |error: StoreError| damaged(&error.to_string());
    match engine.get(&layout::layout_version()).map_err(unreadable)? {
        Some(version) => match version.try_into().map(u32::from_be_bytes) {
            Ok(found) => layouts.migrate(engine, found),
            Err(_) => Err(damaged("the layout version is no number")),
        },
        None => {
            if !engine
                .scan(&layout::everything(), Direction::Ascending, 1)
                .map_err(unreadable)?
                .is_empty()
            {
                return Err(damaged("the layout version is missing"));
            }
            write_layout(engine, layouts.newest)
        }
    }
}

fn write_layout(engine: &dyn Engine, version: u32) -> Result<(), OpenError> {
    let mut batch = Batch::default();
    batch.assert(layout::layout_version(), Expected::Absent);
    batch.put(layout::layout_version(), version.to_be_bytes());
    engine.commit(&batch).map_err(|error| match error {
        ApplyError::Store(error) => OpenError::Write(error),
        ApplyError::Conflict => OpenError::Write(StoreError::Unavailable),
    })
}
