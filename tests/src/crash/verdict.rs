//! What people know against what the server says.

use super::book::{Book, KnownItem, Posted, Shelf};
use super::cast::Actor;
use super::inspect::{Inspection, Octets};
use super::tally::Tally;
use smail_protocol::{BlobId, ItemId};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

/// What is wrong, counted and in words.
#[derive(Debug, Default)]
pub struct Verdict {
    /// The counts; nothing is acknowledged in it.
    pub tally: Tally,
    /// One line for each fault.
    pub faults: Vec<String>,
}

/// Compares every account's inspection with its book, and all deliveries across them. Both slices are in the cast's order.
#[must_use]
pub fn judge(cast: &[Actor], found: &[Inspection]) -> Verdict {
    let mut verdict = Verdict::default();
    let mut arrived = vec![BTreeSet::new(); cast.len()];
    for actor in cast {
        for posted in &actor.book.posted {
            verdict.judge_delivery(actor, posted, cast, found, &mut arrived);
        }
    }
    for ((actor, found), arrived) in cast.iter().zip(found).zip(&arrived) {
        verdict.judge_account(&actor.book, found, arrived);
    }
    verdict
}

/// Items of a recipient that are this blob, new since the last restart, unread and in the inbox.
pub(super) fn copies(actor: &Actor, found: &Inspection, blob: BlobId) -> Vec<ItemId> {
    let as_delivered = KnownItem {
        mailbox: actor.inbox,
        blob,
        version: 1,
        sealed: None,
    };
    let fresh = found
        .items
        .iter()
        .filter(|(id, item)| **item == as_delivered && !actor.book.items.known.contains_key(id));
    fresh.map(|(id, _)| *id).collect()
}

impl Verdict {
    fn judge_delivery(
        &mut self,
        sender: &Actor,
        posted: &Posted,
        cast: &[Actor],
        found: &[Inspection],
        arrived: &mut [BTreeSet<ItemId>],
    ) {
        let mut counts = Vec::new();
        for (place, blob) in &posted.recipients {
            let (Some(recipient), Some(found), Some(arrived)) =
                (cast.get(*place), found.get(*place), arrived.get_mut(*place))
            else {
                continue;
            };
            let copies = copies(recipient, found, *blob);
            counts.push(copies.len());
            arrived.extend(copies);
        }
        let item = posted.request.sent.item_id;
        let has_sent = found
            .get(sender.number)
            .is_some_and(|found| found.items.contains_key(&item));
        let what = format!("delivery of {item}: copies {counts:?}, sent copy {has_sent}");
        let wanted = usize::from(!posted.was_done);
        if posted.acknowledged || posted.was_done {
            self.tally.lost += counts.iter().filter(|count| **count < wanted).count() as u64;
            let all_miss_it = counts.iter().all(|count| *count < wanted);
            let is_torn = !all_miss_it && counts.iter().any(|count| *count != wanted);
            self.tally.half_delivered += u64::from(is_torn);
            self.note(counts.iter().any(|count| *count != wanted), || {
                format!("acknowledged {what}")
            });
        } else {
            let wanted = usize::from(has_sent);
            let is_torn = counts.iter().any(|count| *count != wanted);
            self.tally.half_delivered += u64::from(is_torn);
            self.note(is_torn, || format!("unanswered {what}"));
        }
    }

    fn judge_account(&mut self, book: &Book, found: &Inspection, arrived: &BTreeSet<ItemId>) {
        if !found.has_session {
            let known = book.items.known.len() + book.states.known.len() + book.uploads.len() + 1;
            self.tally.lost += known as u64;
            return self
                .faults
                .push("a session, and with it an account, is lost".into());
        }
        self.judge_objects(&book.items, &found.items, arrived, |item| item.version);
        self.judge_objects(&book.states, &found.states, &BTreeSet::new(), |state| {
            state.version
        });
        for (blob, octets) in &found.blobs {
            self.judge_blob(*blob, *octets, book.uploads.contains(blob));
        }
        self.judge_feed(book, found);
        self.tally.corrupt += found.disagreements.len() as u64;
        self.faults.extend(found.disagreements.iter().cloned());
    }

