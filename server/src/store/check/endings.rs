//! What ends by itself, and that everything which should is noted.

use super::fault::hex;
use super::{Check, Fault};
use crate::store::StoreError;
use crate::store::engine::{Batch, KeyRange};
use crate::store::layout::{self, Ending, StreamId};
use crate::store::records::IdempotencyRecord;
use crate::store::sessions::TokenHash;
use smail_protocol::limits::IDEMPOTENCY_S;
use smail_protocol::{AccountId, BlobId, IdempotencyKey};
use std::collections::HashSet;

/// Every note of an end, by what it is of.
#[derive(Debug, Default)]
pub(super) struct Endings {
    pub(super) sessions: HashSet<TokenHash>,
    pub(super) claims: HashSet<(AccountId, BlobId)>,
    pub(super) streams: HashSet<[u8; 16]>,
    deliveries: HashSet<(AccountId, [u8; 16])>,
}

impl Endings {
    /// Reads them all; one that does not read is of no use, and goes.
    pub(super) fn read(check: &mut Check<'_>) -> Result<Self, StoreError> {
        let mut endings = Self::default();
        check.each(&KeyRange::prefix(b"x"), |check, entry| {
            match layout::ending_of(&entry.key) {
                Some(ending) => endings.note(ending),
                None => {
                    let mut repair = Batch::default();
                    repair.delete(entry.key.clone());
                    check.repairable(&Fault::MalformedEnd(hex(&entry.key)), &repair)?;
                }
            }
            Ok(())
        })?;
        Ok(endings)
    }

    fn note(&mut self, ending: Ending) {
        match ending {
            Ending::Session(token) => self.sessions.insert(token),
            Ending::Claim(account, blob) => self.claims.insert((account, blob)),
            Ending::Stream(StreamId(stream)) => self.streams.insert(stream),
            Ending::Idempotency(account, key) => self.deliveries.insert((account, *key.as_bytes())),
        };
    }
}

impl Check<'_> {
    /// Deliveries that are remembered.
    pub(super) fn deliveries(&mut self, endings: &Endings) -> Result<(), StoreError> {
        self.each(&KeyRange::prefix(b"r"), |check, entry| {
            let (Some(account), Some(id)) = (
                layout::account_of(&entry.key),
                entry.key.last_chunk().copied(),
            ) else {
                return Ok(());
            };
            let Some(record) = check.decode::<IdempotencyRecord>("delivery", &entry) else {
                return Ok(());
            };
            if endings.deliveries.contains(&(account, id)) {
                return Ok(());
            }
            let due_ms = record.delivered_ms.saturating_add(IDEMPOTENCY_S * 1_000);
            let ending = Ending::Idempotency(account, IdempotencyKey::from_bytes(id));
            let mut repair = Batch::default();
            repair.put(layout::ending(due_ms, ending), []);
            check.repairable(&Fault::DeliveryWithoutEnd(account), &repair)
        })
    }
}
