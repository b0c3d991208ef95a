//! Directory, blobs, items, state, delivery and changes of the server in memory.

use super::world::{AccountData, Outcome, World, json, problem, query_number, read};
use rand_chacha::rand_core::RngCore;
use sha2::{Digest, Sha256};
use smail_protocol::{
    BlobId, BlobReceipt, Change, ChangePage, ChangedObject, DeliverRequest, DeliverResponse,
    DirectoryEntry, Item, ItemId, ItemPage, ItemWriteRequest, LookupRequest, LookupResponse,
    MailboxId, MailboxList, MailboxTotal, ObjectId, Problem, ProblemCode, ScheduleRequest,
    StateObject, StatePage, StateWriteRequest, Username,
};

impl World {
    pub fn lookup(&mut self, body: &[u8]) -> Outcome {
        let request: LookupRequest = read(body)?;
        let (here, unknown): (Vec<Username>, Vec<Username>) = request
            .usernames
            .into_iter()
            .partition(|username| self.accounts.contains_key(username));
        let found = here
            .into_iter()
            .map(|username| DirectoryEntry {
                certificate: self.accounts[&username].certificate.clone(),
                username,
            })
            .collect();
        Ok(json(&LookupResponse { found, unknown }))
    }

    pub fn blob_store(&mut self, body: &[u8]) -> Outcome {
        let blob_id = BlobId::from_sha256(Sha256::digest(body).into());
        self.blobs.insert(blob_id, body.to_vec());
        Ok(json(&BlobReceipt {
            blob_id,
            size_bytes: body.len() as u64,
        }))
    }

    /// Refuses what names a part that is not there.
    fn need_parts(&self, parts: &[BlobId]) -> Result<(), Box<Problem>> {
        if parts.iter().all(|part| self.blobs.contains_key(part)) {
            return Ok(());
        }
        let mut gone = problem(ProblemCode::NotFound, 404);
        gone.field = Some("parts".to_owned());
        Err(gone)
    }

    pub fn blob_abandon(&mut self, id: &str) -> Outcome {
        let blob_id: BlobId = id.parse().unwrap();
        let named = |data: &AccountData| {
            data.items.values().any(|item| item.blob_id == blob_id)
                || data.parts.values().flatten().any(|part| *part == blob_id)
        };
        if !self.accounts.values().any(named) {
            self.blobs.remove(&blob_id);
        }
        Ok(Vec::new())
    }

    fn new_item(&mut self, mailbox_id: MailboxId, blob_id: BlobId) -> Item {
        let mut id = [0; 16];
        self.rng.fill_bytes(&mut id);
        let size_bytes = self.blobs[&blob_id].len() as u64;
        let arrival_ms = self.tick();
        Item {
            item_id: ItemId::from_bytes(id),
            mailbox_id,
            blob_id,
            size_bytes,
            arrival_ms,
            version: 1,
            sealed: None,
        }
    }

    pub fn deliver(&mut self, sender: &Username, body: &[u8]) -> Outcome {
        let request: DeliverRequest = read(body)?;
        if let Some(before) = self
            .data(sender.as_str())
            .delivered
            .get(&request.idempotency_key)
        {
            return Ok(json(before));
        }
        let recipients = request
            .deliveries
            .iter()
            .flat_map(|delivery| &delivery.recipients);
        if recipients
            .into_iter()
            .any(|recipient| !self.accounts.contains_key(recipient))
        {
            return Err(problem(ProblemCode::UnknownRecipient, 404));
        }
        self.need_parts(&request.parts)?;
        for delivery in &request.deliveries {
            for recipient in &delivery.recipients {
                let inbox = self.accounts[recipient].inbox;
                let item = self.new_item(inbox, delivery.blob_id);
                let data = self.data(recipient.as_str());
                data.set_parts(item.item_id, &request.parts);
                data.put(item);
            }
        }
        let sent = Item {
            item_id: request.sent.item_id,
            sealed: Some(request.sent.sealed),
            ..self.new_item(request.sent.mailbox_id, request.sent.blob_id)
        };
        let data = self.data(sender.as_str());
        data.set_parts(sent.item_id, &request.parts);
        data.put(sent.clone());
        if let Some(draft) = request.draft
            && data
                .items
                .get(&draft.item_id)
                .is_some_and(|item| item.version == draft.version)
        {
            data.items.remove(&draft.item_id);
            data.parts.remove(&draft.item_id);
            data.note(ChangedObject::ItemRemoved {
                item_id: draft.item_id,
            });
        }
        let response = DeliverResponse {
            sent,
            seq: data.seq(),
        };
        data.delivered
            .insert(request.idempotency_key, response.clone());
        Ok(json(&response))
    }

