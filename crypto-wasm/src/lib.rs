//! S-Mail's cryptography and mail client for JavaScript.
//!
//! Feature `crypto` is what the npm package holds: OpenPGP, OPAQUE, the key hierarchy and sealed
//! envelopes. Feature `mail` is what the webmail's worker holds: the whole mail client.
//!
//! Functions here parse what JavaScript gives, call the core and convert what it answers. Keys cross as handles alone,
//! unless their bytes are asked for by name. Exported methods borrow handles and never use them up; JavaScript ends
//! them with `free()`, which also wipes the secrets inside. Every failure is thrown as an `Error` with a stable `code`.

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

/// Whatever is freed is wiped: keys and plaintexts pass through buffers of the crates underneath, which do not.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static WIPING: zeroizing_alloc::ZeroAlloc<std::alloc::System> =
    zeroizing_alloc::ZeroAlloc(std::alloc::System);

#[cfg(feature = "crypto")]
mod account_key;
#[cfg(feature = "crypto")]
mod argon2id;
#[cfg(feature = "crypto")]
mod envelope;
mod error;
mod error_code;
#[cfg(feature = "crypto")]
mod held;
#[cfg(feature = "mail")]
mod mail;
#[cfg(feature = "crypto")]
mod opaque;
#[cfg(feature = "crypto")]
mod opaque_server;
#[cfg(feature = "crypto")]
mod openpgp;
#[cfg(feature = "crypto")]
mod platform_blocks;
#[cfg(feature = "crypto")]
mod time;
mod version;
#[cfg_attr(not(feature = "crypto"), allow(dead_code))] // the package uses all of it
mod web_crypto;

#[cfg(feature = "crypto")]
pub use account_key::AccountKey;
#[cfg(feature = "crypto")]
pub use argon2id::{StretchingCost, argon2id};
#[cfg(feature = "crypto")]
pub use envelope::{Binding, EnvelopeKey};
pub use error::Thrown;
#[cfg(feature = "crypto")]
pub use held::clear;
#[cfg(feature = "mail")]
pub use mail::{MailClient, MailLogIn};
#[cfg(feature = "crypto")]
pub use opaque::{
    ExportKey, KsfParameters, OpaqueLoggedIn, OpaqueLogin, OpaqueRegistered, OpaqueRegistration,
};
#[cfg(feature = "crypto")]
pub use opaque_server::{OpaqueServer, OpaqueServerLogin};
#[cfg(feature = "crypto")]
pub use openpgp::{
    Certificate, Certificates, Dearmored, DecryptedEnd, DecryptedMessage, DecryptionStream,
    EncryptionStream, SecretKey, Signature, VerifiedMessage, armor, dearmor, decrypt_and_verify,
    encrypt, encrypt_and_sign, sign, sign_detached, verify, verify_detached,
};
pub use version::version;
