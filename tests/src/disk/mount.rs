//! A disk that is mounted.

use super::faults::Faults;
use super::filesystem::{PowerFs, SharedVolume, lock};
use super::volume::Volume;
use crate::luck::Luck;
use fuser::{BackgroundSession, Config, MountOption};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};

const DEVICE: &str = "/dev/fuse";

/// Why there is no such disk on this machine. Says what would help.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MountError {
    /// The kernel offers no file systems in user space.
    #[error(
        "{DEVICE} is missing: load the kernel module `fuse`, or give the container that device"
    )]
    NoDevice,
    /// It does, and not to this user.
    #[error(
        "a FUSE file system cannot be mounted ({0}): run as root, or install fuse3 (fusermount3)"
    )]
    Refused(io::Error),
    /// There is no directory to mount it on.
    #[error("no directory to mount on: {0}")]
    Directory(io::Error),
}

/// A disk of the tests' own, mounted while this lives. See the module.
#[derive(Debug)]
pub struct PowerDisk {
    volume: SharedVolume,
    // In this order: the file system is unmounted before its directory is removed.
    _session: BackgroundSession,
    mountpoint: tempfile::TempDir,
}

impl PowerDisk {
    /// Mounts an empty disk.
    ///
    /// # Errors
    /// See [`MountError`].
    pub fn mount() -> Result<Self, MountError> {
        if !Path::new(DEVICE).exists() {
            return Err(MountError::NoDevice);
        }
        let mountpoint = tempfile::tempdir().map_err(MountError::Directory)?;
        let volume = Arc::new(Mutex::new(Volume::new()));
        let filesystem = PowerFs {
            volume: volume.clone(),
        };
        let mut config = Config::default();
        config.mount_options = vec![MountOption::FSName("smail-tests".into())];
        let session = fuser::spawn_mount(filesystem, mountpoint.path(), &config)
            .map_err(MountError::Refused)?;
        Ok(Self {
            volume,
            _session: session,
            mountpoint,
        })
    }

    /// Where a server may keep its data.
    #[must_use]
    pub fn data(&self) -> PathBuf {
        self.mountpoint.path().join("data")
    }

    /// Cuts the power. Whoever had files open must be gone.
    pub fn cut(&self, luck: &mut Luck) {
        lock(&self.volume).cut(luck);
    }

    /// Sets what is wrong with the disk from now on.
    pub fn set_faults(&self, faults: Faults) {
        lock(&self.volume).faults = faults;
    }

    /// Lets the disk answer nothing, neither well nor badly, while what this gives lives.
    pub fn hang(&self) -> Hanging<'_> {
        Hanging {
            _volume: lock(&self.volume),
        }
    }

    /// How many octets all files take, what is set aside for them included.
    #[must_use]
    pub fn used_bytes(&self) -> u64 {
        lock(&self.volume).used_bytes()
    }
}

/// A disk that does not answer. Dropped, it answers what it was asked meanwhile.
#[derive(Debug)]
#[must_use]
pub struct Hanging<'disk> {
    _volume: MutexGuard<'disk, Volume>,
}
