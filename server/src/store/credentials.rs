//! Credentials: what an account logs in by. Each has a version, so that a login that began under an older password
//! cannot end in a session after the password was changed.

use super::{Store, StoreError};
use smail_protocol::{AccountId, CredentialKind, KsfParameters, SessionId, WrappedCredential};

/// The version of a credential that was never replaced.
pub const FIRST_CREDENTIAL_VERSION: u64 = 1;

/// A credential in the form of the wire: OPAQUE's record, the stretching parameters and the wrapped account key.
pub type StoredCredential = WrappedCredential;

/// A credential with its version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CurrentCredential {
    /// What was stored.
    pub credential: StoredCredential,
    /// 1 at first, one more each time it is replaced. Goes into [`NewSession`](super::NewSession).
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
        let _ = (account, kind);
        unimplemented!()
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
        let _ = (account, kind, credential, end_sessions_but);
        unimplemented!()
    }

    /// Removes the recovery credential and says whether there was one. (A password is never removed.)
    ///
    /// # Errors
    /// [`StoreError`] alone.
    pub fn remove_recovery_credential(&self, account: AccountId) -> Result<bool, StoreError> {
        let _ = account;
        unimplemented!()
    }
}
