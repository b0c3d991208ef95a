//! OpenPGP (RFC 9580, RFC 9980): keys, certificates, messages and signatures, on top of rPGP.
//!
//! rPGP reads and writes packets and does the arithmetic. What it leaves to its caller is here: which certificate and
//! which of its keys may be used at a given time ([`Certificate::usable_at`]), how much a hostile message may cost
//! ([`Limits`]), that nothing leaves before the last tag has been checked ([`decrypt`]), and what a signature is worth
//! ([`SignatureVerdict`]).

mod armor;
pub mod bulk;
mod certificate;
mod container;
mod decrypt;
mod description;
mod detached;
mod encrypt;
mod fingerprint;
mod generate;
mod key_list;
mod limits;
mod literal;
mod lock;
mod open_container;
mod policy;
mod renew;
mod safety_number;
mod secret_key;
mod seipd_v1;
mod session_key;
mod signed;
mod signing;
mod unlock;
mod usable;
mod verdict;

pub use armor::{ArmorKind, DearmorError, armor, dearmor};
pub use certificate::{Certificate, ParseCertificateError};
pub use decrypt::{
    DecryptError, DecryptedMessage, OpenedMessage, decrypt, decrypt_and_verify,
    decrypt_with_password,
};
pub use description::{CertificateDescription, describe_encryption};
pub use detached::{VerifyError, sign_detached, verify_detached};
pub use encrypt::{EncryptError, encrypt, encrypt_and_sign};
pub use fingerprint::{Fingerprint, MalformedFingerprint};
pub use generate::GenerateError;
pub use key_list::ListedKey;
pub use limits::{Limit, LimitExceeded, Limits};
pub use lock::{LockError, Readers};
pub use policy::CertificateError;
pub use renew::RenewError;
pub use safety_number::{SafetyNumber, SafetyParty};
pub use secret_key::{ParseSecretKeyError, TransferableSecretKey};
pub use signed::{open_signed, sign};
pub use signing::SignError;
pub use unlock::UnlockError;
pub use usable::UsableCertificate;
pub use verdict::{SignatureVerdict, VerifiedSignature};
