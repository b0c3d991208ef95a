//! The people of the suite, each with an account and a session that outlives every crash.

use super::book::Book;
use crate::http::Http;
use crate::people::{Person, sign_up};
use smail_protocol::{AccountView, MailboxId, Username, routes};

/// Names; as many people as senders.
const NAMES: [&str; 8] = [
    "alice", "bob", "carol", "dave", "erin", "frank", "grace", "heidi",
];

/// Somebody with an account.
#[derive(Debug)]
pub struct Actor {
    /// Their place in the cast.
    pub number: usize,
    /// Their name.
    pub username: Username,
    /// Their session.
    pub http: Http,
    /// Where messages arrive.
    pub inbox: MailboxId,
    /// Where copies of what they send go.
    pub sent: MailboxId,
    /// Where they put things away.
    pub archive: MailboxId,
    /// What they know.
    pub book: Book,
}

impl Actor {
    /// All their mailboxes that items of the suite are in.
    #[must_use]
    pub const fn mailboxes(&self) -> [MailboxId; 3] {
        [self.inbox, self.sent, self.archive]
    }

    /// Goes on with a server that was started again.
    pub fn move_to(&mut self, origin: &str) {
        self.http = self.http.moved_to(origin);
    }
}

/// Makes accounts for `count` people, 2 to 8.
///
/// # Errors
/// What the server or the client says.
pub fn sign_up_all(origin: &str, count: usize) -> anyhow::Result<Vec<Actor>> {
    anyhow::ensure!(
        (2..=NAMES.len()).contains(&count),
        "a cast has 2 to {} people",
        NAMES.len()
    );
    let names = NAMES.iter().take(count).enumerate();
    names
        .map(|(number, name)| actor(origin, number, name))
        .collect()
}

fn actor(origin: &str, number: usize, name: &str) -> anyhow::Result<Actor> {
    let http = Http::to(origin);
    sign_up(&http, &Person::new(name))?;
    let view: AccountView = http.get(routes::ACCOUNT)?;
    Ok(Actor {
        number,
        username: name.parse()?,
        inbox: view.inbox,
        sent: make_mailbox(&http, number, 1)?,
        archive: make_mailbox(&http, number, 2)?,
        http,
        book: Book::default(),
    })
}

fn make_mailbox(http: &Http, owner: usize, number: u8) -> anyhow::Result<MailboxId> {
    let mailbox = MailboxId::from_bytes([u8::try_from(owner)? * 16 + number; 16]);
    let path = routes::MAILBOX.replace("{mailbox_id}", &mailbox.to_string());
    let answer = http.exchange("PUT", &path, &[], b"")?;
    anyhow::ensure!(answer.status == 204, "a mailbox: status {}", answer.status);
    Ok(mailbox)
}
