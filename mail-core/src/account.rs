//! The account that is open: who it is, and its keys.

use crate::env::{Env, Randomness};
use crate::item::{ContentError, ItemContent};
use crate::keys::{Keyring, digest};
use crate::transport::Transport;
use crate::views::{AccountInfo, Person};
use smail_crypto_core::envelope::{self, Binding, Kind, OpenError, SealError};
use smail_crypto_core::openpgp::Certificate;
use smail_crypto_core::{AccountKey, EnvelopeKey, Object, Owner};
use smail_protocol::{
    AccountId, AccountView, Bytes, Item, ItemId, MailboxId, ObjectId, SessionId, Username,
};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use zeroize::Zeroizing;

/// An account with its keys. Secret.
pub(crate) struct Account {
    pub(crate) id: AccountId,
    pub(crate) username: Username,
    pub(crate) domain: String,
    pub(crate) inbox: MailboxId,
    pub(crate) key: AccountKey,
    keyring: RefCell<Rc<Keyring>>,
    /// SHA-256 of the keyring as it was sealed: what a change of it replaces.
    pub(crate) keyring_digest: Cell<[u8; 32]>,
    pub(crate) has_recovery: Cell<bool>,
    pub(crate) has_second_factor: Cell<bool>,
    pub(crate) session_id: Cell<SessionId>,
    state_key: EnvelopeKey,
}

/// Why an account's keys did not open although the login passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OpenAccountError {
    /// The account key does not open under what the login gave.
    #[error("The account's key could not be opened: the server gave damaged data.")]
    AccountKey(#[source] OpenError),
    /// The keyring does not open under the account key.
    #[error("The account's keyring could not be opened: the server gave damaged data.")]
    Keyring(#[source] OpenError),
    /// What the keyring holds is not a transferable secret key.
    #[error("The account's keyring is damaged.")]
    SecretKey,
    /// The key directory has a certificate for this account that is not of its keys.
    #[error(
        "The server gives others a key for you that is not yours. Do not use it, and tell whoever runs it."
    )]
    ForeignCertificate,
}

impl OpenAccountError {
    /// Stable word for this error.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::AccountKey(_) => "account-key-damaged",
            Self::Keyring(_) => "keyring-damaged",
            Self::SecretKey => "secret-key-damaged",
            Self::ForeignCertificate => "foreign-certificate",
        }
    }
}

/// Why an item's sealed envelope gave nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum OpenItemError {
    #[error("This message's summary was altered or damaged on the server.")]
    Envelope(#[source] OpenError),
    #[error(transparent)]
    Content(ContentError),
}

impl Account {
    /// Opens the account with its key.
    pub(crate) fn open(
        view: &AccountView,
        domain: &str,
        key: AccountKey,
    ) -> Result<Self, OpenAccountError> {
        let keyring = open_keyring(view, &key)?;
        Ok(Self {
            id: view.account_id,
            username: view.username.clone(),
            domain: domain.to_owned(),
            inbox: view.inbox,
            state_key: key.state_key(),
            key,
            keyring: RefCell::new(Rc::new(keyring)),
            keyring_digest: Cell::new(digest(&view.sealed_keyring)),
            has_recovery: Cell::new(view.has_recovery),
            has_second_factor: Cell::new(view.has_second_factor),
            session_id: Cell::new(view.session_id),
        })
    }

    /// The secret keys as they are now.
    pub(crate) fn keyring(&self) -> Rc<Keyring> {
        self.keyring.borrow().clone()
    }

    /// Opens the keyring that the server gives now.
    pub(crate) fn open_keyring(&self, view: &AccountView) -> Result<Keyring, OpenAccountError> {
        open_keyring(view, &self.key)
    }

    /// From now on these are the secret keys.
    pub(crate) fn set_keyring(&self, keyring: Keyring, sealed: &Bytes) {
        self.keyring.replace(Rc::new(keyring));
        self.keyring_digest.set(digest(sealed));
    }

