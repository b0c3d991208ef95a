//! The operator's way to a running server: a Unix socket in the data directory, its owner's alone.
//!
//! The engine lets one process at its files, so that whoever wants something of a store that is served asks the
//! server for it. A client sends the request's name and a line feed; the server answers in pieces (`pieces`), of which
//! the last says how it went. Nothing comes this way that the owner of the files could not read from them.

mod client;
mod pieces;
mod server;

pub use client::ask;
pub use pieces::{PieceReader, PieceWriter};
pub use server::ControlSocket;

use crate::store::CONTROL_SOCKET;
use std::fs::File;
use std::io;
use std::os::fd::AsRawFd as _;
use std::path::{Path, PathBuf};

/// Longest path that fits into a socket's address, on every Unix.
const MAX_ADDRESS_BYTES: usize = 100;

/// What can be asked of a running server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Request {
    /// An archive of the store.
    Backup,
    /// Numbers about the store, as JSON.
    Stats,
}

impl Request {
    const ALL: [Self; 2] = [Self::Backup, Self::Stats];

    const fn name(self) -> &'static str {
        match self {
            Self::Backup => "backup",
            Self::Stats => "stats",
        }
    }

    fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|request| request.name() == name)
    }
}

/// The socket's address: its path, or, where that is too long for one, the path by way of the open directory.
struct Address {
    path: PathBuf,
    _directory: Option<File>,
}

impl Address {
    fn of(data: &Path) -> io::Result<Self> {
        let path = data.join(CONTROL_SOCKET);
        if path.as_os_str().len() <= MAX_ADDRESS_BYTES {
            return Ok(Self {
                path,
                _directory: None,
            });
        }
        let directory = File::open(data)?;
        let path = format!("/proc/self/fd/{}/{CONTROL_SOCKET}", directory.as_raw_fd()).into();
        Ok(Self {
            path,
            _directory: Some(directory),
        })
    }
}
