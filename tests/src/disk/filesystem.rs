//! The disk as the kernel asks for it.

use super::files::Contents;
use super::volume::{Kind, Volume};
use fuser::{
    BsdFileFlags, Errno, FileAttr, FileHandle, FileType, Filesystem, FopenFlags, Generation,
    INodeNo, LockOwner, OpenAccMode, OpenFlags, RenameFlags, ReplyAttr, ReplyCreate, ReplyData,
    ReplyDirectory, ReplyEmpty, ReplyEntry, ReplyOpen, ReplyStatfs, ReplyWrite, Request, TimeOrNow,
    WriteFlags,
};
use std::ffi::OsStr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// How long the kernel may remember names and attributes: after a power cut they are others.
const NOT_AT_ALL: Duration = Duration::ZERO;
const BLOCK_BYTES: u32 = 4_096;
/// Longest name, in bytes.
const NAME_BYTES: u32 = 255;
/// `O_SYNC` and `O_DSYNC` of Linux.
const SYNC_FLAGS: i32 = 0o4_010_000;
/// `S_IFMT`, `S_IFSOCK` and `S_IFREG`.
const KIND_BITS: u32 = 0o170_000;
const SOCKET: u32 = 0o140_000;
const REGULAR: u32 = 0o100_000;
/// `FALLOC_FL_KEEP_SIZE`.
const KEEP_SIZE: i32 = 1;
const HANDLE: FileHandle = FileHandle(0);

/// A volume that several hold.
pub(super) type SharedVolume = Arc<Mutex<Volume>>;

/// Locks it. A panic elsewhere leaves the volume as it was between two operations.
pub(super) fn lock(volume: &SharedVolume) -> MutexGuard<'_, Volume> {
    volume.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What answers the kernel.
#[derive(Debug)]
pub(super) struct PowerFs {
    /// The disk.
    pub(super) volume: SharedVolume,
}

impl PowerFs {
    fn lock(&self) -> MutexGuard<'_, Volume> {
        lock(&self.volume)
    }
}

fn attributes(volume: &Volume, inode: u64) -> Result<FileAttr, Errno> {
    let node = volume.node(inode)?;
    let size = node.size_bytes();
    let kind = match node.kind {
        Kind::Directory => FileType::Directory,
        Kind::File(_) => FileType::RegularFile,
        Kind::Socket => FileType::Socket,
    };
    Ok(FileAttr {
        ino: INodeNo(inode),
        size,
        blocks: node.used_bytes().div_ceil(512),
        atime: UNIX_EPOCH,
        mtime: UNIX_EPOCH,
        ctime: UNIX_EPOCH,
        crtime: UNIX_EPOCH,
        kind,
        perm: node.mode,
        nlink: 1,
        uid: 0,
        gid: 0,
        rdev: 0,
        blksize: BLOCK_BYTES,
        flags: 0,
    })
}

fn answer(outcome: Result<(), Errno>, reply: ReplyEmpty) {
    match outcome {
        Ok(()) => reply.ok(),
        Err(errno) => reply.error(errno),
    }
}

fn entry(outcome: Result<FileAttr, Errno>, reply: ReplyEntry) {
    match outcome {
        Ok(attributes) => reply.entry(&NOT_AT_ALL, &attributes, Generation(0)),
        Err(errno) => reply.error(errno),
    }
}

fn permissions(mode: u32, umask: u32) -> u16 {
    u16::try_from(mode & !umask & 0o7777).unwrap_or_default()
}

impl Filesystem for PowerFs {
    fn lookup(&self, _: &Request, parent: INodeNo, name: &OsStr, reply: ReplyEntry) {
        let volume = self.lock();
        let inode = volume.look_up(parent.0, name);
        entry(inode.and_then(|inode| attributes(&volume, inode)), reply);
    }

