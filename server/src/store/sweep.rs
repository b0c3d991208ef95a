//! Removing what has had its time.

use super::engine::{Batch, Direction, Entry};
use super::holdings::CLAIM_MS;
use super::layout::{Ending, StreamId, ending_of, endings_due};
use super::records::IdempotencyRecord;
use super::{Store, StoreError, layout};
use smail_protocol::limits::IDEMPOTENCY_S;
use smail_protocol::{AccountId, BlobId, IdempotencyKey};

/// Endings looked at in one go.
const ENDINGS_AT_ONCE: usize = 256;

/// What a sweep removed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SweepReport {
    /// Sessions past their idle or absolute limit.
    pub sessions: u64,
    /// Blobs that were uploaded and named by no item for 24 hours.
    pub orphaned_blobs: u64,
    /// Idempotency keys past their time.
    pub idempotency_keys: u64,
    /// Deletions of accounts that had been cut off.
    pub deletions: u64,
    /// Streams of chunks that were no blob's: uploads given up, and what a crash had left of removed blobs.
    pub streams: u64,
}

impl Store {
    /// Removes what is due by `now_ms`. Call it every few minutes; it does little when little is due.
    ///
    /// # Errors
    /// The first [`StoreError`]: what it kept from being removed is tried again next time, the rest is removed.
    pub fn sweep(&self, now_ms: u64) -> Result<SweepReport, StoreError> {
        let mut report = SweepReport::default();
        let mut first_error = None;
        match self.finish_deletions() {
            Ok(deletions) => report.deletions = deletions,
            Err(error) => {
                tracing::error!(cause = error.code(), "a deletion was not finished");
                first_error = Some(error);
            }
        }
        let mut range = endings_due(now_ms);
        loop {
            let due = self
                .engine()
                .scan(&range, Direction::Ascending, ENDINGS_AT_ONCE)?;
            let Some(last) = due.last() else { break };
            range.start = [&last.key[..], &[0]].concat();
            for entry in due {
                if let Err(error) = self.sweep_one(entry, now_ms, &mut report) {
                    if first_error.is_none() {
                        tracing::error!(
                            cause = error.code(),
                            "something that is due was not swept"
                        );
                    }
                    first_error.get_or_insert(error);
                }
            }
        }
        first_error.map_or(Ok(report), Err)
    }

    /// Ends one thing that is due. The note goes last, so that a crash before leaves it for the next sweep.
    fn sweep_one(
        &self,
        note: Entry,
        now_ms: u64,
        report: &mut SweepReport,
    ) -> Result<(), StoreError> {
        match ending_of(&note.key).ok_or(StoreError::Corrupt)? {
            Ending::Session(token_hash) => {
                report.sessions += u64::from(self.end_due_session(&token_hash, now_ms)?)
            }
            Ending::Claim(account, blob) => {
                report.orphaned_blobs += u64::from(self.end_due_claim(account, blob, now_ms)?);
            }
            Ending::Idempotency(account, key) => {
                report.idempotency_keys +=
                    u64::from(self.end_due_idempotency(account, key, now_ms)?);
            }
            Ending::Stream(stream) => {
                if !self.take_stream(stream, &note.key)? {
                    return Ok(());
                }
                report.streams += 1;
                return self.free_stream(stream, loose_note(stream));
            }
        }
        let mut batch = Batch::making_room();
        batch.delete(note.key);
        self.apply(&batch)
    }

    /// Takes an upload for given up, and says whether it was: one that has been finished meanwhile is a blob's.
    pub(super) fn take_stream(&self, stream: StreamId, note: &[u8]) -> Result<bool, StoreError> {
        let taken = loose_note(stream);
        if note == taken {
            return Ok(true);
        }
        self.transact_later(|transaction| {
            let is_given_up = transaction.get_bytes(note)?.is_some();
            if is_given_up {
                transaction.use_reserve();
                transaction.delete(note.to_vec());
                transaction.mark(taken.clone());
            }
            Ok(is_given_up)
        })
    }

    fn end_due_claim(
        &self,
        account: AccountId,
        blob: BlobId,
        now_ms: u64,
    ) -> Result<bool, StoreError> {
        self.transact(|transaction| {
            transaction.use_reserve();
            transaction.unclaim_blob(account, blob, now_ms.saturating_sub(CLAIM_MS))
        })
    }

    fn end_due_idempotency(
        &self,
        account: AccountId,
        idempotency_key: IdempotencyKey,
        now_ms: u64,
    ) -> Result<bool, StoreError> {
        let key = layout::idempotency(account, idempotency_key);
        let kept_ms = IDEMPOTENCY_S * 1_000;
        self.transact(|transaction| {
            let record = transaction.get::<IdempotencyRecord>(&key)?;
            let over =
                record.is_some_and(|record| record.delivered_ms.saturating_add(kept_ms) <= now_ms);
            if over {
                transaction.use_reserve();
                transaction.delete(key.clone());
            }
            Ok(over)
        })
    }
}

/// The note of a stream that is no blob's.
fn loose_note(stream: StreamId) -> Vec<u8> {
    layout::ending(0, Ending::Stream(stream))
}
