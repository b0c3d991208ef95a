//! Certificates: others' public keys, and whether they may be used.

use crate::error::Thrown;
use crate::time::at;
use smail_crypto_core::{UnixSeconds, openpgp};
use std::cell::RefCell;
use wasm_bindgen::prelude::wasm_bindgen;

/// A certificate (transferable public key).
#[wasm_bindgen]
#[derive(Debug)]
pub struct Certificate(pub(crate) openpgp::Certificate);

#[wasm_bindgen]
impl Certificate {
    /// Reads a certificate, binary or armored. Whether it may be used is another question: see
    /// [`Certificate::ensure_usable`].
    ///
    /// # Errors
    /// Something that is no certificate, or several.
    #[wasm_bindgen(js_name = fromBytes)]
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Thrown> {
        Ok(Self(openpgp::Certificate::from_bytes(bytes)?))
    }

    /// The certificate, binary.
    #[wasm_bindgen(js_name = toBytes)]
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.0.to_bytes()
    }

    /// The certificate as text.
    #[wasm_bindgen(js_name = toArmored)]
    #[must_use]
    pub fn to_armored(&self) -> String {
        self.0.to_armored()
    }

    /// The primary key's fingerprint: upper-case hexadecimal in groups of four.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn fingerprint(&self) -> String {
        self.0.fingerprint().to_string()
    }

    /// The mail addresses in its User IDs.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn addresses(&self) -> Vec<String> {
        self.0.addresses()
    }

    /// Passes when mail may be encrypted to this certificate now.
    ///
    /// # Errors
    /// What breaks policy: expired, revoked, too weak, no key to encrypt to.
    #[wasm_bindgen(js_name = ensureUsable)]
    pub fn ensure_usable(&self, now_ms: Option<f64>) -> Result<(), Thrown> {
        self.0.usable_at(at(now_ms)?)?;
        Ok(())
    }
}

/// Several certificates: the recipients of a message, or those who may have signed one.
#[wasm_bindgen]
#[derive(Debug, Default)]
pub struct Certificates(pub(crate) RefCell<Vec<openpgp::Certificate>>);

#[wasm_bindgen]
impl Certificates {
    /// None yet.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one. Of two copies of one certificate the first counts, unless the other says that it, or the key that signed, is
    /// revoked.
    pub fn add(&self, certificate: &Certificate) {
        self.0.borrow_mut().push(certificate.0.clone());
    }
}

impl Certificates {
    /// All of them as recipients at this time, or what is wrong with the first that cannot be one.
    pub(super) fn usable_at(
        &self,
        now: UnixSeconds,
    ) -> Result<Vec<openpgp::UsableCertificate>, openpgp::CertificateError> {
        let certificates = self.0.borrow();
        certificates.iter().map(|it| it.usable_at(now)).collect()
    }
}
