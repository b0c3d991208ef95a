//! Credentials: what an account logs in by. Each has a version, so that a login that began under an older password
//! cannot end in a session after the password was changed.

use super::changes::ChangedThing;
use super::records::{AccountRecord, CredentialRecord};
use super::transaction::Transaction;
use super::{Store, StoreError, layout};
use smail_protocol::{
    AccountId, Bytes, CredentialKind, KsfParameters, SessionId, WrappedCredential,
};

/// The version of a credential that was never replaced.
pub const FIRST_CREDENTIAL_VERSION: u64 = 1;

/// A credential in the form of the wire: OPAQUE's record, the stretching parameters and the wrapped account key.
pub type StoredCredential = WrappedCredential;

/// A credential with its version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CurrentCredential {
    /// What was stored.
    pub credential: StoredCredential,
    /// Grows each time a credential of the account is written. Goes into [`NewSession`](super::NewSession).
    pub version: u64,
}

impl CurrentCredential {
    /// The parameters the password was stretched with.
    #[must_use]
    pub const fn ksf(&self) -> KsfParameters {
        self.credential.ksf
    }
}

/// Why a credential was not set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SetCredentialError {
    /// No such account.
    #[error("no such account")]
    NoAccount,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Store {
    /// The account's credential of this kind; `None` when there is none.
    ///
    /// # Errors
    /// [`StoreError`] alone.
    pub fn credential(
        &self,
        account: AccountId,
        kind: CredentialKind,
    ) -> Result<Option<CurrentCredential>, StoreError> {
        let record = self.read::<CredentialRecord>(&layout::credential(account, kind))?;
        self.settled(record.map(current_credential))
    }

    /// Makes or replaces a credential. With `end_sessions_but`, all the account's other sessions end in the same step.
    /// The account's other clients hear of it as a change.
    ///
    /// # Errors
    /// See [`SetCredentialError`].
    pub fn set_credential(
        &self,
        account: AccountId,
        kind: CredentialKind,
        credential: &StoredCredential,
        end_sessions_but: Option<SessionId>,
    ) -> Result<(), SetCredentialError> {
        self.transact(|transaction| {
            let version =
                next_version(transaction, account)?.ok_or(SetCredentialError::NoAccount)?;
            transaction.use_reserve();
            transaction.put(
                layout::credential(account, kind),
                &credential_record(credential, version),
            )?;
            if let Some(but) = end_sessions_but {
                transaction.end_sessions(account, |session| session != but)?;
            }
            Ok(())
        })
    }

    /// Removes the recovery credential and says whether there was one. (A password is never removed.)
    ///
    /// # Errors
    /// [`StoreError`] alone.
    pub fn remove_recovery_credential(&self, account: AccountId) -> Result<bool, StoreError> {
        self.transact(|transaction| {
            let key = layout::credential(account, CredentialKind::Recovery);
            if transaction.get_bytes(&key)?.is_none() {
                return Ok(false);
            }
            next_version(transaction, account)?;
            transaction.use_reserve();
            transaction.delete(key);
            Ok(true)
        })
    }
}

/// Counts one more change of the account's credentials; `None` when there is no such account.
fn next_version(
    transaction: &mut Transaction<'_>,
    account: AccountId,
) -> Result<Option<u64>, StoreError> {
    change_account(transaction, account, |record| {
        record.credential_version += 1
    })
}

/// Tells the account's clients that its keys changed; the version of its credentials, or `None` when there is no such
/// account.
pub(super) fn note_account_change(
    transaction: &mut Transaction<'_>,
    account: AccountId,
) -> Result<Option<u64>, StoreError> {
    change_account(transaction, account, |_| ())
}

fn change_account(
    transaction: &mut Transaction<'_>,
    account: AccountId,
    change: impl FnOnce(&mut AccountRecord),
) -> Result<Option<u64>, StoreError> {
    let key = layout::account(account);
    let Some(mut record) = transaction.get::<AccountRecord>(&key)? else {
        return Ok(None);
    };
    change(&mut record);
    record.change_seq =
        Some(transaction.log_change(account, ChangedThing::Account, record.change_seq)?);
    transaction.put(key, &record)?;
    Ok(Some(record.credential_version))
}

/// The stored form.
pub(super) fn credential_record(credential: &StoredCredential, version: u64) -> CredentialRecord {
    CredentialRecord {
        version,
        registration_record: credential.registration_record.as_slice().to_vec(),
        memory_kib: credential.ksf.memory_kib,
        iterations: credential.ksf.iterations,
        parallelism: credential.ksf.parallelism,
        wrapped_account_key: credential.wrapped_account_key.as_slice().to_vec(),
    }
}

fn current_credential(record: CredentialRecord) -> CurrentCredential {
    let ksf = KsfParameters {
        memory_kib: record.memory_kib,
        iterations: record.iterations,
        parallelism: record.parallelism,
    };
    let credential = StoredCredential {
        registration_record: Bytes::from(record.registration_record),
        ksf,
        wrapped_account_key: Bytes::from(record.wrapped_account_key),
    };
    CurrentCredential {
        credential,
        version: record.version,
    }
}
