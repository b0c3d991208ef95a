//! What the server says of one account after a restart: every item, every state object, every octet.

use super::book::{KnownItem, KnownState};
use super::cast::Actor;
use crate::http::Http;
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};
use smail_protocol::limits::MAX_PAGE;
use smail_protocol::{
    BlobId, ChangePage, ChangedObject, ItemId, ItemPage, MailboxId, ObjectId, StatePage, routes,
};
use std::collections::{BTreeMap, BTreeSet};

/// What was found of a blob.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Octets {
    /// Octets with the SHA-256 that is their name.
    Right,
    /// Other octets, or an answer that breaks off.
    Wrong,
    /// The server knows no such blob.
    Missing,
}

/// Everything the server says of one account.
#[derive(Debug, Default)]
pub struct Inspection {
    /// Whether the session is one still. Without it nothing else was read.
    pub has_session: bool,
    /// Every item.
    pub items: BTreeMap<ItemId, KnownItem>,
    /// Every state object.
    pub states: BTreeMap<ObjectId, KnownState>,
    /// Every blob that an item names or the person had uploaded.
    pub blobs: BTreeMap<BlobId, Octets>,
    /// What the change feed tells of since the last time.
    pub changed: Changed,
    /// The account's newest change.
    pub seq: u64,
    /// Listings that disagree with themselves, in words.
    pub disagreements: Vec<String>,
}

/// What a change feed told of.
#[derive(Debug, Default)]
pub struct Changed {
    /// Items that came, changed or went.
    pub items: BTreeSet<ItemId>,
    /// State objects that came, changed or went.
    pub states: BTreeSet<ObjectId>,
}

/// Reads an account whole.
///
/// # Errors
/// When the server does not answer, or not in the shape it should.
pub fn inspect(actor: &mut Actor) -> anyhow::Result<Inspection> {
    let mut found = Inspection::default();
    let session = actor.http.exchange("GET", routes::ACCOUNT, &[], b"")?;
    found.has_session = session.status == 200;
    if !found.has_session {
        return Ok(found);
    }
    for mailbox in actor.mailboxes() {
        found.read_mailbox(&actor.http, mailbox)?;
    }
    found.read_states(&actor.http)?;
    found.read_changes(&actor.http, actor.book.read_to)?;
    let named = found.items.values().map(|item| item.blob);
    let blobs: BTreeSet<BlobId> = named.chain(actor.book.uploads.iter().copied()).collect();
    for blob in blobs {
        found.blobs.insert(blob, octets_of(&actor.http, blob)?);
    }
    Ok(found)
}

impl Inspection {
    fn read_mailbox(&mut self, http: &Http, mailbox: MailboxId) -> anyhow::Result<()> {
        let path = routes::MAILBOX_ITEMS.replace("{mailbox_id}", &mailbox.to_string());
        let (mut cursor, mut listed) = (String::new(), 0);
        loop {
            let Some(page): Option<ItemPage> =
                self.page(http, &format!("{path}?limit={MAX_PAGE}{cursor}"))?
            else {
                return Ok(());
            };
            listed += page.items.len() as u64;
            for item in &page.items {
                self.items.insert(item.item_id, KnownItem::from(item));
                if item.mailbox_id != mailbox {
                    self.disagree(format!("{} is listed where it is not", item.item_id));
                }
            }
            self.seq = self.seq.max(page.seq);
            let Some(next) = page.next else {
                if listed != page.total {
                    self.disagree(format!(
                        "{listed} items listed of a total of {}",
                        page.total
                    ));
                }
                return Ok(());
            };
            cursor = format!("&before={next}");
        }
    }

    fn read_states(&mut self, http: &Http) -> anyhow::Result<()> {
        let page: Option<StatePage> = self.page(http, routes::STATES)?;
        let objects = page.map(|page| page.objects).unwrap_or_default();
        self.states = objects
            .iter()
            .map(|object| (object.object_id, KnownState::from(object)))
            .collect();
        Ok(())
    }

    fn read_changes(&mut self, http: &Http, since: u64) -> anyhow::Result<()> {
        let mut since = since;
        loop {
            let path = format!("{}?since={since}&limit={MAX_PAGE}", routes::CHANGES);
            let Some(page): Option<ChangePage> = self.page(http, &path)? else {
                return Ok(());
            };
            for change in page.changes {
                self.changed.note(change.object);
            }
            since = page.seq;
            if !page.more {
                return Ok(());
            }
        }
    }

    /// A page, or none, which is a disagreement of its own: a mailbox that is gone, a record that cannot be read.
    fn page<Page: DeserializeOwned>(
        &mut self,
        http: &Http,
        path: &str,
    ) -> anyhow::Result<Option<Page>> {
        let answer = http.exchange("GET", path, &[], b"")?;
        if answer.status == 200 {
            return Ok(Some(serde_json::from_slice(&answer.body)?));
        }
        self.disagree(format!("GET {path}: status {}", answer.status));
        Ok(None)
    }

    fn disagree(&mut self, what: String) {
        self.disagreements.push(what);
    }
}

impl Changed {
    fn note(&mut self, object: ChangedObject) {
        match object {
            ChangedObject::Item { item } => drop(self.items.insert(item.item_id)),
            ChangedObject::ItemRemoved { item_id } => drop(self.items.insert(item_id)),
            ChangedObject::State { object } => drop(self.states.insert(object.object_id)),
            ChangedObject::StateRemoved { object_id } => drop(self.states.insert(object_id)),
            ChangedObject::Account => {}
        }
    }
}

fn octets_of(http: &Http, blob: BlobId) -> anyhow::Result<Octets> {
    let path = routes::BLOB.replace("{blob_id}", &blob.to_string());
    let Ok(answer) = http.exchange("GET", &path, &[], b"") else {
        // An answer that breaks off is the server's way to say that it cannot read on; one that is gone shows below.
        http.exchange("GET", routes::HEALTH, &[], b"")?;
        return Ok(Octets::Wrong);
    };
    let digest: [u8; 32] = Sha256::digest(&answer.body).into();
    Ok(match answer.status {
        200 if digest == *blob.as_bytes() => Octets::Right,
        404 => Octets::Missing,
        _ => Octets::Wrong,
    })
}
