//! A person's own keys.

use super::Certificate;
use crate::error::Thrown;
use crate::time::at;
use rand::rngs::OsRng;
use smail_crypto_core::openpgp::TransferableSecretKey;
use std::sync::Arc;
use wasm_bindgen::prelude::wasm_bindgen;

/// A transferable secret key: one person's keys to sign and to decrypt with. Secret.
#[wasm_bindgen]
#[derive(Debug)]
pub struct SecretKey(pub(crate) Arc<TransferableSecretKey>);

#[wasm_bindgen]
impl SecretKey {
    /// Makes keys for a mail address: Ed25519 to sign; X25519, and ML-KEM-768 with X25519, to decrypt.
    ///
    /// # Errors
    /// Something that is no address.
    pub fn generate(address: &str, now_ms: Option<f64>) -> Result<Self, Thrown> {
        let key = TransferableSecretKey::generate(address, at(now_ms), &mut OsRng)?;
        Ok(Self(Arc::new(key)))
    }

    /// Reads a transferable secret key, binary or armored, without a password on it.
    ///
    /// # Errors
    /// Something that is none, or is locked.
    #[wasm_bindgen(js_name = fromBytes)]
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Thrown> {
        Ok(Self(Arc::new(TransferableSecretKey::from_bytes(bytes)?)))
    }

    /// The transferable secret key in the clear, binary. Seal it before it goes anywhere.
    ///
    /// # Errors
    /// When it cannot be written.
    #[wasm_bindgen(js_name = toBytes)]
    pub fn to_bytes(&self) -> Result<Vec<u8>, Thrown> {
        Ok(self.0.to_bytes()?.to_vec())
    }

    /// The public half, to give away.
    #[must_use]
    pub fn certificate(&self) -> Certificate {
        Certificate(self.0.certificate().clone())
    }
}