    pub fn schedule(&mut self, sender: &Username, id: &str, body: &[u8]) -> Outcome {
        let request: ScheduleRequest = read(body)?;
        let delivery = json(&request.delivery);
        let mut recipients = request
            .delivery
            .deliveries
            .iter()
            .flat_map(|it| &it.recipients);
        if recipients.any(|recipient| !self.accounts.contains_key(recipient)) {
            return Err(problem(ProblemCode::UnknownRecipient, 404));
        }
        let written = self.item_write(sender, id, &json(&request.write))?;
        let due_ms = self.now_ms + request.after_ms;
        let data = self.data(sender.as_str());
        data.scheduled
            .insert(id.parse().unwrap(), (due_ms, delivery));
        Ok(written)
    }

    pub fn send_scheduled(&mut self, sender: &Username, item_id: ItemId) -> Outcome {
        let waiting = self.data(sender.as_str()).scheduled.get(&item_id).cloned();
        let (_, delivery) = waiting.ok_or_else(|| problem(ProblemCode::NotFound, 404))?;
        let answer = self.deliver(sender, &delivery)?;
        self.data(sender.as_str()).take_away(item_id);
        Ok(answer)
    }

    /// So much time goes by; what is due by then goes out.
    pub fn wait(&mut self, ms: u64) {
        self.now_ms += ms;
        let now_ms = self.now_ms;
        let due: Vec<(Username, ItemId)> = self
            .accounts
            .iter()
            .flat_map(|(name, data)| data.scheduled.iter().map(move |(id, it)| (name, id, it.0)))
            .filter(|(_, _, due_ms)| *due_ms <= now_ms)
            .map(|(name, id, _)| (name.clone(), *id))
            .collect();
        for (name, item_id) in due {
            self.send_scheduled(&name, item_id).unwrap();
        }
    }

    pub fn mailboxes(&mut self, username: &Username) -> Vec<u8> {
        let data = self.data(username.as_str());
        let held = |id| {
            data.items
                .values()
                .filter(move |item| item.mailbox_id == id)
        };
        let mailboxes = data.mailboxes.iter().map(|id| MailboxTotal {
            mailbox_id: *id,
            total: held(*id).count() as u64,
        });
        json(&MailboxList {
            mailboxes: mailboxes.collect(),
        })
    }

    pub fn mailbox_items(&mut self, username: &Username, id: &str, query: &str) -> Outcome {
        let mailbox_id: MailboxId = id.parse().unwrap();
        let most = self.items_a_page;
        let data = self.data(username.as_str());
        if !data.mailboxes.contains(&mailbox_id) {
            return Err(problem(ProblemCode::NotFound, 404));
        }
        let mut items: Vec<Item> = data
            .items
            .values()
            .filter(|item| item.mailbox_id == mailbox_id)
            .cloned()
            .collect();
        items.sort_by_key(|item| std::cmp::Reverse(item.arrival_ms));
        let total = items.len() as u64;
        let start = query_number(query, "before").unwrap_or(0) as usize;
        let end = start + most.min(query_number(query, "limit").unwrap() as usize);
        let next = (end < items.len()).then(|| end.to_string());
        let items = items.into_iter().skip(start).take(end - start).collect();
        Ok(json(&ItemPage {
            items,
            next,
            total,
            seq: data.seq(),
        }))
    }

    pub fn mailbox_remove(&mut self, username: &Username, id: &str) -> Outcome {
        let mailbox_id: MailboxId = id.parse().unwrap();
        let data = self.data(username.as_str());
        if !data.mailboxes.contains(&mailbox_id) {
            return Err(problem(ProblemCode::NotFound, 404));
        }
        let mut items = data.items.values();
        if data.inbox == mailbox_id || items.any(|item| item.mailbox_id == mailbox_id) {
            return Err(problem(ProblemCode::MailboxInUse, 409));
        }
        data.mailboxes.remove(&mailbox_id);
        Ok(Vec::new())
    }

    pub fn item(&mut self, username: &Username, id: &str) -> Outcome {
        let item = self.data(username.as_str()).items.get(&id.parse().unwrap());
        item.map(json)
            .ok_or_else(|| problem(ProblemCode::NotFound, 404))
    }

