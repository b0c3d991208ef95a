//! The plain crash: SIGKILL. The operating system lives on, and with it all that was written, synced or not.

use super::rounds::Machine;
use crate::server::Server;
use std::path::PathBuf;
use std::time::Duration;

/// A data directory on an ordinary file system.
#[derive(Debug)]
pub struct Killed {
    /// The data directory.
    pub data: PathBuf,
}

impl Machine for Killed {
    fn start(&mut self) -> anyhow::Result<Server> {
        Server::start_with(&self.data, &["--log", "warn"])
    }

    fn crash(&mut self, server: Server) -> anyhow::Result<()> {
        server.kill()
    }

    fn crash_while_starting(&mut self, after: Duration) -> anyhow::Result<()> {
        Server::start_and_kill(&self.data, after)
    }
}
