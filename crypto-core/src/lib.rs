//! S-Mail's cryptography: OPAQUE client, key hierarchy, sealed envelopes, OpenPGP.
//!
//! The crate is pure: no I/O, no clock, no threads and no randomness of its own. Time ([`UnixSeconds`]) and random
//! number generators are parameters, so that every operation can be repeated in a test.
//!
//! In the order in which an account meets them:
//!
//! 1. [`Password`] and [`RecoveryCode`] are what a person holds. [`opaque`] registers one of them with a server, or
//!    logs in by it, and yields an [`ExportKey`] that the server cannot know.
//! 2. [`AccountKey`] is the root of everything an account keeps. It rests on the server wrapped under the export key,
//!    under the recovery code, or under the [`ResumeSecret`] of one browser.
//! 3. [`envelope`] seals what the account keeps, bound to its owner, kind, object and version.
//! 4. [`openpgp`] makes the account's keys, judges certificates of others, encrypts and decrypts messages.
//!
//! Secrets are types of their own: they are wiped when dropped, cannot be cloned, compared with `==`, printed or
//! serialized, and show nothing in `Debug`.

#![warn(missing_docs)]
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing
    )
)]

mod account_key;
mod argon2id;
mod credential_secret;
pub mod envelope;
mod hkdf;
mod identity;
mod ksf;
pub mod opaque;
pub mod openpgp;
mod padme;
mod password;
mod recovery_code;
pub mod secret;
mod time;

pub use account_key::AccountKey;
pub use argon2id::{Argon2idCost, Argon2idError, argon2id};
pub use credential_secret::CredentialSecret;
pub use identity::{Identity, Object, Owner};
pub use ksf::{KsfError, KsfParameters};
pub use password::{MAX_PASSWORD_BYTES, Password, PasswordError};
pub use recovery_code::{RecoveryCode, RecoveryCodeError};
pub use secret::{EnvelopeKey, ExportKey, ResumeSecret, SessionKey};
pub use smail_ciphers::Plaintext;
pub use time::UnixSeconds;