    fn getattr(&self, _: &Request, ino: INodeNo, _: Option<FileHandle>, reply: ReplyAttr) {
        match attributes(&self.lock(), ino.0) {
            Ok(attributes) => reply.attr(&NOT_AT_ALL, &attributes),
            Err(errno) => reply.error(errno),
        }
    }

    fn setattr(
        &self,
        _: &Request,
        ino: INodeNo,
        mode: Option<u32>,
        _: Option<u32>,
        _: Option<u32>,
        size: Option<u64>,
        _: Option<TimeOrNow>,
        _: Option<TimeOrNow>,
        _: Option<SystemTime>,
        _: Option<FileHandle>,
        _: Option<SystemTime>,
        _: Option<SystemTime>,
        _: Option<SystemTime>,
        _: Option<BsdFileFlags>,
        reply: ReplyAttr,
    ) {
        let mut volume = self.lock();
        let resized = size.map_or(Ok(()), |size| volume.resize(ino.0, size));
        let done = resized.and_then(|()| {
            mode.map_or(Ok(()), |mode| volume.set_mode(ino.0, permissions(mode, 0)))
        });
        match done.and_then(|()| attributes(&volume, ino.0)) {
            Ok(attributes) => reply.attr(&NOT_AT_ALL, &attributes),
            Err(errno) => reply.error(errno),
        }
    }

    fn mkdir(
        &self,
        _: &Request,
        parent: INodeNo,
        name: &OsStr,
        mode: u32,
        umask: u32,
        reply: ReplyEntry,
    ) {
        let mut volume = self.lock();
        let made = volume.make(parent.0, name, permissions(mode, umask), Kind::Directory);
        entry(made.and_then(|inode| attributes(&volume, inode)), reply);
    }

    fn mknod(
        &self,
        _: &Request,
        parent: INodeNo,
        name: &OsStr,
        mode: u32,
        umask: u32,
        _: u32,
        reply: ReplyEntry,
    ) {
        let kind = match mode & KIND_BITS {
            SOCKET => Kind::Socket,
            REGULAR | 0 => Kind::File(Contents::default()),
            _ => return reply.error(Errno::EPERM),
        };
        let mut volume = self.lock();
        let made = volume.make(parent.0, name, permissions(mode, umask), kind);
        entry(made.and_then(|inode| attributes(&volume, inode)), reply);
    }

    fn unlink(&self, _: &Request, parent: INodeNo, name: &OsStr, reply: ReplyEmpty) {
        answer(self.lock().remove(parent.0, name), reply);
    }

    fn rmdir(&self, _: &Request, parent: INodeNo, name: &OsStr, reply: ReplyEmpty) {
        answer(self.lock().remove(parent.0, name), reply);
    }

    fn rename(
        &self,
        _: &Request,
        parent: INodeNo,
        name: &OsStr,
        newparent: INodeNo,
        newname: &OsStr,
        flags: RenameFlags,
        reply: ReplyEmpty,
    ) {
        // Exchanging two names, or refusing to replace one, is asked for by nobody here.
        let outcome = if flags.is_empty() {
            self.lock().rename((parent.0, name), (newparent.0, newname))
        } else {
            Err(Errno::EINVAL)
        };
        answer(outcome, reply);
    }

    fn create(
        &self,
        _: &Request,
        parent: INodeNo,
        name: &OsStr,
        mode: u32,
        umask: u32,
        _: i32,
        reply: ReplyCreate,
    ) {
        let mut volume = self.lock();
        let made = volume.make(
            parent.0,
            name,
            permissions(mode, umask),
            Kind::File(Contents::default()),
        );
        let opened = made.and_then(|inode| {
            volume.open(inode, true)?;
            attributes(&volume, inode)
        });
        match opened {
            Ok(attributes) => reply.created(
                &NOT_AT_ALL,
                &attributes,
                Generation(0),
                HANDLE,
                FopenFlags::FOPEN_DIRECT_IO,
            ),
            Err(errno) => reply.error(errno),
        }
    }

