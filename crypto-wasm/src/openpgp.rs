//! OpenPGP (RFC 9580): keys, certificates, messages, signatures.

mod armor;
mod bulk;
mod certificate;
mod message;
mod secret_key;
mod signature;
mod stream;

pub use armor::{Dearmored, armor, dearmor};
pub use certificate::{Certificate, Certificates};
pub use message::{
    DecryptedMessage, VerifiedMessage, decrypt_and_verify, encrypt, encrypt_and_sign, sign, verify,
};
pub use secret_key::SecretKey;
pub use signature::{Signature, sign_detached, verify_detached};
pub use stream::{DecryptedEnd, DecryptionStream, EncryptionStream};
