//! Asking a running server.

use super::{Address, PieceReader, Request};
use std::io::{self, Write as _};
use std::os::unix::net::UnixStream;
use std::path::Path;

/// Asks the server that serves this data directory, and gives its answer as it comes; `None` when no server does.
///
/// # Errors
/// When the socket is there and cannot be used: most often because it belongs to another user.
pub fn ask(data: &Path, request: Request) -> io::Result<Option<PieceReader<UnixStream>>> {
    let address = match Address::of(data) {
        Ok(address) => address,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    match UnixStream::connect(&address.path) {
        Ok(mut stream) => {
            stream.write_all(format!("{}\n", request.name()).as_bytes())?;
            Ok(Some(PieceReader::new(stream)))
        }
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused
            ) =>
        {
            Ok(None)
        }
        Err(error) => Err(error),
    }
}