    fn open(&self, _: &Request, ino: INodeNo, flags: OpenFlags, reply: ReplyOpen) {
        let to_write = flags.acc_mode() != OpenAccMode::O_RDONLY;
        match self.lock().open(ino.0, to_write) {
            // Past the kernel's page cache, which would remember what the disk has forgotten.
            Ok(()) => reply.opened(HANDLE, FopenFlags::FOPEN_DIRECT_IO),
            Err(errno) => reply.error(errno),
        }
    }

    fn release(
        &self,
        _: &Request,
        ino: INodeNo,
        _: FileHandle,
        _: OpenFlags,
        _: Option<LockOwner>,
        _: bool,
        reply: ReplyEmpty,
    ) {
        self.lock().close(ino.0);
        reply.ok();
    }

    fn read(
        &self,
        _: &Request,
        ino: INodeNo,
        _: FileHandle,
        offset: u64,
        size: u32,
        _: OpenFlags,
        _: Option<LockOwner>,
        reply: ReplyData,
    ) {
        match self.lock().read(ino.0, offset, size) {
            Ok(octets) => reply.data(octets),
            Err(errno) => reply.error(errno),
        }
    }

    fn write(
        &self,
        _: &Request,
        ino: INodeNo,
        _: FileHandle,
        offset: u64,
        data: &[u8],
        _: WriteFlags,
        flags: OpenFlags,
        _: Option<LockOwner>,
        reply: ReplyWrite,
    ) {
        let mut volume = self.lock();
        let written = volume.write(ino.0, offset, data).and_then(|()| {
            if flags.0 & SYNC_FLAGS == 0 {
                Ok(())
            } else {
                volume.sync(ino.0)
            }
        });
        match (written, u32::try_from(data.len())) {
            (Ok(()), Ok(len)) => reply.written(len),
            (Ok(()), Err(_)) => reply.error(Errno::EFBIG),
            (Err(errno), _) => reply.error(errno),
        }
    }

    fn fallocate(
        &self,
        _: &Request,
        ino: INodeNo,
        _: FileHandle,
        offset: u64,
        length: u64,
        mode: i32,
        reply: ReplyEmpty,
    ) {
        let outcome = if mode == KEEP_SIZE {
            self.lock().set_aside(ino.0, offset.saturating_add(length))
        } else {
            Err(Errno::EOPNOTSUPP)
        };
        answer(outcome, reply);
    }

    fn flush(&self, _: &Request, _: INodeNo, _: FileHandle, _: LockOwner, reply: ReplyEmpty) {
        // Closing a file brings nothing to the disk.
        reply.ok();
    }

    fn fsync(&self, _: &Request, ino: INodeNo, _: FileHandle, _: bool, reply: ReplyEmpty) {
        answer(self.lock().sync(ino.0), reply);
    }

    fn fsyncdir(&self, _: &Request, ino: INodeNo, _: FileHandle, _: bool, reply: ReplyEmpty) {
        answer(self.lock().sync_directory(ino.0), reply);
    }

    fn readdir(
        &self,
        _: &Request,
        ino: INodeNo,
        _: FileHandle,
        offset: u64,
        mut reply: ReplyDirectory,
    ) {
        let volume = self.lock();
        let entries = volume.list(ino.0);
        let rest = entries
            .iter()
            .zip(1_u64..)
            .skip(usize::try_from(offset).unwrap_or(usize::MAX));
        for ((name, inode), next) in rest {
            let Ok(attributes) = attributes(&volume, *inode) else {
                continue;
            };
            if reply.add(INodeNo(*inode), next, attributes.kind, name) {
                break;
            }
        }
        reply.ok();
    }

    fn statfs(&self, _: &Request, _: INodeNo, reply: ReplyStatfs) {
        let block = u64::from(BLOCK_BYTES);
        let (all, free) = self.lock().space_bytes();
        let (all, free) = (all / block, free / block);
        reply.statfs(all, free, free, 0, 0, BLOCK_BYTES, NAME_BYTES, BLOCK_BYTES);
    }
}
