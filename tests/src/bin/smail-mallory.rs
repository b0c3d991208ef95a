//! What the browser tests cannot do in a browser: make hostile messages and certificates, and fill an inbox.

use anyhow::Context as _;
use clap::{Parser, Subcommand};
use futures_executor::block_on;
use smail_mail_core::views::Draft;
use smail_protocol::{Bytes, Username};
use smail_tests::hostile::{
    CertificateFault, MessageFault, certificate, deliver, message, message_of, signer,
};
use smail_tests::http::Http;
use smail_tests::people::{Person, sign_up};
use std::io::Write as _;
use std::path::PathBuf;

/// Be hostile to a server under test, or only busy
#[derive(Debug, Parser)]
struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Print a certificate as base64url
    Certificate {
        /// What is wrong with it
        #[arg(long)]
        fault: CertificateFault,
        /// Whose it says to be
        #[arg(long)]
        address: String,
    },
    /// Sign up and deliver one message
    Deliver {
        /// `http://address:port`
        #[arg(long)]
        server: String,
        /// User name to sign up with
        #[arg(long)]
        username: String,
        /// Recipient's user name
        #[arg(long)]
        to: Username,
        /// What is wrong with it
        #[arg(long)]
        fault: MessageFault,
        /// Address in From
        #[arg(long)]
        from: String,
        /// Subject inside the encryption
        #[arg(long)]
        subject: String,
    },
    /// Sign up and deliver messages with just this inside
    Entities {
        /// `http://address:port`
        #[arg(long)]
        server: String,
        /// User name to sign up with
        #[arg(long)]
        username: String,
        /// Recipient's user name
        #[arg(long)]
        to: Username,
        /// Files with a MIME entity each, delivered in this order
        files: Vec<PathBuf>,
    },
    /// Sign up and send ordinary messages
    Fill {
        /// `http://address:port`
        #[arg(long)]
        server: String,
        /// User name to sign up with
        #[arg(long)]
        username: String,
        /// Recipient's user name
        #[arg(long)]
        to: Username,
        /// How many
        #[arg(long)]
        count: u32,
    },
}

fn main() -> anyhow::Result<()> {
    match Arguments::parse().action {
        Action::Certificate { fault, address } => {
            let text = Bytes::from(certificate(fault, &address)?).to_string();
            writeln!(std::io::stdout(), "{text}")?;
        }
        Action::Deliver {
            server,
            username,
            to,
            fault,
            from,
            subject,
        } => {
            let http = Http::to(&server);
            sign_up(&http, &Person::new(&username))?;
            deliver(&http, &to, |certificate| {
                message(fault, &from, &subject, certificate)
            })?;
        }
        Action::Entities {
            server,
            username,
            to,
            files,
        } => entities(&Http::to(&server), &username, &to, &files)?,
        Action::Fill {
            server,
            username,
            to,
            count,
        } => fill(&Http::to(&server), &username, &to, count)?,
    }
    Ok(())
}

fn entities(http: &Http, username: &str, to: &Username, files: &[PathBuf]) -> anyhow::Result<()> {
    sign_up(http, &Person::new(username))?;
    let signer = signer(&format!("{username}@localhost"))?;
    for file in files {
        let entity = std::fs::read_to_string(file).with_context(|| file.display().to_string())?;
        deliver(http, to, |certificate| {
            message_of(&entity, &signer, certificate)
        })?;
    }
    // Who is to take it for the account's own can be told so.
    let certificate = Bytes::from(signer.certificate().to_bytes()).to_string();
    writeln!(std::io::stdout(), "{certificate}")?;
    Ok(())
}

fn fill(http: &Http, username: &str, to: &Username, count: u32) -> anyhow::Result<()> {
    let client = sign_up(http, &Person::new(username))?;
    for number in 1..=count {
        let draft = Draft {
            to: vec![to.to_string()],
            subject: format!("Message {number} of {count}"),
            text: format!(
                "This is message {number}.\n\n{}",
                "It has a few lines of text.\n".repeat(8)
            ),
            ..Draft::default()
        };
        block_on(client.send(draft, |_| ())).with_context(|| format!("message {number}"))?;
    }
    Ok(())
}
