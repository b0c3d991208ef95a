//! What a disk does wrong.

/// Switches of a disk, all off at first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Faults {
    /// Writes fail with EIO.
    pub writes_fail: bool,
    /// Syncs fail with EIO.
    pub syncs_fail: bool,
    /// Syncs succeed and write nothing: a disk, or a program, that only says so.
    pub syncs_lie: bool,
    /// Everything that would change a file or a name fails with EROFS.
    pub read_only: bool,
    /// After so many changes more every further one fails with EIO: a disk that is pulled out.
    pub changes_left: Option<u64>,
    /// How many octets all files may have; beyond it writes fail with ENOSPC. None: as many as memory holds.
    pub capacity_bytes: Option<u64>,
    /// Whether `statfs` tells of free space that is not there, as under a quota.
    pub space_is_hidden: bool,
    /// Whether `fallocate` fails with EOPNOTSUPP, as on file systems that know of no such thing.
    pub sets_nothing_aside: bool,
}
