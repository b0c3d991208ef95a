//! OpenPGP (RFC 9580): keys, certificates, messages, signatures.

mod bulk;
mod certificate;
mod message;
mod secret_key;
mod signature;
mod stream;

pub use certificate::{Certificate, Certificates};
pub use message::{DecryptedMessage, decrypt_and_verify, encrypt_and_sign};
pub use secret_key::SecretKey;
pub use signature::{Signature, sign_detached, verify_detached};
pub use stream::{DecryptedEnd, DecryptionStream, EncryptionStream};
