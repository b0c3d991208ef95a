//! Messages that wait to be sent. The draft is an item that says what waits, for the client to show; it holds the
//! ciphertexts as its parts, so that they stay as long as it does. Beside it lies the delivery as the client has made it,
//! sealed for its recipients, and when it is due. Moving the item, changing it or removing it calls the delivery off.

use super::engine::Direction;
use super::records::ScheduledRecord;
use super::transaction::Transaction;
use super::{DeliverError, Store, StoreError, WriteItemError, layout};
use smail_protocol::limits::MAX_SCHEDULED;
use smail_protocol::{
    AccountId, BlobId, DeliverRequest, DeliverResponse, Item, ItemId, ScheduleRequest,
};

/// Deliveries looked at in one go.
const DUE_AT_ONCE: usize = 64;
/// Wait before a delivery is tried again for which somebody has no room.
const RETRY_MS: u64 = 15 * 60 * 1_000;
/// A delivery that does not come about is given up so long after its time.
const GIVE_UP_MS: u64 = 24 * 3_600 * 1_000;

/// Why nothing waits to be sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ScheduleError {
    /// The delivery would be refused now.
    #[error(transparent)]
    Delivery(#[from] DeliverError),
    /// The item was not written.
    #[error(transparent)]
    Item(#[from] WriteItemError),
    /// As many messages wait as may.
    #[error("as many messages wait as may")]
    TooMany,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why an item that waits was not sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SendScheduledError {
    /// It does not wait: sent by now, called off, given up, or never there.
    #[error("it does not wait to be sent")]
    NotScheduled,
    /// The delivery is refused.
    #[error(transparent)]
    Delivery(#[from] DeliverError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What became of deliveries that were due.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DueReport {
    /// Sent.
    pub sent: u64,
    /// To be tried again.
    pub put_off: u64,
    /// Not to be sent any more; the items stay where they are.
    pub given_up: u64,
}

impl Store {
    /// Writes an item and lets a delivery wait with it, in place of one that did.
    ///
    /// # Errors
    /// See [`ScheduleError`].
    pub fn schedule(
        &self,
        account: AccountId,
        item: ItemId,
        request: &ScheduleRequest,
        now_ms: u64,
    ) -> Result<Item, ScheduleError> {
        let delivery = serde_json::to_vec(&request.delivery).map_err(|_| StoreError::Corrupt)?;
        let due_ms = now_ms.saturating_add(request.after_ms);
        self.transact(|transaction| {
            transaction.may_deliver(account, &request.delivery)?;
            let mut write = request.write.clone();
            write.parts = Some(all_parts(request));
            let filed = transaction.write_item(account, item, &write, now_ms)?;
            transaction.has_room_for_scheduled(account)?;
            let record = ScheduledRecord {
                due_ms,
                wanted_ms: due_ms,
                request: delivery.clone(),
            };
            transaction.put(layout::scheduled(account, item), &record)?;
            transaction.mark(layout::sending(due_ms, account, item));
            Ok(filed)
        })
    }

    /// Sends what waits, whether it is due or not.
    ///
    /// # Errors
    /// See [`SendScheduledError`].
    pub fn send_scheduled(
        &self,
        account: AccountId,
        item: ItemId,
        now_ms: u64,
    ) -> Result<DeliverResponse, SendScheduledError> {
        self.transact(|transaction| transaction.send_scheduled(account, item, now_ms))
    }

    /// Sends what is due.
    ///
    /// # Errors
    /// The first [`StoreError`]: what it kept from being sent is tried again next time, the rest is sent.
    pub fn send_due(&self, now_ms: u64) -> Result<DueReport, StoreError> {
        let mut report = DueReport::default();
        let mut first_error = None;
        let mut range = layout::sendings_due(now_ms);
        loop {
            let due = self
                .engine()
                .scan(&range, Direction::Ascending, DUE_AT_ONCE)?;
            let Some(last) = due.last() else { break };
            range.start = [&last.key[..], &[0]].concat();
            for entry in due {
                if let Err(error) = self.send_one_due(&entry.key, now_ms, &mut report) {
                    first_error.get_or_insert(error);
                }
            }
        }
        first_error.map_or(Ok(report), Err)
    }

    fn send_one_due(
        &self,
        note: &[u8],
        now_ms: u64,
        report: &mut DueReport,
    ) -> Result<(), StoreError> {
        let (due_ms, account, item) = layout::sending_of(note).ok_or(StoreError::Corrupt)?;
        let key = layout::scheduled(account, item);
        let waits = self
            .read::<ScheduledRecord>(&key)?
            .is_some_and(|record| record.due_ms == due_ms);
        if !waits {
            return self.transact(|transaction| {
                transaction.use_reserve();
                transaction.delete(note.to_vec());
                Ok(())
            });
        }
        match self.send_scheduled(account, item, now_ms) {
            Ok(_) => report.sent += 1,
            Err(SendScheduledError::NotScheduled) => {}
            Err(
                SendScheduledError::Store(error)
                | SendScheduledError::Delivery(DeliverError::Store(error)),
            ) => return Err(error),
            Err(SendScheduledError::Delivery(error)) => {
                self.put_off(account, item, &error, now_ms, report)?;
            }
        }
        Ok(())
    }

    /// Tries again later what may come about then, and gives up the rest.
    fn put_off(
        &self,
        account: AccountId,
        item: ItemId,
        error: &DeliverError,
        now_ms: u64,
        report: &mut DueReport,
    ) -> Result<(), StoreError> {
        let may_pass = matches!(
            error,
            DeliverError::OverQuota | DeliverError::RecipientsFull(_)
        );
        let is_put_off = self.transact(|transaction| {
            transaction.use_reserve();
            let key = layout::scheduled(account, item);
            let Some(record) = transaction.get::<ScheduledRecord>(&key)? else {
                return Ok::<_, StoreError>(None);
            };
            transaction.unschedule(account, item)?;
            let again = may_pass && now_ms < record.wanted_ms.saturating_add(GIVE_UP_MS);
            if again {
                let due_ms = now_ms.saturating_add(RETRY_MS);
                transaction.put(key, &ScheduledRecord { due_ms, ..record })?;
                transaction.mark(layout::sending(due_ms, account, item));
            }
            Ok(Some(again))
        })?;
        match is_put_off {
            Some(true) => report.put_off += 1,
            Some(false) => report.given_up += 1,
            None => {}
        }
        Ok(())
    }
}

/// Everything that the item must hold while it waits: its own parts, and all that the delivery names.
fn all_parts(request: &ScheduleRequest) -> Vec<BlobId> {
    let ScheduleRequest {
        write, delivery, ..
    } = request;
    let ciphertexts = delivery.deliveries.iter().map(|it| it.blob_id);
    let own = write.parts.iter().flatten().copied();
    own.chain(ciphertexts)
        .chain([delivery.sent.blob_id])
        .chain(delivery.parts.iter().copied())
        .collect()
}

impl Transaction<'_> {
    /// Calls off what waits with an item, if anything does.
    pub(super) fn unschedule(
        &mut self,
        account: AccountId,
        item: ItemId,
    ) -> Result<(), StoreError> {
        let key = layout::scheduled(account, item);
        if let Some(record) = self.get::<ScheduledRecord>(&key)? {
            self.delete(layout::sending(record.due_ms, account, item));
            self.delete(key);
        }
        Ok(())
    }

    fn send_scheduled(
        &mut self,
        account: AccountId,
        item: ItemId,
        now_ms: u64,
    ) -> Result<DeliverResponse, SendScheduledError> {
        let key = layout::scheduled(account, item);
        let waiting = self.get::<ScheduledRecord>(&key)?;
        let waiting = waiting.ok_or(SendScheduledError::NotScheduled)?;
        let request: DeliverRequest =
            serde_json::from_slice(&waiting.request).map_err(|_| StoreError::Corrupt)?;
        let response = self.deliver(account, &request, now_ms)?;
        // After the delivery: what it names is held until then.
        if let Some(record) = self.item(account, item)? {
            self.remove_item(account, item, &record)?;
        }
        self.unschedule(account, item)?;
        Ok(DeliverResponse {
            seq: self.seq(account)?,
            ..response
        })
    }

    fn has_room_for_scheduled(&mut self, account: AccountId) -> Result<(), ScheduleError> {
        // Whoever adds one logs a change of the account, which the item's writing has read.
        let waiting = self.count(&layout::all_scheduled(account), MAX_SCHEDULED)?;
        if waiting < MAX_SCHEDULED {
            Ok(())
        } else {
            Err(ScheduleError::TooMany)
        }
    }
}
