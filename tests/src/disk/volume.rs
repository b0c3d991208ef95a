//! The whole of a disk: files, directories and their names, behind the operations that a file system has.

use super::faults::Faults;
use super::files::Contents;
use super::names::{Names, ROOT};
use crate::luck::Luck;
use fuser::Errno;
use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};

/// Free space of a disk without a capacity, in bytes.
const PLENTY_BYTES: u64 = 1 << 40;
const OWNER_ALONE: u16 = 0o700;

/// What is behind a name.
#[derive(Debug)]
pub(super) enum Kind {
    /// A directory.
    Directory,
    /// A file with its contents.
    File(Contents),
    /// Where a socket is bound. A power cut leaves the name.
    Socket,
}

/// A file, a directory or a socket.
#[derive(Debug)]
pub(super) struct Node {
    /// Which.
    pub(super) kind: Kind,
    /// Permissions.
    pub(super) mode: u16,
    /// How many names it has.
    names: u32,
    /// How often it is open.
    opened: u32,
    /// Up to which octet there is space for it, whatever else fills the disk.
    set_aside: u64,
}

impl Node {
    fn new(kind: Kind, mode: u16) -> Self {
        Self {
            kind,
            mode,
            names: 1,
            opened: 0,
            set_aside: 0,
        }
    }

    /// What a file takes on the disk: its octets, and what is set aside behind them.
    pub(super) fn used_bytes(&self) -> u64 {
        self.size_bytes().max(self.set_aside)
    }

    /// Octets of a file.
    pub(super) fn size_bytes(&self) -> u64 {
        match &self.kind {
            Kind::File(contents) => contents.len() as u64,
            Kind::Directory | Kind::Socket => 0,
        }
    }
}

/// A disk's state. Every operation fails as [`Faults`] say.
#[derive(Debug)]
pub(super) struct Volume {
    nodes: BTreeMap<u64, Node>,
    names: Names,
    next: u64,
    /// What is wrong with the disk.
    pub(super) faults: Faults,
}

impl Volume {
    /// An empty disk without faults.
    pub(super) fn new() -> Self {
        Self {
            nodes: BTreeMap::from([(ROOT, Node::new(Kind::Directory, OWNER_ALONE))]),
            names: Names::default(),
            next: ROOT + 1,
            faults: Faults::default(),
        }
    }

    /// A file or directory by its number.
    pub(super) fn node(&self, inode: u64) -> Result<&Node, Errno> {
        self.nodes.get(&inode).ok_or(Errno::ENOENT)
    }

    fn node_mut(&mut self, inode: u64) -> Result<&mut Node, Errno> {
        self.nodes.get_mut(&inode).ok_or(Errno::ENOENT)
    }

    fn contents_mut(&mut self, inode: u64) -> Result<&mut Contents, Errno> {
        match &mut self.node_mut(inode)?.kind {
            Kind::File(contents) => Ok(contents),
            Kind::Directory | Kind::Socket => Err(Errno::EISDIR),
        }
    }

    /// What a name stands for.
    pub(super) fn look_up(&self, directory: u64, name: &OsStr) -> Result<u64, Errno> {
        self.names.get(directory, name).ok_or(Errno::ENOENT)
    }

    /// The names in a directory, with their files' numbers.
    pub(super) fn list(&self, directory: u64) -> Vec<(OsString, u64)> {
        let entries = self.names.list(directory);
        entries
            .map(|(name, inode)| (name.to_owned(), inode))
            .collect()
    }

    /// Makes something under a new name.
    pub(super) fn make(
        &mut self,
        directory: u64,
        name: &OsStr,
        mode: u16,
        kind: Kind,
    ) -> Result<u64, Errno> {
        self.check_writable()?;
        if self.names.get(directory, name).is_some() {
            return Err(Errno::EEXIST);
        }
        let inode = self.next;
        self.next += 1;
        self.nodes.insert(inode, Node::new(kind, mode & 0o7777));
        self.names.set(directory, name, inode);
        Ok(inode)
    }

    /// Takes a name away; a directory must be empty.
    pub(super) fn remove(&mut self, directory: u64, name: &OsStr) -> Result<(), Errno> {
        self.check_writable()?;
        let inode = self.look_up(directory, name)?;
        if self.names.list(inode).next().is_some() {
            return Err(Errno::ENOTEMPTY);
        }
        self.names.remove(directory, name);
        self.unname(inode);
        Ok(())
    }

    /// Moves a name in one step.
    pub(super) fn rename(&mut self, from: (u64, &OsStr), to: (u64, &OsStr)) -> Result<(), Errno> {
        self.check_writable()?;
        let inode = self.look_up(from.0, from.1)?;
        let replaced = self
            .names
            .get(to.0, to.1)
            .filter(|replaced| *replaced != inode);
        self.names.rename(from, to, inode);
        replaced
            .into_iter()
            .for_each(|replaced| self.unname(replaced));
        Ok(())
    }