    pub(crate) fn address(&self) -> String {
        format!("{}@{}", self.username, self.domain)
    }

    /// The account's owner as an author.
    pub(crate) fn person(&self) -> Person {
        Person {
            name: String::new(),
            address: self.address(),
        }
    }

    pub(crate) fn info(&self) -> AccountInfo {
        AccountInfo {
            id: self.id.to_string(),
            username: self.username.to_string(),
            domain: self.domain.clone(),
            address: self.address(),
            fingerprint: self.keyring().certificate().fingerprint().to_string(),
            has_recovery: self.has_recovery.get(),
        }
    }

    pub(crate) const fn owner(&self) -> Owner {
        owner(self.id)
    }

    /// The id of the state object with this name.
    pub(crate) fn object_id(&self, name: &str) -> ObjectId {
        ObjectId::from_bytes(self.key.object_id(name).0)
    }

    /// Seals an item's content for this version of the item.
    pub(crate) fn seal_item<T: Transport, R: Randomness>(
        &self,
        env: &Env<T, R>,
        item_id: ItemId,
        version: u64,
        content: &ItemContent,
    ) -> Result<Bytes, SealError> {
        self.seal(
            env,
            Kind::Item,
            *item_id.as_bytes(),
            version,
            &content.to_json(),
        )
    }

    /// Opens an item's content; `None` when it has not been sealed yet.
    pub(crate) fn open_item(&self, item: &Item) -> Result<Option<ItemContent>, OpenItemError> {
        let Some(sealed) = &item.sealed else {
            return Ok(None);
        };
        let json = self
            .unseal(
                Kind::Item,
                *item.item_id.as_bytes(),
                item.version,
                sealed.as_slice(),
            )
            .map_err(OpenItemError::Envelope)?;
        ItemContent::from_json(&json, item.blob_id)
            .map(Some)
            .map_err(OpenItemError::Content)
    }

    /// Seals something of this account under its state key.
    pub(crate) fn seal<T: Transport, R: Randomness>(
        &self,
        env: &Env<T, R>,
        kind: Kind,
        object: [u8; 16],
        version: u64,
        content: &[u8],
    ) -> Result<Bytes, SealError> {
        let binding = Binding {
            kind,
            owner: self.owner(),
            object: Object(object),
            version,
        };
        env.with_rng(|rng| envelope::seal(&self.state_key, &binding, content, rng))
            .map(Bytes::from)
    }

    /// Opens something of this account that was sealed under its state key.
    pub(crate) fn unseal(
        &self,
        kind: Kind,
        object: [u8; 16],
        version: u64,
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        let binding = Binding {
            kind,
            owner: self.owner(),
            object: Object(object),
            version,
        };
        envelope::open(&self.state_key, &binding, sealed)
    }
}

fn open_keyring(view: &AccountView, key: &AccountKey) -> Result<Keyring, OpenAccountError> {
    let binding = keyring_binding(view.account_id);
    let octets = envelope::open(&key.keyring_key(), &binding, view.sealed_keyring.as_slice())
        .map_err(OpenAccountError::Keyring)?;
    let keyring = Keyring::from_bytes(&octets)?;
    let published = Certificate::from_bytes(view.certificate.as_slice());
    if published.map(|published| published.fingerprint()).ok()
        != Some(keyring.certificate().fingerprint())
    {
        return Err(OpenAccountError::ForeignCertificate);
    }
    Ok(keyring)
}

/// The envelope's owner for this account.
pub(crate) const fn owner(account_id: AccountId) -> Owner {
    Owner(*account_id.as_bytes())
}

/// An account has one keyring; its envelope is bound to the account.
pub(crate) const fn keyring_binding(account_id: AccountId) -> Binding {
    Binding {
        kind: Kind::Keyring,
        owner: owner(account_id),
        object: Object::ONLY,
        version: 0,
    }
}
