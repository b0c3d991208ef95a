//! A keep-alive connection that fetches and throws away, as cheaply as can be: what is measured is the server.

use anyhow::{Context as _, bail, ensure};
use std::io::{Read as _, Write as _};
use std::net::TcpStream;

const BUFFER_BYTES: usize = 512 * 1024;
const MOST_FIELDS: usize = 64;

/// One connection.
#[derive(Debug)]
pub(super) struct Wire {
    stream: TcpStream,
    authority: String,
    cookie: Option<String>,
    buffer: Vec<u8>,
}

impl Wire {
    /// Connects to the server at this origin (`http://address:port`).
    pub(super) fn to(origin: &str, cookie: Option<String>) -> anyhow::Result<Self> {
        let authority = origin.trim_start_matches("http://").to_owned();
        let stream = TcpStream::connect(&authority)?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            authority,
            cookie,
            buffer: vec![0; BUFFER_BYTES],
        })
    }

    /// Fetches a path and returns how many octets its body had.
    pub(super) fn get(&mut self, path: &str) -> anyhow::Result<u64> {
        let cookie = self
            .cookie
            .as_ref()
            .map_or(String::new(), |cookie| format!("cookie: {cookie}\r\n"));
        let request = format!(
            "GET {path} HTTP/1.1\r\nhost: {}\r\n{cookie}\r\n",
            self.authority
        );
        self.stream.write_all(request.as_bytes())?;
        let mut filled = 0;
        loop {
            let rest = self.buffer.get_mut(filled..).context("an endless head")?;
            let len = self.stream.read(rest)?;
            ensure!(len > 0, "the connection ended");
            filled += len;
            if let Some((head, body)) = head_of(self.buffer.get(..filled).unwrap_or_default())? {
                return self.skip(body, (filled - head) as u64);
            }
        }
    }

    /// Reads the rest of a body.
    fn skip(&mut self, body: u64, mut read: u64) -> anyhow::Result<u64> {
        while read < body {
            let len = self.stream.read(&mut self.buffer)?;
            ensure!(len > 0, "the answer broke off");
            read += len as u64;
        }
        Ok(body)
    }
}

/// The length of an answer's head and of its body, once the head is all there.
fn head_of(octets: &[u8]) -> anyhow::Result<Option<(usize, u64)>> {
    let mut fields = [httparse::EMPTY_HEADER; MOST_FIELDS];
    let mut answer = httparse::Response::new(&mut fields);
    let httparse::Status::Complete(head) = answer.parse(octets)? else {
        return Ok(None);
    };
    if answer.code != Some(200) {
        bail!("status {:?}", answer.code);
    }
    let length = answer
        .headers
        .iter()
        .find(|field| field.name.eq_ignore_ascii_case("content-length"));
    let length = std::str::from_utf8(length.context("no content-length")?.value)?;
    Ok(Some((head, length.parse()?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_read_when_it_is_whole() {
        let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nocte";
        assert_eq!(head_of(answer).unwrap(), Some((answer.len() - 4, 7)));
        assert_eq!(head_of(&answer[..20]).unwrap(), None);
        assert!(head_of(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n").is_err());
    }
}