    fn judge_objects<Id: Ord + Debug, T: PartialEq + Debug>(
        &mut self,
        shelf: &Shelf<Id, T>,
        found: &BTreeMap<Id, T>,
        arrived: &BTreeSet<Id>,
        version: impl Fn(&T) -> u64,
    ) {
        for (id, fate) in &shelf.known {
            let found = found.get(id);
            if fate.allows(found) {
                continue;
            }
            let acknowledged = fate.acknowledged.as_ref().map_or(0, &version);
            let is_older = found.map_or(0, &version) < acknowledged;
            self.tally.lost += u64::from(is_older);
            self.tally.corrupt += u64::from(!is_older);
            self.faults
                .push(format!("{id:?} is {found:?}, not {fate:?}"));
        }
        for id in found
            .keys()
            .filter(|id| !shelf.known.contains_key(id) && !arrived.contains(id))
        {
            let is_back = shelf.removed.contains(id);
            self.tally.lost += u64::from(is_back);
            self.tally.corrupt += u64::from(!is_back);
            let what = if is_back {
                "was removed and is back"
            } else {
                "is nobody's doing"
            };
            self.faults.push(format!("{id:?} {what}"));
        }
    }

    fn judge_blob(&mut self, blob: BlobId, octets: Octets, is_upload: bool) {
        match octets {
            Octets::Right => return,
            Octets::Missing if is_upload => self.tally.lost += 1,
            Octets::Missing | Octets::Wrong => self.tally.corrupt += 1,
        }
        self.faults.push(format!("{blob:?} is {octets:?}"));
    }

    /// The feed tells of everything that is not as it was, and its numbers do not go back.
    fn judge_feed(&mut self, book: &Book, found: &Inspection) {
        let is_back = found.seq < book.seq;
        self.tally.lost += u64::from(is_back);
        self.note(is_back, || {
            format!("the newest change is {}, not {}", found.seq, book.seq)
        });
        let untold = found
            .items
            .keys()
            .filter(|id| !book.items.known.contains_key(id) && !found.changed.items.contains(id));
        for id in untold {
            self.tally.lost += 1;
            self.faults.push(format!(
                "{id:?} came, and the change feed does not tell of it"
            ));
        }
    }

    fn note(&mut self, is_fault: bool, what: impl FnOnce() -> String) {
        if is_fault {
            self.faults.push(what());
        }
    }
}

