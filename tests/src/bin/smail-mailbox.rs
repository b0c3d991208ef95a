//! Fills somebody's account with a made mailbox, through the server's API, by the native client.

#![allow(clippy::print_stdout)] // a command-line tool speaks there

use anyhow::Context as _;
use clap::Parser;
use futures_executor::block_on;
use rand::Rng as _;
use rand::rngs::OsRng;
use smail_crypto_core::ResumeSecret;
use smail_mail_core::views::FolderRole;
use smail_mail_core::{Brought, Client, Env};
use smail_tests::http::{Http, now_ms};
use smail_tests::mailbox::{Mailbox, Place};
use smail_tests::people::{NativeClient, Person, folder, log_in};
use std::sync::atomic::{AtomicU64, Ordering};

/// Between two messages, in milliseconds: a mailbox of 100,000 reaches four years back.
const APART_MS: u64 = 1_261_440;
/// Messages that one of the makers takes at a time.
const BATCH: u64 = 10;

/// Fill an account with a made mailbox
#[derive(Debug, Parser)]
struct Arguments {
    /// `http://address:port`
    #[arg(long)]
    server: String,
    /// User name
    #[arg(long)]
    username: String,
    /// Password
    #[arg(long)]
    password: String,
    /// How many messages
    #[arg(long)]
    messages: u64,
    /// What they follow from
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many send at once: a server that is told to keep a message waits for its disk, and for several in one go
    #[arg(long, default_value_t = 48)]
    makers: u32,
    /// Build the search index too, as a device that has been there for long would have
    #[arg(long)]
    index: bool,
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let (next, octets) = (AtomicU64::new(0), AtomicU64::new(0));
    let http = Http::to(&arguments.server);
    let secret = ResumeSecret::from_slice(&OsRng.r#gen::<[u8; 32]>())?;
    block_on(log_in(&http, &person(&arguments))?.keep_for_resume(&secret))?;
    std::thread::scope(|scope| {
        let makers: Vec<_> = (0..arguments.makers)
            .map(|_| http.moved_to(&arguments.server))
            .map(|http| scope.spawn(|| make(&arguments, http, &secret, &next, &octets)))
            .collect();
        for maker in makers {
            maker
                .join()
                .map_err(|_| anyhow::anyhow!("a maker panicked"))??;
        }
        anyhow::Ok(())
    })?;
    if arguments.index {
        index(&http, &secret)?;
    }
    let octets = octets.into_inner();
    println!(
        "{{\"messages\":{},\"octets\":{octets}}}",
        arguments.messages
    );
    Ok(())
}

fn index(http: &Http, secret: &ResumeSecret) -> anyhow::Result<()> {
    let client = resume(http, secret)?;
    while !block_on(client.index_step())?.done {}
    Ok(block_on(client.save_index())?)
}

fn person(arguments: &Arguments) -> Person {
    Person {
        username: arguments.username.clone(),
        password: arguments.password.clone(),
    }
}

/// One log-in serves all makers: the server slows down whoever logs in time and again.
fn resume<'a>(http: &'a Http, secret: &ResumeSecret) -> anyhow::Result<NativeClient<'a>> {
    let client = block_on(Client::resume(Env::new(http, OsRng), secret))?;
    client.context("the session is gone")
}

fn make(
    arguments: &Arguments,
    http: Http,
    secret: &ResumeSecret,
    next: &AtomicU64,
    octets: &AtomicU64,
) -> anyhow::Result<()> {
    let client = resume(&http, secret)?;
    let mailbox = Mailbox {
        address: client.account().address,
        messages: arguments.messages,
        seed: arguments.seed,
    };
    let places = [
        (Place::Inbox, folder(&client, FolderRole::Inbox)?.id),
        (Place::Archive, folder(&client, FolderRole::Archive)?.id),
        (Place::Sent, folder(&client, FolderRole::Sent)?.id),
    ];
    let now_ms = now_ms();
    loop {
        let first = next.fetch_add(BATCH, Ordering::Relaxed);
        for number in first..(first + BATCH).min(arguments.messages) {
            let arrived_ms = now_ms.saturating_sub((arguments.messages - number) * APART_MS);
            let len = file(&client, &mailbox, &places, number, arrived_ms)
                .with_context(|| format!("message {number}"))?;
            octets.fetch_add(len, Ordering::Relaxed);
        }
        if first + BATCH >= arguments.messages {
            return Ok(());
        }
    }
}

/// Files one message; gives its length in octets.
fn file(
    client: &NativeClient<'_>,
    mailbox: &Mailbox,
    places: &[(Place, String)],
    number: u64,
    arrived_ms: u64,
) -> anyhow::Result<u64> {
    let made = mailbox.message(number);
    let folder = places.iter().find(|(place, _)| *place == made.place);
    let (_, folder_id) = folder.context("no such folder")?;
    block_on(client.bring(&Brought {
        message: made.message.as_bytes(),
        folder_id,
        arrived_ms,
        unread: made.unread,
        starred: made.starred,
    }))?;
    Ok(made.message.len() as u64)
}