    fn unname(&mut self, inode: u64) {
        if let Some(node) = self.nodes.get_mut(&inode) {
            node.names = node.names.saturating_sub(1);
        }
        self.forget_if_unused(inode);
    }

    /// A file that nobody can reach any more is gone, unless the disk may still remember a name of it.
    fn forget_if_unused(&mut self, inode: u64) {
        let is_unused = |node: &Node| node.names == 0 && node.opened == 0;
        if self.nodes.get(&inode).is_some_and(is_unused) && !self.names.is_remembered(inode) {
            self.nodes.remove(&inode);
        }
    }

    /// Opens, for reading or for writing.
    pub(super) fn open(&mut self, inode: u64, to_write: bool) -> Result<(), Errno> {
        if to_write {
            self.check_writable()?;
        }
        self.node_mut(inode)?.opened += 1;
        Ok(())
    }

    /// Closes.
    pub(super) fn close(&mut self, inode: u64) {
        // One that was open at a power cut may be closed after it.
        if let Some(node) = self.nodes.get_mut(&inode) {
            node.opened = node.opened.saturating_sub(1);
        }
        self.forget_if_unused(inode);
    }

    /// Reads.
    pub(super) fn read(&self, inode: u64, offset: u64, len: u32) -> Result<&[u8], Errno> {
        let Kind::File(contents) = &self.node(inode)?.kind else {
            return Err(Errno::EISDIR);
        };
        let offset = usize::try_from(offset).map_err(|_| Errno::EINVAL)?;
        Ok(contents.read(offset, len as usize))
    }

    /// Writes, not yet to the disk.
    pub(super) fn write(&mut self, inode: u64, offset: u64, octets: &[u8]) -> Result<(), Errno> {
        self.check_writable()?;
        if self.faults.writes_fail {
            return Err(Errno::EIO);
        }
        self.check_room(inode, offset.saturating_add(octets.len() as u64))?;
        let offset = usize::try_from(offset).map_err(|_| Errno::EFBIG)?;
        self.contents_mut(inode)?.write(offset, octets);
        Ok(())
    }

    /// Cuts or extends, not yet on the disk.
    pub(super) fn resize(&mut self, inode: u64, len: u64) -> Result<(), Errno> {
        self.check_writable()?;
        if self.faults.writes_fail {
            return Err(Errno::EIO);
        }
        self.check_room(inode, len)?;
        let len_bytes = usize::try_from(len).map_err(|_| Errno::EFBIG)?;
        self.contents_mut(inode)?.resize(len_bytes);
        let node = self.node_mut(inode)?;
        node.set_aside = node.set_aside.min(len);
        Ok(())
    }

    /// Sets space aside for a file up to its octet `end`, without making it longer. A power cut forgets that.
    pub(super) fn set_aside(&mut self, inode: u64, end: u64) -> Result<(), Errno> {
        if self.faults.sets_nothing_aside {
            return Err(Errno::EOPNOTSUPP);
        }
        self.check_writable()?;
        if self.faults.writes_fail {
            return Err(Errno::EIO);
        }
        self.check_room(inode, end)?;
        let node = self.node_mut(inode)?;
        node.set_aside = node.set_aside.max(end);
        Ok(())
    }

    /// Sets permissions.
    pub(super) fn set_mode(&mut self, inode: u64, mode: u16) -> Result<(), Errno> {
        self.check_writable()?;
        self.node_mut(inode)?.mode = mode & 0o7777;
        Ok(())
    }

    /// `fsync` or `fdatasync` of a file.
    pub(super) fn sync(&mut self, inode: u64) -> Result<(), Errno> {
        let faults = self.faults;
        let contents = self.contents_mut(inode)?;
        if faults.syncs_fail || faults.changes_left == Some(0) {
            contents.fail_sync();
            return Err(Errno::EIO);
        }
        if !faults.syncs_lie {
            contents.sync();
        }
        Ok(())
    }

    /// `fsync` of a directory.
    pub(super) fn sync_directory(&mut self, inode: u64) -> Result<(), Errno> {
        if self.faults.syncs_fail || self.faults.changes_left == Some(0) {
            return Err(Errno::EIO);
        }
        if !self.faults.syncs_lie {
            self.names.sync(inode);
        }
        Ok(())
    }

    /// All space and what is free of it, in bytes, as `statfs` tells.
    pub(super) fn space_bytes(&self) -> (u64, u64) {
        match self.faults.capacity_bytes {
            Some(capacity) if !self.faults.space_is_hidden => {
                (capacity, capacity.saturating_sub(self.used_bytes()))
            }
            _ => (PLENTY_BYTES, PLENTY_BYTES),
        }
    }

