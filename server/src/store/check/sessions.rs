//! Sessions: by their ids, by their tokens, and with an end.

use super::endings::Endings;
use super::{Check, Fault};
use crate::store::StoreError;
use crate::store::engine::{Batch, KeyRange};
use crate::store::layout::{self, Ending};
use crate::store::records::SessionRecord;
use crate::store::sessions::{TokenHash, ends_ms};
use smail_protocol::{AccountId, SessionId};

impl Check<'_> {
    /// Looks at all sessions. One that is not whole ends: its person logs in again.
    pub(super) fn sessions(&mut self, endings: &Endings) -> Result<(), StoreError> {
        self.each(&KeyRange::prefix(b"s"), |check, entry| {
            let (Some(account), Some(session)) = (
                layout::account_of(&entry.key),
                entry.key.last_chunk().copied(),
            ) else {
                return Ok(());
            };
            let record = match TokenHash::try_from(&entry.value[..]) {
                Ok(token) => check.record::<SessionRecord>(&layout::session_by_token(&token))?,
                Err(_) => None,
            };
            let is_its = |record: SessionRecord| {
                record.account == *account.as_bytes() && record.session == session
            };
            if record.is_some_and(is_its) {
                return Ok(());
            }
            let mut repair = Batch::default();
            repair.delete(entry.key);
            check.repairable(&Fault::SessionWithoutToken(account), &repair)
        })?;
        self.each(&KeyRange::prefix(b"t"), |check, entry| {
            let Some(token) = entry.key.last_chunk().copied() else {
                return Ok(());
            };
            let Some(record) = check.decode::<SessionRecord>("session", &entry) else {
                return Ok(());
            };
            check.token(&token, &record, endings)
        })
    }

    fn token(
        &mut self,
        token: &TokenHash,
        record: &SessionRecord,
        endings: &Endings,
    ) -> Result<(), StoreError> {
        let account = AccountId::from_bytes(record.account);
        let session = SessionId::from_bytes(record.session);
        let listed = self.bytes(&layout::session_by_id(account, session))?;
        let mut repair = Batch::default();
        if listed.as_deref() != Some(token) {
            repair.delete(layout::session_by_token(token));
            return self.repairable(&Fault::TokenWithoutSession(account), &repair);
        }
        if endings.sessions.contains(token) {
            return Ok(());
        }
        let ending = Ending::Session(*token);
        repair.put(layout::ending(ends_ms(record), ending), []);
        self.repairable(&Fault::SessionWithoutEnd(account), &repair)
    }
}
