//! The program itself, as a process.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// The program, to be started.
pub(crate) fn smail(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_smail"));
    command
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// A running server, stopped when dropped.
pub(crate) struct Running {
    child: Child,
    address: SocketAddr,
    pub(crate) url: String,
}

impl Running {
    pub(crate) fn start(data: &Path, more: &[&str]) -> Self {
        let data = data.to_str().unwrap();
        let arguments = [&["serve", "--listen", "127.0.0.1:0", "--data", data], more].concat();
        Self::spawn(smail(&arguments))
    }

    /// A command that becomes the program.
    pub(crate) fn spawn(mut command: Command) -> Self {
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let url = line
            .trim()
            .strip_prefix("listening on ")
            .unwrap_or_else(|| panic!("{line}"));
        let (_, address) = url.split_once("://").unwrap();
        Self {
            address: address.parse().unwrap(),
            url: url.to_owned(),
            child,
        }
    }

    pub(crate) fn process_id(&self) -> u32 {
        self.child.id()
    }

    /// Ends it without a word, and gives what is in the log.
    pub(crate) fn kill(mut self) -> String {
        self.child.kill().unwrap();
        let mut log = String::new();
        let mut stderr = self.child.stderr.take().unwrap();
        stderr.read_to_string(&mut log).unwrap();
        log
    }

    pub(crate) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(10)))
            .unwrap();
        stream
    }

    /// Sends octets as they are, and reads what comes until the server closes.
    pub(crate) fn exchange(&self, octets: &[u8]) -> String {
        let mut stream = self.connect();
        stream.write_all(octets).unwrap();
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        String::from_utf8_lossy(&answer).into_owned()
    }

    /// Sends SIGTERM, waits, and gives whether it went well and what is in the log.
    pub(crate) fn stop(mut self) -> (bool, String) {
        let terminated = Command::new("kill")
            .arg(self.child.id().to_string())
            .status()
            .unwrap();
        assert!(terminated.success());
        let mut log = String::new();
        self.child
            .stderr
            .take()
            .unwrap()
            .read_to_string(&mut log)
            .unwrap();
        (self.child.wait().unwrap().success(), log)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
