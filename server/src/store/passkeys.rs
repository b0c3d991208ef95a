//! An account's passkeys: public keys, and what is known of their use. A passkey is one record; adding and removing one goes
//! with the rest of the second factor (`factors`) in one transaction.

use super::engine::{Direction, Entry};
use super::records::{PasskeyRecord, Record as _};
use super::{ChangeFactorError, RecoveryCodeHash, Store, StoreError, layout};
use smail_protocol::limits::{MAX_PASSKEYS, PASSKEY_USER_HANDLE_BYTES};
use smail_protocol::{AccountId, PasskeyId};

/// Counter, backup and what else each use of a passkey may change, as webauthn_rp writes it.
pub type PasskeyState = [u8; 7];

/// A passkey.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passkey {
    /// What its owner's client calls it.
    pub passkey_id: PasskeyId,
    /// The authenticator's name for it.
    pub credential_id: Vec<u8>,
    /// How browsers reach the authenticator: a bit each.
    pub transports: u8,
    /// What the authenticator knows the account by.
    pub user_handle: [u8; PASSKEY_USER_HANDLE_BYTES],
    /// The origin of the page that it was made for.
    pub origin: String,
    /// The public key and what never changes with it.
    pub key: Vec<u8>,
    /// What each use may change.
    pub state: PasskeyState,
    /// When it was added, in milliseconds since 1970.
    pub added_ms: u64,
    /// When it last proved a login.
    pub used_ms: Option<u64>,
}

impl Store {
    /// Adds a passkey. The recovery codes are taken if there are none yet; gives whether they were.
    ///
    /// # Errors
    /// See [`ChangeFactorError`].
    pub fn add_passkey(
        &self,
        account: AccountId,
        passkey: &Passkey,
        recovery_codes: &[RecoveryCodeHash],
    ) -> Result<bool, ChangeFactorError> {
        self.change_factor(account, |factor| {
            if factor.passkeys >= MAX_PASSKEYS {
                return Err(ChangeFactorError::TooManyPasskeys);
            }
            let key = layout::passkey(account, passkey.passkey_id);
            let is_there = factor.transaction.get_bytes(&key)?.is_some();
            let others = factor.transaction.scan(&layout::passkeys(account))?;
            if is_there || is_among(&others, passkey)? {
                return Err(ChangeFactorError::PasskeyThere);
            }
            factor.transaction.put(key, &record(passkey))?;
            factor.passkeys += 1;
            Ok(factor.take_codes(recovery_codes))
        })
    }

    /// Removes a passkey; the recovery codes go with the last factor.
    ///
    /// # Errors
    /// See [`ChangeFactorError`].
    pub fn remove_passkey(
        &self,
        account: AccountId,
        passkey: PasskeyId,
    ) -> Result<(), ChangeFactorError> {
        self.change_factor(account, |factor| {
            let key = layout::passkey(account, passkey);
            if factor.transaction.get_bytes(&key)?.is_none() {
                return Err(ChangeFactorError::NoFactor);
            }
            factor.transaction.delete(key);
            factor.passkeys = factor.passkeys.saturating_sub(1);
            Ok(())
        })
    }

    /// Notes that a passkey has proved a login: its state from then on. Says whether it was noted: not when it was removed, or
    /// another login has changed its state since it was `checked`, and with the state the counter that was compared.
    ///
    /// # Errors
    /// [`StoreError`] alone.
    pub fn use_passkey(
        &self,
        account: AccountId,
        checked: &Passkey,
        state: PasskeyState,
        now_ms: u64,
    ) -> Result<bool, StoreError> {
        let key = layout::passkey(account, checked.passkey_id);
        self.transact(|transaction| {
            let Some(mut record) = transaction.get::<PasskeyRecord>(&key)? else {
                return Ok(false);
            };
            if record.state != checked.state {
                return Ok(false);
            }
            record.state = state;
            record.used_ms = Some(now_ms);
            // Who cannot log in cannot make room on a full disk.
            transaction.use_reserve();
            transaction.put(key.clone(), &record)?;
            Ok(true)
        })
    }

    /// An account's passkeys, oldest first. To be settled before they are told.
    pub(super) fn read_passkeys(&self, account: AccountId) -> Result<Vec<Passkey>, StoreError> {
        let range = layout::passkeys(account);
        let entries = self
            .engine()
            .scan(&range, Direction::Ascending, usize::MAX)?;
        let mut passkeys = entries.iter().map(passkey).collect::<Result<Vec<_>, _>>()?;
        passkeys.sort_by_key(|passkey| (passkey.added_ms, passkey.passkey_id));
        Ok(passkeys)
    }
}

/// Whether an authenticator's name for a passkey is one of those that are kept.
fn is_among(entries: &[Entry], new: &Passkey) -> Result<bool, StoreError> {
    for entry in entries {
        if PasskeyRecord::decode(&entry.value)?.credential_id == new.credential_id {
            return Ok(true);
        }
    }
    Ok(false)
}

fn passkey(entry: &Entry) -> Result<Passkey, StoreError> {
    let record = PasskeyRecord::decode(&entry.value)?;
    Ok(Passkey {
        passkey_id: layout::passkey_of(&entry.key).ok_or(StoreError::Corrupt)?,
        credential_id: record.credential_id,
        transports: record.transports,
        user_handle: record.user_handle,
        origin: record.origin,
        key: record.key,
        state: record.state,
        added_ms: record.added_ms,
        used_ms: record.used_ms,
    })
}

fn record(passkey: &Passkey) -> PasskeyRecord {
    PasskeyRecord {
        credential_id: passkey.credential_id.clone(),
        transports: passkey.transports,
        user_handle: passkey.user_handle,
        origin: passkey.origin.clone(),
        key: passkey.key.clone(),
        state: passkey.state,
        added_ms: passkey.added_ms,
        used_ms: passkey.used_ms,
    }
}
