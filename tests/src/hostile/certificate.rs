//! Certificates that a key directory could hand out and a client must not simply use.

use crate::http::now_ms;
use clap::ValueEnum;
use pgp::composed::{KeyType, SecretKeyParamsBuilder};
use pgp::ser::Serialize as _;
use rand::rngs::OsRng;
use smail_crypto_core::UnixSeconds;
use smail_crypto_core::openpgp::TransferableSecretKey;

const YEAR_S: u64 = 365 * 24 * 3600;

/// What is wrong with a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum CertificateFault {
    /// Sound in itself, but not the one seen before.
    Changed,
    /// Made in the future.
    NotYetValid,
    /// Has a signing key alone.
    NoEncryptionKey,
    /// Names another address than the one it is handed out for.
    OtherAddress,
}

/// A binary certificate for this address with this fault.
///
/// # Errors
/// What the key generation says.
pub fn certificate(fault: CertificateFault, address: &str) -> anyhow::Result<Vec<u8>> {
    let now_s = now_ms() / 1000;
    let made_at = |address: &str, seconds| {
        let key = TransferableSecretKey::generate(address, UnixSeconds::new(seconds), &mut OsRng)?;
        anyhow::Ok(key.certificate().to_bytes())
    };
    match fault {
        CertificateFault::Changed => made_at(address, now_s),
        CertificateFault::NotYetValid => made_at(address, now_s + 2 * YEAR_S),
        CertificateFault::OtherAddress => made_at(&format!("not-{address}"), now_s),
        CertificateFault::NoEncryptionKey => signing_alone(address),
    }
}

fn signing_alone(address: &str) -> anyhow::Result<Vec<u8>> {
    let key = SecretKeyParamsBuilder::default()
        .key_type(KeyType::Ed25519Legacy)
        .can_certify(true)
        .can_sign(true)
        .primary_user_id(address.to_owned())
        .build()?
        .generate(OsRng)?;
    Ok(key.to_public_key().to_bytes()?)
}
