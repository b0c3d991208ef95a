//! A relay between client and server that keeps every byte of both directions.

use std::collections::BTreeMap;
use std::io::{self, Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::thread;

/// What passed: by connection and direction.
type Kept = Arc<Mutex<BTreeMap<String, Vec<u8>>>>;

/// A relay that takes connections until the process ends.
#[derive(Debug)]
pub struct Recorder {
    origin: String,
    kept: Kept,
}

impl Recorder {
    /// Starts a relay to the server at this origin (`http://address:port`).
    ///
    /// # Errors
    /// When no port can be had, or the origin is none.
    pub fn before(origin: &str) -> anyhow::Result<Self> {
        let server: SocketAddr = origin.trim_start_matches("http://").parse()?;
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let recorder = Self {
            origin: format!("http://{}", listener.local_addr()?),
            kept: Kept::default(),
        };
        let kept = recorder.kept.clone();
        thread::spawn(move || {
            for (number, client) in listener.incoming().flatten().enumerate() {
                if let Ok(server) = TcpStream::connect(server) {
                    relay(client, server, number, &kept);
                }
            }
        });
        Ok(recorder)
    }

    /// Where clients go instead of the server.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Writes what passed so far into a directory, a file for each direction of each connection.
    ///
    /// # Errors
    /// What the file system says.
    pub fn write_to(&self, directory: &Path) -> io::Result<()> {
        let Ok(kept) = self.kept.lock() else {
            return Err(io::Error::other("a relay failed"));
        };
        kept.iter()
            .try_for_each(|(name, bytes)| std::fs::write(directory.join(name), bytes))
    }
}

fn relay(client: TcpStream, server: TcpStream, number: usize, kept: &Kept) {
    let (Ok(from_client), Ok(from_server)) = (client.try_clone(), server.try_clone()) else {
        return;
    };
    for (from, to, direction) in [
        (from_client, server, "requests"),
        (from_server, client, "answers"),
    ] {
        let kept = kept.clone();
        thread::spawn(move || copy(from, to, &format!("{number}.{direction}"), &kept));
    }
}

/// Passes bytes on until either end closes.
fn copy(mut from: TcpStream, mut to: TcpStream, name: &str, kept: &Kept) {
    let mut buffer = [0; 16 * 1024];
    while let Ok(len @ 1..) = from.read(&mut buffer) {
        let bytes = buffer.get(..len).unwrap_or_default();
        if let Ok(mut kept) = kept.lock() {
            kept.entry(name.to_owned())
                .or_default()
                .extend_from_slice(bytes);
        }
        if to.write_all(bytes).is_err() {
            break;
        }
    }
    // The other end may have closed already.
    let _ = to.shutdown(Shutdown::Write);
}
