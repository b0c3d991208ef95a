//! What any S-Mail client must know, whatever it runs on: messages, items, sealed state, sending and reading, and
//! keeping in step with the server.
//!
//! The crate does no I/O, has no clock and no randomness of its own: all three come in through [`Env`], whose
//! [`transport::Transport`] is the one joint to the world. A program opens a [`Client`] by [`Client::sign_up`],
//! [`Client::log_in`], [`Client::recover`] or [`Client::resume`], and works with it until [`Client::log_out`].
//!
//! What a client shows is in [`views`]: plain records without keys. Every error implements [`CodedError`].
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing
    )
)]
#![warn(missing_docs)]

mod account;
mod address;
mod address_warnings;
mod api;
mod attachment;
mod attachments;
mod auth;
mod blob;
mod bring;
mod client;
mod contacts;
mod directory;
mod draft;
mod env;
mod error;
mod export;
mod folders;
mod forgotten;
mod forward;
mod item;
mod items;
mod keys;
mod labels;
mod list;
mod memory;
mod open;
mod organise;
mod pins;
mod read;
mod recent;
mod recipients;
mod remote_content;
mod reply;
#[cfg(feature = "bench")]
pub mod search;
#[cfg(not(feature = "bench"))]
mod search;
mod security;
mod send;
mod settings;
mod sight;
mod state;
mod sync;
mod transfer;

pub mod message;
pub mod transport;
mod twice_sealed;
pub mod views;

pub use account::OpenAccountError;
pub use address::{Addressee, MalformedAddress, Recipient, read_addressee};
pub use api::ApiError;
pub use attachment::{FileSource, FileUnreadable, NewAttachment, TransferError, TransferWatch};
pub use attachments::AttachmentError;
pub use auth::{
    ChangeCredentialError, DeleteAccountError, ExchangeError, FactorError, LogIn, LogInError,
    LogInOutcome, MIN_PASSWORD_CHARS, NewPasswordError, NotProved, PasskeyError, PendingLogIn,
    Proof, Recover, RecoverError, RecoveryKit, ResumeError, SecondFactorError, SignUp, SignUpError,
};
pub use blob::BlobError;
pub use bring::{BringError, Brought};
pub use client::Client;
pub use contacts::ContactError;
pub use draft::DraftError;
pub use env::{Env, Randomness};
pub use error::{CodedError, Typed};
pub use folders::{FolderError, NameError};
pub use forgotten::says_attached;
pub use items::{FlagChange, ItemError};
pub use keys::KeysError;
pub use list::ListError;
pub use open::OpenMessageError;
pub use read::ReadError;
pub use search::{SearchError, SearchRequest};
pub use send::{PackedError, ScheduleError, SendError};
pub use settings::SettingsError;
pub use state::StateError;
pub use sync::SyncError;
pub use transfer::{ExportError, ImportError, ImportWatch};
