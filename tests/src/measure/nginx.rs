//! Debian's nginx, serving files of one directory on a loopback port, as its own process with its own configuration.

use anyhow::{Context as _, bail};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const START_TIMEOUT: Duration = Duration::from_secs(10);

/// A running nginx; ended when it is dropped.
#[derive(Debug)]
pub(super) struct Nginx {
    program: PathBuf,
    child: Child,
    port: u16,
    folder: tempfile::TempDir,
}

impl Nginx {
    /// Serves what is in `files`.
    pub(super) fn serve(program: &Path, files: &Path) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        std::fs::write(folder.path().join("nginx.conf"), configuration(files, port))?;
        let child = command(program, folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .context("starting nginx")?;
        let nginx = Self {
            program: program.to_owned(),
            child,
            port,
            folder,
        };
        nginx.wait()?;
        Ok(nginx)
    }

    fn wait(&self) -> anyhow::Result<()> {
        let started = Instant::now();
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            if started.elapsed() > START_TIMEOUT {
                bail!("nginx did not come up");
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }

    /// `http://127.0.0.1:port`.
    pub(super) fn origin(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // Its workers end with it when it is told; killed, it would leave them behind.
        let told = command(&self.program, self.folder.path())
            .args(["-s", "stop"])
            .status();
        if !told.is_ok_and(|status| status.success()) {
            let _ = self.child.kill();
        }
        let _ = self.child.wait();
    }
}

fn command(program: &Path, folder: &Path) -> Command {
    let mut command = Command::new(program);
    command
        .args(["-e", "stderr", "-c", "nginx.conf", "-p"])
        .arg(folder);
    command
}

/// As many workers as the server has, kept to this folder.
fn configuration(files: &Path, port: u16) -> String {
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|what| format!("{what}_temp_path {what};"))
        .join(" ");
    format!(
        "daemon off; worker_processes {workers}; pid nginx.pid; {}\n\
         events {{ worker_connections 256; }}\n\
         http {{ access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000; {temporary}\n\
         server {{ listen 127.0.0.1:{port}; root {}; }} }}\n",
        user(),
        files.display()
    )
}

/// Root's nginx would hand its workers to a user who cannot read the files.
fn user() -> &'static str {
    match std::fs::metadata("/proc/self") {
        Ok(metadata) if std::os::unix::fs::MetadataExt::uid(&metadata) == 0 => "user root;",
        _ => "",
    }
}
