//! A file that is there whole or not at all.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// A file under a temporary name, readable by its owner alone; removed unless it is kept.
pub(super) struct NewFile {
    file: NamedTempFile,
    path: PathBuf,
    replaces: bool,
}

impl NewFile {
    /// Makes it beside `path`. What is at `path` already is an error, unless it may be replaced.
    pub(super) fn beside(path: &Path, replaces: bool) -> io::Result<Self> {
        match path.symlink_metadata() {
            Ok(_) if !replaces => return Err(already_there()),
            Ok(there) if !there.is_file() => return Err(not_a_file()),
            _ => {}
        }
        Ok(Self {
            file: tempfile::Builder::new()
                .prefix(".smail-backup-")
                .tempfile_in(directory_of(path))
                .map_err(|error| unnamed(error.kind()))?,
            path: path.to_owned(),
            replaces,
        })
    }

    /// To be written to.
    pub(super) fn file(&self) -> &File {
        self.file.as_file()
    }

    /// Gives it its name, once all of it is on the disk.
    pub(super) fn keep(self) -> io::Result<()> {
        self.file.as_file().sync_all()?;
        if self.replaces {
            self.file.persist(&self.path)?;
        } else {
            self.file
                .persist_noclobber(&self.path)
                .map_err(|error| match error.error.kind() {
                    io::ErrorKind::AlreadyExists => already_there(),
                    _ => error.error,
                })?;
        }
        File::open(directory_of(&self.path))?.sync_all()
    }
}

/// Why no temporary file can be made, without its name: nobody asked for one.
fn unnamed(kind: io::ErrorKind) -> io::Error {
    match kind {
        io::ErrorKind::NotFound => io::Error::new(kind, "there is no such directory"),
        _ => kind.into(),
    }
}

fn already_there() -> io::Error {
    io::Error::new(
        io::ErrorKind::AlreadyExists,
        "there is such a file already; name another, or say --force",
    )
}

fn not_a_file() -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidInput,
        "this is no ordinary file and is not replaced; name another",
    )
}

fn directory_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;
    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn it_is_there_whole_or_not_at_all_and_its_owners_alone() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("file");
        let begun = NewFile::beside(&path, false).unwrap();
        begun.file().write_all(b"half").unwrap();
        drop(begun);
        assert_eq!(directory.path().read_dir().unwrap().count(), 0);
        let new = NewFile::beside(&path, false).unwrap();
        new.file().write_all(b"all").unwrap();
        assert!(!path.exists());
        new.keep().unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"all");
        let mode = path.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600);
        assert_eq!(directory.path().read_dir().unwrap().count(), 1);
    }

    #[test]
    fn no_error_tells_of_the_temporary_name() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("missing").join("file");
        let error = NewFile::beside(&path, false).map(|_| ()).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::NotFound);
        assert!(!error.to_string().contains(".smail-backup-"), "{error}");
    }

    #[test]
    fn what_is_there_is_replaced_only_when_it_may_be() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("file");
        let late = NewFile::beside(&path, false).unwrap();
        std::fs::write(&path, "old").unwrap();
        for refused in [NewFile::beside(&path, false).map(|_| ()), late.keep()] {
            assert_eq!(refused.unwrap_err().kind(), io::ErrorKind::AlreadyExists);
        }
        assert_eq!(std::fs::read(&path).unwrap(), b"old");
        let device = NewFile::beside(Path::new("/dev/null"), true).map(|_| ());
        assert_eq!(device.unwrap_err().kind(), io::ErrorKind::InvalidInput);
        let new = NewFile::beside(&path, true).unwrap();
        new.file().write_all(b"new").unwrap();
        new.keep().unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"new");
    }
}
