//! Accounts: one name, one certificate, one sealed keyring, one inbox.

use super::credentials::{FIRST_CREDENTIAL_VERSION, StoredCredential, credential_record};
use super::records::{AccountRecord, MailboxRecord};
use super::{Store, StoreError, layout};
use smail_protocol::limits::MAX_MAILBOXES;
use smail_protocol::{AccountId, Bytes, CredentialKind, MailboxId, Username};
use std::collections::BTreeSet;

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
        let mailboxes: BTreeSet<MailboxId> = account.mailboxes.iter().copied().collect();
        if !mailboxes.contains(&account.inbox) {
            return Err(CreateAccountError::InboxMissing);
        }
        let count = u32::try_from(mailboxes.len()).unwrap_or(u32::MAX);
        if mailboxes.len() > MAX_MAILBOXES {
            return Err(CreateAccountError::TooManyMailboxes);
        }
        let record = AccountRecord {
            username: account.username.as_str().to_owned(),
            inbox: *account.inbox.as_bytes(),
            mailboxes: count,
            credential_version: FIRST_CREDENTIAL_VERSION,
            change_seq: None,
        };
        let id = account.account_id;
        self.transact(|transaction| {
            let name_key = layout::username(&account.username);
            if transaction.get_bytes(&name_key)?.is_some() {
                return Err(CreateAccountError::UsernameTaken);
            }
            if transaction.get_bytes(&layout::account(id))?.is_some() {
                return Err(CreateAccountError::AccountExists);
            }
            transaction.put_bytes(name_key, id.as_bytes().to_vec());
            transaction.put(layout::account(id), &record)?;
            transaction.put_bytes(
                layout::certificate(id),
                account.certificate.as_slice().to_vec(),
            );
            transaction.put_bytes(
                layout::keyring(id),
                account.sealed_keyring.as_slice().to_vec(),
            );
            let credential = credential_record(&account.credential, FIRST_CREDENTIAL_VERSION);
            transaction.put(
                layout::credential(id, CredentialKind::Password),
                &credential,
            )?;
            mailboxes.iter().try_for_each(|mailbox| {
                transaction
                    .put(layout::mailbox(id, *mailbox), &MailboxRecord::default())
                    .map_err(Into::into)
            })
        })
    }

    /// Whether nobody can have the name: somebody has it, or had it until the account was deleted.
    ///
    /// # Errors
    /// [`StoreError`] alone.
    pub fn is_name_taken(&self, username: &Username) -> Result<bool, StoreError> {
        let found = self.engine().get(&layout::username(username))?;
        self.settled(found.is_some())
    }

    /// Whose name it is.
    ///
    /// # Errors
    /// [`StoreError`] alone; a name that is nobody's is `None`.
    pub fn account_by_name(&self, username: &Username) -> Result<Option<AccountId>, StoreError> {
        let found = self.engine().get(&layout::username(username))?;
        self.settled(owner_of_name(found)?)
    }

    /// The account.
    ///
    /// # Errors
    /// [`StoreError`] alone; an id that is nobody's is `None`.
    pub fn account(&self, account: AccountId) -> Result<Option<Account>, StoreError> {
        let seq = self.seq_now(account)?;
        let Some(record) = self.read::<AccountRecord>(&layout::account(account))? else {
            return Ok(None);
        };
        let bytes = |key: Vec<u8>| {
            self.engine()
                .get(&key)?
                .map(Bytes::from)
                .ok_or(StoreError::Corrupt)
        };
        let account = Account {
            account_id: account,
            username: record.username.parse().map_err(|_| StoreError::Corrupt)?,
            certificate: bytes(layout::certificate(account))?,
            sealed_keyring: bytes(layout::keyring(account))?,
            inbox: MailboxId::from_bytes(record.inbox),
            has_recovery: self
                .credential(account, CredentialKind::Recovery)?
                .is_some(),
            seq,
        };
        self.settled(Some(account))
    }
}

/// The account that a user name's value names; none for a name that was a deleted account's.
pub(super) fn owner_of_name(value: Option<Vec<u8>>) -> Result<Option<AccountId>, StoreError> {
    let id = value.map(|id| id.try_into().map_err(|_| StoreError::Corrupt));
    let id = id.transpose()?.filter(|id| *id != layout::NOBODY);
    Ok(id.map(AccountId::from_bytes))
}
