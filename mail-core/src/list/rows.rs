//! Rows and conversations, opened to be shown.

use super::items::{Items, Kept};
use super::view::{Spec, members};
use crate::views::{ConversationInfo, ConversationView, MessageRow, Person, SignatureState};
use smail_protocol::MailboxId;
use std::collections::BTreeSet;

/// Most messages that are opened to name a row's people.
const MAX_OPENED: usize = 12;

/// The row of a view that stands at this slot or root.
pub(super) fn row(
    spec: &Spec,
    items: &Items,
    apart: &BTreeSet<MailboxId>,
    place: u32,
) -> Option<MessageRow> {
    let all = oldest_first(items, members(spec, items, place));
    let here: Vec<&Kept> = all.iter().copied().filter(|kept| spec.has(kept)).collect();
    let lead = here.last()?;
    let shown = shown(spec, all, apart);
    let row = lead.known().row();
    if shown.len() < 2 {
        return Some(row);
    }
    let written = shown.iter().rev().take(MAX_OPENED).rev();
    let info = ConversationInfo {
        ids: here
            .iter()
            .rev()
            .map(|kept| kept.item_id().to_string())
            .collect(),
        count: number(shown.len()),
        unread: number(shown.iter().filter(|kept| kept.unread).count()),
        people: people(written.copied()),
    };
    // What is not known to be from whom it says is said of the whole row.
    let signatures = here
        .iter()
        .rev()
        .filter_map(|kept| kept.known().row().signature);
    let doubtful = signatures
        .take(MAX_OPENED)
        .find(|signature| *signature != SignatureState::Verified);
    Some(MessageRow {
        signature: doubtful.or(row.signature),
        unread: here.iter().any(|kept| kept.unread),
        starred: here.iter().any(|kept| kept.starred),
        attachments: here
            .iter()
            .fold(0, |sum, kept| sum.saturating_add(kept.attachments)),
        conversation: Some(info),
        ..row
    })
}

/// The conversation that a message is part of, as a reader of its folder sees it.
pub(super) fn conversation(
    spec: &Spec,
    items: &Items,
    apart: &BTreeSet<MailboxId>,
    slot: u32,
) -> Option<ConversationView> {
    let place = if spec.single {
        slot
    } else {
        items.threads().conversation(slot)
    };
    let row = row(spec, items, apart, place)?;
    let all = oldest_first(items, members(spec, items, place));
    let messages = shown(spec, all, apart);
    Some(ConversationView {
        row,
        messages: messages.iter().map(|kept| kept.known().row()).collect(),
    })
}

/// What a reader of this folder sees of a conversation: nothing that was thrown away or is not sent yet, and what a person
/// sent to themselves once.
fn shown<'a>(spec: &Spec, all: Vec<&'a Kept>, apart: &BTreeSet<MailboxId>) -> Vec<&'a Kept> {
    let mut shown: Vec<&Kept> = Vec::with_capacity(all.len());
    for kept in all {
        let is_here = spec.has(kept);
        if !is_here && (kept.is_draft || apart.contains(&kept.mailbox())) {
            continue;
        }
        let same = |other: &&Kept| kept.id.is_some() && other.id == kept.id;
        match shown.iter().position(same) {
            Some(index) if is_here => {
                if shown.get(index).is_some_and(|other| spec.has(other)) {
                    shown.push(kept);
                } else if let Some(place) = shown.get_mut(index) {
                    *place = kept;
                }
            }
            Some(_) => {}
            None => shown.push(kept),
        }
    }
    shown
}

fn oldest_first(items: &Items, slots: Vec<u32>) -> Vec<&Kept> {
    let mut found: Vec<(u64, u32, &Kept)> = slots
        .into_iter()
        .filter_map(|slot| items.at(slot).map(|kept| (kept.order_ms, slot, kept)))
        .collect();
    found.sort_unstable_by_key(|(order_ms, slot, _)| (*order_ms, *slot));
    found.into_iter().map(|(_, _, kept)| kept).collect()
}

fn people<'a>(written: impl Iterator<Item = &'a Kept>) -> Vec<Person> {
    let mut people: Vec<Person> = Vec::new();
    for content in written.filter_map(|kept| kept.known().content) {
        if people
            .iter()
            .all(|person| person.address != content.from.address)
        {
            people.push(content.from);
        }
    }
    people
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
