//! Accounts: one name, one certificate, one sealed keyring, one inbox.

use super::credentials::StoredCredential;
use super::{Store, StoreError};
use smail_protocol::{AccountId, Bytes, MailboxId, Username};

/// An account to be made.
#[derive(Debug, Clone)]
pub struct NewAccount {
    /// Its name.
    pub username: Username,
    /// Its id, chosen by the client.
    pub account_id: AccountId,
    /// The password's credential.
    pub credential: StoredCredential,
    /// The certificate for the key directory.
    pub certificate: Bytes,
    /// The secret keys, sealed.
    pub sealed_keyring: Bytes,
    /// Its mailboxes; one named twice counts once.
    pub mailboxes: Vec<MailboxId>,
    /// The mailbox among them that messages arrive in.
    pub inbox: MailboxId,
}

/// An account as kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its id.
    pub account_id: AccountId,
    /// Its name.
    pub username: Username,
    /// The certificate in the key directory.
    pub certificate: Bytes,
    /// The secret keys, sealed.
    pub sealed_keyring: Bytes,
    /// Where messages arrive.
    pub inbox: MailboxId,
    /// Whether there is a recovery credential.
    pub has_recovery: bool,
    /// The account's newest change, read before everything else here.
    pub seq: u64,
}

/// Why an account was not made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CreateAccountError {
    /// Somebody has the name.
    #[error("the user name is taken")]
    UsernameTaken,
    /// Somebody has the account id.
    #[error("the account id is in use")]
    AccountExists,
    /// The inbox is not among the mailboxes.
    #[error("the inbox is not among the mailboxes")]
    InboxMissing,
    /// More than [`MAX_MAILBOXES`](smail_protocol::limits::MAX_MAILBOXES).
    #[error("too many mailboxes")]
    TooManyMailboxes,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Store {
    /// Makes an account with its credential and mailboxes, in one step. Its credential has version
    /// [`FIRST_CREDENTIAL_VERSION`](super::FIRST_CREDENTIAL_VERSION).
    ///
    /// # Errors
    /// See [`CreateAccountError`]; nothing was made.
    pub fn create_account(&self, account: &NewAccount) -> Result<(), CreateAccountError> {
        let _ = account;
        unimplemented!()
    }

    /// Whose name it is.
    ///
    /// # Errors
    /// [`StoreError`] alone; a name that is nobody's is `None`.
    pub fn account_by_name(&self, username: &Username) -> Result<Option<AccountId>, StoreError> {
        let _ = username;
        unimplemented!()
    }

    /// The account.
    ///
    /// # Errors
    /// [`StoreError`] alone; an id that is nobody's is `None`.
    pub fn account(&self, account: AccountId) -> Result<Option<Account>, StoreError> {
        let _ = account;
        unimplemented!()
    }
}