/// Takes what was found for what is known: the books start anew from it.
pub fn settle(cast: &mut [Actor], found: Vec<Inspection>) {
    for (actor, found) in cast.iter_mut().zip(found) {
        let book = &mut actor.book;
        let unanswered = book.posted.drain(..).find(|posted| !posted.acknowledged);
        book.again = unanswered.map(|mut posted| {
            posted.was_done = found.items.contains_key(&posted.request.sent.item_id);
            posted
        });
        book.items.settle(found.items);
        book.states.settle(found.states);
        book.operations = 0;
        book.seq = found.seq;
        book.read_to = found.seq;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::Http;
    use smail_protocol::{DeliverRequest, IdempotencyKey, MailboxId, SentCopy};

    const ITEM: ItemId = ItemId::from_bytes([9; 16]);
    const COPY: ItemId = ItemId::from_bytes([8; 16]);
    const BLOB: BlobId = BlobId::from_sha256([7; 32]);

    fn actor(number: usize) -> Actor {
        let mailbox = |kind: u8| MailboxId::from_bytes([kind; 16]);
        Actor {
            number,
            username: format!("person-{number}").parse().unwrap(),
            http: Http::to("http://127.0.0.1:1"),
            inbox: mailbox(1),
            sent: mailbox(2),
            archive: mailbox(3),
            book: Book::default(),
        }
    }

    fn item(mailbox: MailboxId, version: u64) -> KnownItem {
        KnownItem {
            mailbox,
            blob: BLOB,
            version,
            sealed: None,
        }
    }

    /// Alice has asked for a delivery to bob and carol; what was found holds what these say.
    fn delivered(acknowledged: bool, alice: bool, bob: bool, carol: bool) -> Tally {
        let mut cast = [actor(0), actor(1), actor(2)];
        let posted = Posted {
            request: DeliverRequest {
                idempotency_key: IdempotencyKey::from_bytes([1; 16]),
                deliveries: Vec::new(),
                sent: SentCopy {
                    item_id: ITEM,
                    mailbox_id: cast[0].sent,
                    blob_id: BLOB,
                    sealed: vec![1].into(),
                },
                draft: None,
                parts: Vec::new(),
            },
            recipients: vec![(1, BLOB), (2, BLOB)],
            acknowledged,
            was_done: false,
        };
        cast[0].book.ask_item(ITEM, Some(posted.sent_copy()));
        if acknowledged {
            cast[0].book.acknowledge_item(ITEM);
        }
        let mut found = [(); 3].map(|()| Inspection {
            has_session: true,
            ..Inspection::default()
        });
        if alice {
            found[0].items.insert(ITEM, posted.sent_copy());
        }
        for (has, place) in [(bob, 1), (carol, 2)] {
            if has {
                found[place].items.insert(COPY, item(cast[place].inbox, 1));
                found[place].changed.items.insert(COPY);
            }
        }
        cast[0].book.posted.push(posted);
        judge(&cast, &found).tally
    }

    fn counts(tally: Tally) -> (u64, u64, u64) {
        (tally.lost, tally.corrupt, tally.half_delivered)
    }

    #[test]
    fn a_delivery_is_with_all_or_with_none() {
        assert_eq!(counts(delivered(true, true, true, true)), (0, 0, 0));
        assert_eq!(counts(delivered(false, true, true, true)), (0, 0, 0));
        assert_eq!(counts(delivered(false, false, false, false)), (0, 0, 0));
        assert_eq!(counts(delivered(false, true, true, false)), (0, 0, 1));
        assert_eq!(counts(delivered(false, false, true, true)), (0, 0, 1));
        assert_eq!(counts(delivered(true, true, false, true)), (1, 0, 1));
        assert_eq!(counts(delivered(true, false, false, false)), (3, 0, 0));
    }

    /// What is judged of one known item when this is found.
    fn judged(known: Option<u64>, removed: bool, found_version: Option<u64>) -> (u64, u64, u64) {
        let mut cast = [actor(0)];
        let inbox = cast[0].inbox;
        if let Some(version) = known {
            let known = BTreeMap::from([(ITEM, item(inbox, version))]);
            cast[0].book.items.settle(known);
        }
        if removed {
            cast[0].book.items.removed.insert(ITEM);
        }
        let mut found = Inspection {
            has_session: true,
            ..Inspection::default()
        };
        found.changed.items.insert(ITEM);
        if let Some(version) = found_version {
            found.items.insert(ITEM, item(inbox, version));
        }
        counts(judge(&cast, &[found]).tally)
    }

    #[test]
    fn each_way_of_being_wrong_is_counted() {
        assert_eq!(judged(Some(2), false, Some(2)), (0, 0, 0));
        assert_eq!(judged(Some(2), false, Some(1)), (1, 0, 0));
        assert_eq!(judged(Some(2), false, None), (1, 0, 0));
        assert_eq!(judged(Some(2), false, Some(3)), (0, 1, 0));
        assert_eq!(judged(None, true, Some(1)), (1, 0, 0));
        assert_eq!(judged(None, false, Some(1)), (0, 1, 0));
        assert_eq!(judged(None, true, None), (0, 0, 0));
    }

    #[test]
    fn blobs_feeds_and_sessions_are_judged_too() {
        let mut cast = [actor(0)];
        cast[0].book.uploads.insert(BLOB);
        cast[0].book.seq = 5;
        let judged = |found: Inspection| counts(judge(&cast, &[found]).tally);
        let found = |octets, seq| Inspection {
            has_session: true,
            seq,
            blobs: BTreeMap::from([(BLOB, octets)]),
            ..Inspection::default()
        };
        assert_eq!(judged(found(Octets::Right, 5)), (0, 0, 0));
        assert_eq!(judged(found(Octets::Wrong, 5)), (0, 1, 0));
        assert_eq!(judged(found(Octets::Missing, 5)), (1, 0, 0));
        assert_eq!(judged(found(Octets::Right, 4)), (1, 0, 0));
        assert_eq!(judged(Inspection::default()), (2, 0, 0));
    }
}
