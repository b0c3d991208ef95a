//! A person's own keys.

use super::Certificate;
use crate::error::Thrown;
use crate::held::Held;
use crate::time::at;
use rand::rngs::OsRng;
use smail_crypto_core::openpgp::{Limits, Readers, TransferableSecretKey};
use std::sync::Arc;
use wasm_bindgen::prelude::wasm_bindgen;
use zeroize::Zeroizing;

/// A transferable secret key: one person's keys to sign and to decrypt with. Secret.
#[wasm_bindgen]
#[derive(Debug)]
pub struct SecretKey(Held<Arc<TransferableSecretKey>>);

#[wasm_bindgen]
impl SecretKey {
    /// Makes keys for a mail address: Ed25519 to sign; X25519, and ML-KEM-768 with X25519, to decrypt.
    ///
    /// # Errors
    /// Something that is no address.
    pub fn generate(address: &str, now_ms: Option<f64>) -> Result<Self, Thrown> {
        let key = TransferableSecretKey::generate(address, at(now_ms)?, &mut OsRng)?;
        Ok(Self::of(key))
    }

    /// Reads a transferable secret key, binary or armored, that is not locked.
    ///
    /// # Errors
    /// Something that is none, or is locked: see [`SecretKey::from_locked`].
    #[wasm_bindgen(js_name = fromBytes)]
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Thrown> {
        Ok(Self::of(TransferableSecretKey::from_bytes(bytes)?))
    }

    /// Reads a transferable secret key, binary or armored, that another program locked with a passphrase.
    ///
    /// # Errors
    /// Something that is none, a wrong passphrase, a lock that asks for too much work or memory.
    #[wasm_bindgen(js_name = fromLocked)]
    pub fn from_locked(bytes: &[u8], passphrase: String) -> Result<Self, Thrown> {
        let passphrase = Zeroizing::new(passphrase);
        let limits = Limits::DEFAULT;
        let key = TransferableSecretKey::unlock(bytes, passphrase.as_bytes(), &limits)?;
        Ok(Self::of(key))
    }

    /// The transferable secret key in the clear, binary. Seal it before it goes anywhere.
    ///
    /// # Errors
    /// When it cannot be written.
    #[wasm_bindgen(js_name = toBytes)]
    pub fn to_bytes(&self) -> Result<Vec<u8>, Thrown> {
        Ok(self.0.get()?.to_bytes()?.to_vec())
    }

    /// The transferable secret key locked with a passphrase, binary, to be carried to another program. `readers` says
    /// which: those that know RFC 9580 (Argon2id; takes about a second), or those that know RFC 4880 alone, as GnuPG,
    /// whose lock costs a guesser far less.
    ///
    /// # Errors
    /// An empty passphrase, unknown readers.
    #[wasm_bindgen(js_name = toLocked)]
    pub fn to_locked(
        &self,
        passphrase: String,
        #[wasm_bindgen(unchecked_optional_param_type = "\"rfc9580\" | \"rfc4880\"")]
        readers: Option<String>,
    ) -> Result<Vec<u8>, Thrown> {
        let passphrase = Zeroizing::new(passphrase);
        let readers = match readers.as_deref() {
            None | Some("rfc9580") => Readers::Rfc9580,
            Some("rfc4880") => Readers::Rfc4880,
            Some(_) => {
                return Err(Thrown::new(
                    "invalid-argument",
                    "readers of a locked key are `rfc9580` or `rfc4880`",
                ));
            }
        };
        let key = self.0.get()?;
        Ok(key.lock(passphrase.as_bytes(), readers, &mut OsRng)?)
    }

    /// The public half, to give away.
    ///
    /// # Errors
    /// After [`clear`](crate::clear).
    pub fn certificate(&self) -> Result<Certificate, Thrown> {
        Ok(Certificate(self.0.get()?.certificate().clone()))
    }
}

impl SecretKey {
    fn of(key: TransferableSecretKey) -> Self {
        Self(Held::new(Arc::new(key)))
    }

    /// The keys, for as long as an operation needs them.
    pub(super) fn keys(&self) -> Result<Arc<TransferableSecretKey>, Thrown> {
        Ok(Arc::clone(&*self.0.get()?))
    }
}
