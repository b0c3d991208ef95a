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
mod archive;
mod backup;
mod blobs;
mod changes;
mod check;
mod credentials;
mod deletion;
mod deliver;
mod directory;
pub mod engine;
mod error;
mod factors;
mod feed;
mod holdings;
mod items;
mod keys;
mod layout;
mod mailboxes;
mod memory;
mod migrations;
mod open;
mod parts;
mod passkeys;
mod recording;
mod records;
mod restore;
mod scheduled;
mod sessions;
mod sled;
mod state;
mod stats;
mod sweep;
mod transaction;
mod usage;
mod watchdog;

#[cfg(test)]
mod tests;

pub use self::sled::{CONTROL_SOCKET, SledEngine};
pub use accounts::{Account, CreateAccountError, NewAccount};
pub use archive::{ArchiveCounts, ArchiveError, ArchiveHeader, ArchiveReader, Part};
pub use backup::{BackupError, BackupStep, spill_in};
pub use blobs::{BlobReader, BlobWriter, FinishBlobError};
pub use check::{Changed, CheckReport, CheckStep, Fault, Place, StreamName};
pub use credentials::{
    CurrentCredential, FIRST_CREDENTIAL_VERSION, SetCredentialError, StoredCredential,
};
pub use deletion::DeleteAccountError;
pub use deliver::DeliverError;
pub use error::{OpenError, StoreError};
pub use factors::{ChangeFactorError, RecoveryCodeHash, SecondFactor, Totp};
pub use feed::Feed;
pub use items::{DeleteItemError, ListItemsError, WriteItemError};
pub use keys::ReplaceKeysError;
pub use mailboxes::{DeleteMailboxError, PutMailboxError};
pub use memory::MemoryEngine;
pub use open::StoreOptions;
pub use passkeys::{Passkey, PasskeyState};
pub use restore::{RestoreError, RestoreOptions, RestoreReport, RestoreStep, restore};
pub use scheduled::{DueReport, ScheduleError, SendScheduledError};
pub use sessions::{CreateSessionError, NewSession, Session, TokenHash};
pub use state::WriteStateError;
pub use stats::Stats;
pub use sweep::SweepReport;
pub use watchdog::STALLED_AFTER;

use engine::{ApplyError, Batch, Engine};
use feed::Listeners;
use recording::Recorded;
use std::sync::atomic::{AtomicU64, AtomicUsize};
use std::sync::{Arc, Mutex};
use watchdog::Watchdog;

/// The store. Cloning it is cheap and gives the same store.
#[derive(Debug, Clone)]
pub struct Store {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    engine: Recorded,
    watchdog: Arc<Watchdog>,
    /// Most that one account may store.
    quota_bytes: AtomicU64,
    listeners: Listeners,
    /// How many transactions others may see that are not durable yet; see `transaction`.
    unsettled: AtomicUsize,
    /// Held by a transaction that has met others too often; see `transaction`.
    turns: Mutex<()>,
}

impl Store {
    /// The server's long-term OPAQUE setup: what `make` gives the first time ever, and the same each time after.
    /// Sensitive: part of every backup, never of a log.
    ///
    /// # Errors
    /// [`StoreError`] alone.
    pub fn server_setup(&self, make: impl FnOnce() -> Vec<u8>) -> Result<Vec<u8>, StoreError> {
        let key = layout::server_setup();
        if let Some(setup) = self.engine().get(&key)? {
            return self.settled(setup);
        }
        let made = make();
        self.transact(|transaction| {
            let setup = transaction.get_bytes(&key)?.unwrap_or_else(|| made.clone());
            transaction.put_bytes(key.clone(), setup.clone());
            Ok(setup)
        })
    }

    fn engine(&self) -> &dyn Engine {
        &self.shared.engine
    }

    fn watchdog(&self) -> &Watchdog {
        &self.shared.watchdog
    }

    fn listeners(&self) -> &Listeners {
        &self.shared.listeners
    }

    fn unsettled(&self) -> &AtomicUsize {
        &self.shared.unsettled
    }

    fn turns(&self) -> &Mutex<()> {
        &self.shared.turns
    }

    /// Applies a batch that asserts nothing and need not be durable yet.
    fn apply(&self, batch: &Batch) -> Result<(), StoreError> {
        match self.engine().apply(batch) {
            Ok(_) => Ok(()),
            Err(ApplyError::Store(error)) => Err(error),
            Err(ApplyError::Conflict) => Err(StoreError::Corrupt),
        }
    }
}

/// 128 bits from the operating system.
fn random_id() -> Result<[u8; 16], StoreError> {
    let mut id = [0; 16];
    getrandom::getrandom(&mut id).map_err(|_| StoreError::Unavailable)?;
    Ok(id)
}
