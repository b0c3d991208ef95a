//! `cargo xtask run`: builds what has changed and serves.

use crate::build;
use crate::workspace::Workspace;
use anyhow::{Context as _, Result};
use clap::Args;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The settings people need most. The server takes all of its settings from SMAIL_* variables too.
#[derive(Debug, Args)]
pub(crate) struct RunOptions {
    /// What follows the @ in this server's addresses [default: localhost]
    #[arg(long, value_name = "DOMAIN")]
    domain: Option<String>,
    /// Address and port to listen on [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<String>,
    /// Directory that holds everything the server keeps [default: data, in the checkout]
    #[arg(long, value_name = "DIRECTORY", env = "SMAIL_DATA")]
    data: Option<PathBuf>,
    /// Certificate chain, PEM: serve TLS
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    tls_cert: Option<PathBuf>,
    /// The certificate's private key, PEM
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    tls_key: Option<PathBuf>,
}

/// Builds, then becomes the server, which prints its address once it answers.
///
/// # Errors
/// When a step fails or the server cannot be started.
pub(crate) fn run(workspace: &Workspace, options: &RunOptions) -> Result<()> {
    let binary = build::release_binary(workspace)?;
    let data = options
        .data
        .clone()
        .unwrap_or_else(|| workspace.path("data"));
    println!(
        "==> S-Mail, with its data in {} (Ctrl-C ends it)",
        data.display()
    );
    become_program(&mut serve(&binary, options, &data))
}

fn serve(binary: &Path, options: &RunOptions, data: &Path) -> Command {
    let mut command = Command::new(binary);
    command.arg("serve").arg("--data").arg(data);
    for (flag, value) in [("--domain", &options.domain), ("--listen", &options.listen)] {
        if let Some(value) = value {
            command.arg(flag).arg(value);
        }
    }
    for (flag, file) in [
        ("--tls-cert", &options.tls_cert),
        ("--tls-key", &options.tls_key),
    ] {
        if let Some(file) = file {
            command.arg(flag).arg(file);
        }
    }
    command
}

/// Replaces this program, so that signals reach the server itself.
#[cfg(unix)]
fn become_program(command: &mut Command) -> Result<()> {
    use std::os::unix::process::CommandExt as _;
    Err(command.exec()).context("starting the server")
}

#[cfg(not(unix))]
fn become_program(command: &mut Command) -> Result<()> {
    crate::process::run(command)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_given_reaches_the_server() {
        let options = RunOptions {
            domain: Some("mail.example".into()),
            listen: None,
            data: None,
            tls_cert: Some("c.pem".into()),
            tls_key: Some("k.pem".into()),
        };
        let command = serve(Path::new("smail"), &options, Path::new("d"));
        let arguments: Vec<_> = command
            .get_args()
            .map(|argument| argument.to_string_lossy())
            .collect();
        let expected = [
            "serve",
            "--data",
            "d",
            "--domain",
            "mail.example",
            "--tls-cert",
            "c.pem",
            "--tls-key",
            "k.pem",
        ];
        assert_eq!(arguments, expected);
    }
}