    /// Power is cut: what was not synced is forgotten in part.
    pub(super) fn cut(&mut self, luck: &mut Luck) {
        let reached = self.names.cut(luck);
        self.nodes.retain(|inode, _| reached.contains(inode));
        for node in self.nodes.values_mut() {
            (node.names, node.opened, node.set_aside) = (1, 0, 0);
            if let Kind::File(contents) = &mut node.kind {
                contents.cut(luck);
            }
        }
    }

    /// How many octets all files take.
    pub(super) fn used_bytes(&self) -> u64 {
        self.nodes.values().map(Node::used_bytes).sum()
    }

    fn check_writable(&mut self) -> Result<(), Errno> {
        if self.faults.read_only {
            return Err(Errno::EROFS);
        }
        match &mut self.faults.changes_left {
            Some(0) => Err(Errno::EIO),
            Some(left) => {
                *left -= 1;
                Ok(())
            }
            None => Ok(()),
        }
    }

    fn check_room(&self, inode: u64, end: u64) -> Result<(), Errno> {
        let Some(capacity) = self.faults.capacity_bytes else {
            return Ok(());
        };
        let growth = end.saturating_sub(self.node(inode)?.used_bytes());
        if growth > 0 && self.used_bytes().saturating_add(growth) > capacity {
            Err(Errno::ENOSPC)
        } else {
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn volume() -> (Volume, u64) {
        let mut volume = Volume::new();
        let file = volume
            .make(
                ROOT,
                OsStr::new("file"),
                0o600,
                Kind::File(Contents::default()),
            )
            .unwrap();
        (volume, file)
    }

    fn code<T>(outcome: Result<T, Errno>) -> Option<i32> {
        outcome.err().map(|errno| errno.code())
    }

    #[test]
    fn a_full_disk_takes_no_more_and_still_overwrites() {
        let (mut volume, file) = volume();
        volume.faults.capacity_bytes = Some(1_000);
        volume.write(file, 0, &[1; 900]).unwrap();
        assert_eq!(
            code(volume.write(file, 900, &[1; 200])),
            Some(Errno::ENOSPC.code())
        );
        volume.write(file, 100, &[2; 800]).unwrap();
        assert_eq!(volume.space_bytes(), (1_000, 100));
        volume.faults.space_is_hidden = true;
        assert_eq!(volume.space_bytes().1, PLENTY_BYTES);
    }

    #[test]
    fn what_is_set_aside_is_there_on_a_full_disk_until_the_file_is_cut() {
        let (mut volume, file) = volume();
        volume.faults.capacity_bytes = Some(1_000);
        volume.set_aside(file, 600).unwrap();
        assert_eq!(volume.node(file).unwrap().size_bytes(), 0);
        assert_eq!(volume.used_bytes(), 600);
        volume.faults.capacity_bytes = Some(600);
        let refused = code(volume.set_aside(file, 601));
        assert_eq!(refused, Some(Errno::ENOSPC.code()));
        volume.write(file, 0, &[1; 600]).unwrap();
        volume.resize(file, 10).unwrap();
        assert_eq!(volume.used_bytes(), 10);
    }

    #[test]
    fn faults_hit_what_they_name() {
        let (mut volume, file) = volume();
        volume.faults.syncs_fail = true;
        volume.write(file, 0, b"octets").unwrap();
        assert_eq!(code(volume.sync(file)), Some(Errno::EIO.code()));
        volume.faults = Faults {
            writes_fail: true,
            ..Faults::default()
        };
        assert_eq!(code(volume.write(file, 0, b"x")), Some(Errno::EIO.code()));
        assert_eq!(code(volume.sync(file)), None);
        volume.faults = Faults {
            read_only: true,
            ..Faults::default()
        };
        assert_eq!(code(volume.write(file, 0, b"x")), Some(Errno::EROFS.code()));
        assert_eq!(code(volume.open(file, true)), Some(Errno::EROFS.code()));
        volume.faults = Faults {
            changes_left: Some(1),
            ..Faults::default()
        };
        volume.write(file, 0, b"O").unwrap();
        assert_eq!(code(volume.write(file, 1, b"C")), Some(Errno::EIO.code()));
        assert_eq!(code(volume.sync(file)), Some(Errno::EIO.code()));
        assert_eq!(volume.read(file, 0, 9).unwrap(), b"Octets");
    }

    #[test]
    fn a_disk_that_lies_forgets_what_was_synced() {
        let is_forgotten = |seed| {
            let (mut volume, file) = volume();
            volume.sync_directory(ROOT).unwrap();
            volume.faults.syncs_lie = true;
            volume.write(file, 0, &[1; 40_000]).unwrap();
            volume.sync(file).unwrap();
            volume.cut(&mut Luck::of(seed, 0, 0));
            volume.read(file, 0, 40_000).unwrap() != [1; 40_000]
        };
        assert!((0..9).any(is_forgotten));
    }
}