    pub fn item_write(&mut self, username: &Username, id: &str, body: &[u8]) -> Outcome {
        let request: ItemWriteRequest = read(body)?;
        let item_id: ItemId = id.parse().unwrap();
        self.need_parts(request.parts.as_deref().unwrap_or_default())?;
        let fresh = Item {
            item_id,
            ..self.new_item(request.mailbox_id, request.blob_id)
        };
        let data = self.data(username.as_str());
        let current = data.items.get(&item_id).cloned();
        if !data.mailboxes.contains(&request.mailbox_id) {
            let mut missing = problem(ProblemCode::NotFound, 404);
            missing.field = Some("mailbox_id".to_owned());
            return Err(missing);
        }
        if current.is_none() && request.base_version > 0 {
            return Err(problem(ProblemCode::NotFound, 404));
        }
        if current.as_ref().map_or(0, |item| item.version) != request.base_version {
            let mut conflict = problem(ProblemCode::VersionConflict, 409);
            conflict.current_item = current.map(Box::new);
            return Err(conflict);
        }
        let current_mailbox = current.as_ref().map(|item| item.mailbox_id);
        let item = Item {
            arrival_ms: current.map_or(fresh.arrival_ms, |item| item.arrival_ms),
            version: request.base_version + 1,
            sealed: Some(request.sealed),
            ..fresh
        };
        let stays = current_mailbox == Some(request.mailbox_id) && request.parts.is_none();
        if !stays {
            data.scheduled.remove(&item_id);
        }
        if let Some(parts) = &request.parts {
            data.set_parts(item_id, parts);
        }
        data.put(item.clone());
        Ok(json(&item))
    }

    pub fn item_remove(&mut self, username: &Username, id: &str, query: &str) -> Outcome {
        let item_id: ItemId = id.parse().unwrap();
        let data = self.data(username.as_str());
        let Some(current) = data.items.get(&item_id).cloned() else {
            return Err(problem(ProblemCode::NotFound, 404));
        };
        if Some(current.version) != query_number(query, "version") {
            let mut conflict = problem(ProblemCode::VersionConflict, 409);
            conflict.current_item = Some(Box::new(current));
            return Err(conflict);
        }
        data.take_away(item_id);
        Ok(Vec::new())
    }

    pub fn states(&mut self, username: &Username) -> Outcome {
        let data = self.data(username.as_str());
        Ok(json(&StatePage {
            objects: data.states.values().cloned().collect(),
            seq: data.seq(),
        }))
    }

    pub fn state_write(&mut self, username: &Username, id: &str, body: &[u8]) -> Outcome {
        let request: StateWriteRequest = read(body)?;
        let object_id: ObjectId = id.parse().unwrap();
        let data = self.data(username.as_str());
        let current = data.states.get(&object_id).cloned();
        if current.as_ref().map_or(0, |object| object.version) != request.base_version {
            let mut conflict = problem(ProblemCode::VersionConflict, 409);
            conflict.current_state = current.map(Box::new);
            return Err(conflict);
        }
        let object = StateObject {
            object_id,
            version: request.base_version + 1,
            sealed: request.sealed,
        };
        data.states.insert(object_id, object.clone());
        data.note(ChangedObject::State {
            object: object.clone(),
        });
        Ok(json(&object))
    }

    pub fn changes(&mut self, username: &Username, query: &str) -> Outcome {
        let since = query_number(query, "since").unwrap();
        let data = self.data(username.as_str());
        // Two at a time, so that paging is always at work.
        let later: Vec<&(u64, ChangedObject)> = data
            .changes
            .iter()
            .filter(|(seq, _)| *seq > since)
            .collect();
        let page: Vec<Change> = later
            .iter()
            .take(2)
            .map(|(seq, object)| Change {
                seq: *seq,
                object: object.clone(),
            })
            .collect();
        let seq = page.last().map_or(since, |change| change.seq);
        Ok(json(&ChangePage {
            more: later.len() > page.len(),
            changes: page,
            seq,
        }))
    }
}

impl AccountData {
    fn set_parts(&mut self, item_id: ItemId, parts: &[BlobId]) {
        if parts.is_empty() {
            self.parts.remove(&item_id);
        } else {
            self.parts.insert(item_id, parts.to_vec());
        }
    }

    fn take_away(&mut self, item_id: ItemId) {
        self.items.remove(&item_id);
        self.parts.remove(&item_id);
        self.scheduled.remove(&item_id);
        self.note(ChangedObject::ItemRemoved { item_id });
    }

    fn put(&mut self, item: Item) {
        self.items.insert(item.item_id, item.clone());
        self.note(ChangedObject::Item { item });
    }
}
