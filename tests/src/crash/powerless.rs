//! The hard crash: SIGKILL, and the disk forgets what was not synced.

use super::rounds::Machine;
use crate::disk::{Faults, MountError, PowerDisk};
use crate::luck::Luck;
use crate::server::Server;
use std::time::Duration;

/// A data directory on a disk of the tests' own.
#[derive(Debug)]
pub struct Powerless {
    disk: PowerDisk,
    luck: Luck,
    /// Whether syncs write nothing, once the accounts are there.
    without_sync: bool,
}

impl Powerless {
    /// An empty disk. `without_sync`: its syncs only say that they are done, which must show as losses.
    ///
    /// # Errors
    /// See [`MountError`].
    pub fn new(seed: u64, without_sync: bool) -> Result<Self, MountError> {
        Ok(Self {
            disk: PowerDisk::mount()?,
            luck: Luck::of(seed, 0, 2),
            without_sync,
        })
    }

    /// The disk.
    #[must_use]
    pub const fn disk(&self) -> &PowerDisk {
        &self.disk
    }
}

impl Machine for Powerless {
    fn start(&mut self) -> anyhow::Result<Server> {
        Server::start_with(&self.disk.data(), &["--log", "warn"])
    }

    fn crash(&mut self, server: Server) -> anyhow::Result<()> {
        server.kill()?;
        self.disk.cut(&mut self.luck);
        Ok(())
    }

    fn crash_while_starting(&mut self, after: Duration) -> anyhow::Result<()> {
        Server::start_and_kill(&self.disk.data(), after)?;
        self.disk.cut(&mut self.luck);
        Ok(())
    }

    fn accounts_are_made(&mut self) {
        self.disk.set_faults(Faults {
            syncs_lie: self.without_sync,
            ..Faults::default()
        });
    }
}
