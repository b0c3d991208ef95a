//! What one person does until the server is gone: one random operation after another, each entered into their book
//! before it is asked for and again when it is acknowledged.

mod posting;
mod writing;

use super::book::{KnownItem, KnownState};
use super::cast::Actor;
use crate::luck::Luck;
use anyhow::bail;
use serde::Serialize;
use smail_mail_core::transport::HttpResponse;
use smail_protocol::{Bytes, ItemId, ObjectId, Username};

/// Above so many items a person rather removes than writes, so that every octet can be read after every crash.
const ITEMS_KEPT: usize = 40;
/// So many state objects a person has at most.
const STATES_KEPT: usize = 12;
/// Uploads that are left lying for later restarts to find.
const UPLOADS_KEPT: usize = 6;
const JSON: &[(&str, &str)] = &[("content-type", "application/json")];
const OCTETS: &[(&str, &str)] = &[("content-type", "application/octet-stream")];

/// The server is gone, or says that it cannot: what was asked for may have been done or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unanswered;

type Outcome<T> = anyhow::Result<Result<T, Unanswered>>;

/// Works until something is left unanswered.
///
/// # Errors
/// An answer that no sender of the suite should get: a fault of the server's, or of the suite's.
pub fn work(actor: &mut Actor, names: &[Username], seed: u64) -> anyhow::Result<()> {
    let mut sender = Sender {
        actor,
        names,
        luck: Luck::of(seed, 0, 0),
    };
    if sender.ask_again()?.is_err() {
        return Ok(());
    }
    while sender.step()?.is_ok() {}
    Ok(())
}

struct Sender<'a> {
    actor: &'a mut Actor,
    names: &'a [Username],
    luck: Luck,
}

impl Sender<'_> {
    fn step(&mut self) -> Outcome<()> {
        if self.actor.book.items.known.len() > ITEMS_KEPT && !self.luck.once_in(4) {
            return self.remove_item();
        }
        match self.luck.number(0..100) {
            0..12 => self.leave_upload(),
            12..45 => self.deliver(),
            45..60 => self.write_state(),
            60..66 => self.remove_state(),
            66..74 => self.make_item(),
            74..90 => self.rewrite_item(),
            _ => self.remove_item(),
        }
    }

    /// Asks; an answer that is no success and no failure of the server's is a fault.
    fn ask(
        &self,
        method: &str,
        path: &str,
        fields: &[(&str, &str)],
        body: &[u8],
    ) -> Outcome<HttpResponse> {
        match self.actor.http.exchange(method, path, fields, body) {
            Ok(answer) if (200..300).contains(&answer.status) => Ok(Ok(answer)),
            Ok(answer) if matches!(answer.status, 503 | 507) => Ok(Err(Unanswered)),
            Ok(answer) => bail!(
                "{method} {path}: status {}: {}",
                answer.status,
                String::from_utf8_lossy(&answer.body)
            ),
            Err(_) => Ok(Err(Unanswered)),
        }
    }

    fn ask_json(&self, method: &str, path: &str, value: &impl Serialize) -> Outcome<HttpResponse> {
        self.ask(method, path, JSON, &serde_json::to_vec(value)?)
    }

    fn some_item(&mut self) -> Option<(ItemId, KnownItem)> {
        let (item, fate) = self.luck.one_of(self.actor.book.items.known.iter())?;
        Some((*item, fate.acknowledged.clone()?))
    }

    fn some_state(&mut self) -> Option<(ObjectId, KnownState)> {
        let (object, fate) = self.luck.one_of(self.actor.book.states.known.iter())?;
        Some((*object, fate.acknowledged.clone()?))
    }

    fn sealed(&mut self) -> Bytes {
        let len = self.luck.number(40..900);
        self.luck.octets(len).into()
    }
}
