//! A disk of the tests' own, as a FUSE file system, that can be told to fail as real ones do.
//!
//! **Power cut.** What was written is kept in memory as two states: what readers see, and what is on the disk. A file's
//! writes reach the disk by `fsync`, `fdatasync` or `O_SYNC` alone (`sync_file_range`, closing and renaming count for
//! nothing). At a power cut each write that was not synced is kept or forgotten by chance: whole, or torn at any of its
//! 512-byte sectors, in any combination, so that a later write may be there and an earlier one not.
//!
//! **Names** (create, rename, remove, mkdir) go through a journal, as those of ext4, XFS and btrfs do: their order is
//! kept, and `fsync` of a directory makes all up to its last change durable. `fsync` of a file does *not* make its name
//! durable, which those file systems grant and POSIX does not. At a power cut a random number of the journal's last
//! changes is forgotten.
//!
//! **Faults.** EIO for writes or syncs, a disk that is full, a disk that became read-only: [`Faults`], switched at any
//! time. What a failed sync should have written stays visible and never reaches the disk, as Linux does it: the pages
//! count as clean, and a later sync that succeeds does not bring them. And a disk that answers nothing: [`PowerDisk::hang`].

mod cut;
mod faults;
mod files;
mod filesystem;
mod mount;
mod names;
mod volume;

pub use faults::Faults;
pub use mount::{Hanging, MountError, PowerDisk};
