//! The actors.

use super::wire::Wire;
use super::world::World;
use futures_executor::block_on;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng;
use smail_mail_core::views::{Draft, FolderRole, MessageRow, MessageView, SentReceipt};
use smail_mail_core::{Client, Env, LogIn, LogInError, SendError, SignUp};
use std::cell::RefCell;
use std::rc::Rc;

pub const ALICE: (&str, &str) = ("alice", "correct horse battery staple");
pub const BOB: (&str, &str) = ("bob", "a different long password");

/// Someone at a browser.
pub struct Party {
    pub client: Client<Wire, ChaCha20Rng>,
    pub wire: Wire,
}

impl Party {
    pub fn env(wire: &Wire, seed: u64) -> Env<Wire, ChaCha20Rng> {
        Env::new(wire.clone(), ChaCha20Rng::seed_from_u64(seed))
    }

    pub fn sign_up(world: &Rc<RefCell<World>>, (username, password): (&str, &str)) -> Self {
        let wire = Wire::to(world);
        let seed = username
            .bytes()
            .chain(password.bytes())
            .map(u64::from)
            .sum();
        let who = SignUp { username, password };
        let client = block_on(Client::sign_up(Self::env(&wire, seed), &who, |_| {})).unwrap();
        Self { client, wire }
    }

    pub fn log_in(
        world: &Rc<RefCell<World>>,
        (username, password): (&str, &str),
    ) -> Result<Self, LogInError> {
        let wire = Wire::to(world);
        let seed = 1_000 + username.bytes().map(u64::from).sum::<u64>();
        let who = LogIn { username, password };
        let client = block_on(Client::log_in(Self::env(&wire, seed), &who, |_| {}))?;
        Ok(Self { client, wire })
    }

    pub fn folder(&self, role: FolderRole) -> String {
        let folders = block_on(self.client.folders()).unwrap();
        folders
            .into_iter()
            .find(|folder| folder.role == role)
            .unwrap()
            .id
    }

    pub fn rows(&self, role: FolderRole) -> Vec<MessageRow> {
        block_on(self.client.list(&self.folder(role), None, None))
            .unwrap()
            .rows
    }

    pub fn send(&self, draft: Draft) -> Result<SentReceipt, SendError> {
        block_on(self.client.send(draft, |_| {}))
    }

    pub fn read(&self, row: &MessageRow) -> MessageView {
        block_on(self.client.read(&row.id, |_| {})).unwrap()
    }
}

pub fn draft(to: &[&str], subject: &str, text: &str) -> Draft {
    Draft {
        to: to.iter().map(|&address| address.to_owned()).collect(),
        subject: subject.to_owned(),
        text: text.to_owned(),
        ..Draft::default()
    }
}

#[track_caller]
pub fn only_row(rows: Vec<MessageRow>) -> MessageRow {
    let [row] = <[MessageRow; 1]>::try_from(rows).unwrap();
    row
}
