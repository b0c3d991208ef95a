//! Writes and removals of items and state objects.

use super::{Outcome, STATES_KEPT, Sender};
use crate::crash::book::{KnownItem, KnownState};
use smail_protocol::{ItemId, ItemWriteRequest, ObjectId, StateWriteRequest, routes};

impl Sender<'_> {
    pub(super) fn make_item(&mut self) -> Outcome<()> {
        let waiting = self.actor.book.uploads.iter().next().copied();
        let blob = match waiting {
            Some(blob) => blob,
            None => match self.upload()? {
                Ok(blob) => blob,
                Err(unanswered) => return Ok(Err(unanswered)),
            },
        };
        self.actor.book.uploads.remove(&blob);
        let item = ItemId::from_bytes(self.luck.id());
        let wanted = KnownItem {
            mailbox: self.actor.archive,
            blob,
            version: 1,
            sealed: Some(self.sealed()),
        };
        self.write_item(item, wanted)
    }

    /// A new envelope, sometimes another mailbox.
    pub(super) fn rewrite_item(&mut self) -> Outcome<()> {
        let Some((item, old)) = self.some_item() else {
            return self.make_item();
        };
        let mailboxes = self.actor.mailboxes();
        let moved = self.luck.one_of(mailboxes.into_iter());
        let wanted = KnownItem {
            mailbox: moved.unwrap_or(old.mailbox),
            blob: old.blob,
            version: old.version + 1,
            sealed: Some(self.sealed()),
        };
        self.write_item(item, wanted)
    }

    fn write_item(&mut self, item: ItemId, wanted: KnownItem) -> Outcome<()> {
        let path = routes::ITEM.replace("{item_id}", &item.to_string());
        let request = ItemWriteRequest {
            base_version: wanted.version - 1,
            mailbox_id: wanted.mailbox,
            blob_id: wanted.blob,
            sealed: wanted.sealed.clone().unwrap_or_default(),
            parts: None,
        };
        self.actor.book.ask_item(item, Some(wanted));
        let answer = self.ask_json("PUT", &path, &request)?;
        if answer.is_ok() {
            self.actor.book.acknowledge_item(item);
        }
        Ok(answer.map(drop))
    }

    pub(super) fn remove_item(&mut self) -> Outcome<()> {
        let Some((item, old)) = self.some_item() else {
            return self.make_item();
        };
        let path = routes::ITEM.replace("{item_id}", &item.to_string());
        self.actor.book.ask_item(item, None);
        let path = format!("{path}?version={}", old.version);
        let answer = self.ask("DELETE", &path, &[], b"")?;
        if answer.is_ok() {
            self.actor.book.acknowledge_item(item);
        }
        Ok(answer.map(drop))
    }

    pub(super) fn write_state(&mut self) -> Outcome<()> {
        let (object, base_version) = self.state_to_write();
        let wanted = KnownState {
            version: base_version + 1,
            sealed: self.sealed(),
        };
        let request = StateWriteRequest {
            base_version,
            sealed: wanted.sealed.clone(),
        };
        self.actor.book.ask_state(object, Some(wanted));
        let path = routes::STATE.replace("{object_id}", &object.to_string());
        let answer = self.ask_json("PUT", &path, &request)?;
        if answer.is_ok() {
            self.actor.book.acknowledge_state(object);
        }
        Ok(answer.map(drop))
    }

    /// A state object with its version; a new one has version 0.
    fn state_to_write(&mut self) -> (ObjectId, u64) {
        let is_full = self.actor.book.states.known.len() >= STATES_KEPT;
        let old = if is_full || self.luck.once_in(2) {
            self.some_state()
        } else {
            None
        };
        match old {
            Some((object, old)) => (object, old.version),
            None => (ObjectId::from_bytes(self.luck.id()), 0),
        }
    }

    pub(super) fn remove_state(&mut self) -> Outcome<()> {
        let Some((object, old)) = self.some_state() else {
            return self.write_state();
        };
        self.actor.book.ask_state(object, None);
        let path = routes::STATE.replace("{object_id}", &object.to_string());
        let path = format!("{path}?version={}", old.version);
        let answer = self.ask("DELETE", &path, &[], b"")?;
        if answer.is_ok() {
            self.actor.book.acknowledge_state(object);
        }
        Ok(answer.map(drop))
    }
}
