//! Answering on the socket.

use super::{Address, PieceWriter, Request};
use crate::clock::{Clock as _, SystemClock};
use crate::store::{BackupError, Store, spill_in};
use std::fs::Permissions;
use std::io::{self, BufRead as _, BufReader, ErrorKind, Read as _};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::net::UnixListener;
use tokio::sync::watch;

/// Longest request line.
const MAX_REQUEST_BYTES: u64 = 64;
/// A client that neither sends nor takes anything for so long is given up.
const PATIENCE: Duration = Duration::from_secs(60);
/// Most answers under way at once.
const MAX_ANSWERS: usize = 8;
/// How long no one is heard after the system has refused to accept a connection.
const PAUSE_AFTER_FAULT: Duration = Duration::from_secs(1);

/// The socket, listened on; its name goes when it is dropped.
#[derive(Debug)]
pub struct ControlSocket {
    listener: UnixListener,
    data: PathBuf,
}

impl ControlSocket {
    /// Listens in a data directory that this process has locked: a socket that is there is of a server that is gone.
    ///
    /// # Errors
    /// When the file system takes no sockets, or has no room.
    pub fn listen(data: &Path) -> io::Result<Self> {
        let address = Address::of(data)?;
        match std::fs::remove_file(&address.path) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        // Until its own permissions are set, those of the directory keep others away.
        let listener = UnixListener::bind(&address.path)?;
        std::fs::set_permissions(&address.path, Permissions::from_mode(0o600))?;
        Ok(Self {
            listener,
            data: data.to_owned(),
        })
    }

    /// Answers whoever asks, each in a thread of its own, until the server goes down.
    pub async fn serve(self, store: Store, mut is_going_down: watch::Receiver<bool>) {
        let answers = Arc::new(AtomicUsize::new(0));
        loop {
            tokio::select! {
                accepted = self.listener.accept() => match accepted.and_then(|(stream, _)| stream.into_std()) {
                    Ok(stream) if answers.load(Ordering::Relaxed) < MAX_ANSWERS => {
                        let place = Place::take(&answers);
                        let answer = Answer {
                            store: store.clone(),
                            data: self.data.clone(),
                            is_going_down: is_going_down.clone(),
                        };
                        std::thread::spawn(move || {
                            answer.give(&stream);
                            drop(place);
                        });
                    }
                    Ok(_) => tracing::warn!("too many requests on the control socket at once"),
                    Err(error) => {
                        tracing::warn!(%error, "the control socket failed");
                        tokio::time::sleep(PAUSE_AFTER_FAULT).await;
                    }
                },
                _ = is_going_down.changed() => return,
            }
        }
    }
}

impl Drop for ControlSocket {
    fn drop(&mut self) {
        let removed =
            Address::of(&self.data).and_then(|address| std::fs::remove_file(address.path));
        if let Err(error) = removed {
            tracing::debug!(%error, "the control socket is left; the next server removes it");
        }
    }
}

/// One of the answers under way.
struct Place(Arc<AtomicUsize>);

impl Place {
    fn take(answers: &Arc<AtomicUsize>) -> Self {
        answers.fetch_add(1, Ordering::Relaxed);
        Self(Arc::clone(answers))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// What an answer is made from.
struct Answer {
    store: Store,
    data: PathBuf,
    is_going_down: watch::Receiver<bool>,
}

impl Answer {
    fn give(&self, stream: &UnixStream) {
        if let Err(error) = self.try_give(stream) {
            tracing::warn!(%error, "whoever asked on the control socket has gone");
        }
    }

    fn try_give(&self, stream: &UnixStream) -> io::Result<()> {
        stream.set_nonblocking(false)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        let mut line = String::new();
        BufReader::new(stream.take(MAX_REQUEST_BYTES)).read_line(&mut line)?;
        let mut writer = PieceWriter::new(stream);
        let outcome = match Request::of(line.trim_end()) {
            Some(Request::Backup) => self.back_up(&mut writer),
            Some(Request::Stats) => self.stats(&mut writer),
            None => Err("this server does not know the command; use its own program".to_owned()),
        };
        writer.end(outcome)
    }

    fn stats(&self, writer: &mut PieceWriter<&UnixStream>) -> Result<(), String> {
        let stats = self.store.stats(&self.data);
        let stats = stats.map_err(|error| error.to_string())?;
        serde_json::to_writer(writer, &stats).map_err(|error| error.to_string())
    }

    fn back_up(&self, writer: &mut PieceWriter<&UnixStream>) -> Result<(), String> {
        tracing::info!("a backup begins");
        let spill = spill_in(&self.data).map_err(|error| error.to_string())?;
        let now_ms = SystemClock.now_ms();
        let outcome = self
            .store
            .back_up(writer, spill, now_ms, |_| !*self.is_going_down.borrow());
        match outcome {
            Ok(counts) => {
                tracing::info!(
                    entries = counts.entries,
                    batches = counts.batches,
                    len_bytes = counts.len_bytes,
                    "a backup was made"
                );
                Ok(())
            }
            Err(error) => {
                // A failed write names no file here; who asked hears the rest.
                tracing::warn!(cause = backup_word(&error), "a backup failed");
                Err(error.to_string())
            }
        }
    }
}

const fn backup_word(error: &BackupError) -> &'static str {
    match error {
        BackupError::Busy => "busy",
        BackupError::Lost => "changes-lost",
        BackupError::BrokenOff => "broken-off",
        BackupError::Spill { .. } => "spill",
        BackupError::Write(_) => "write",
        BackupError::Store(error) => error.code(),
    }
}
