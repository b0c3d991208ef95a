//! Messages: encrypted and signed, decrypted and verified.

use super::{Certificates, SecretKey, Signature, bulk};
use crate::error::Thrown;
use crate::time::at;
use js_sys::Uint8Array;
use rand::rngs::OsRng;
use smail_crypto_core::openpgp::bulk::{Opening, Sealing};
use smail_crypto_core::openpgp::{self, Limits, SignatureVerdict};
use tsify::{Ts, Tsify as _};
use wasm_bindgen::prelude::wasm_bindgen;
use zeroize::Zeroizing;

/// Signs a plaintext and encrypts it to all recipients at once; gives a binary OpenPGP message that does not name them.
/// Name the signer among the recipients to be able to read it again.
///
/// # Errors
/// No recipients, a recipient whose certificate may not be used, a signer that may not sign.
#[wasm_bindgen(js_name = encryptAndSign)]
pub async fn encrypt_and_sign(
    plaintext: Vec<u8>,
    signer: &SecretKey,
    recipients: &Certificates,
    now_ms: Option<f64>,
) -> Result<Uint8Array, Thrown> {
    let plaintext = Zeroizing::new(plaintext);
    let now = at(now_ms);
    let usable = recipients.usable_at(now)?;
    if let Some(web_crypto) = bulk::platform_for(plaintext.len())
        && let Some(sealing) = Sealing::begin(&plaintext, &signer.0, &usable, now, &mut OsRng)?
    {
        return bulk::seal(&web_crypto, sealing).await;
    }
    let message = openpgp::encrypt_and_sign(&plaintext, &signer.0, &usable, now, &mut OsRng)?;
    Ok(Uint8Array::from(&message[..]))
}

/// Decrypts a message, binary or armored, and says what its signature is worth.
///
/// # Errors
/// A message that is malformed, was altered, is for another key or asks for too much work or memory. A signature that is
/// not valid is no error: look at it.
#[wasm_bindgen(js_name = decryptAndVerify)]
pub async fn decrypt_and_verify(
    message: Vec<u8>,
    keys: &SecretKey,
    signers: &Certificates,
    now_ms: Option<f64>,
) -> Result<DecryptedMessage, Thrown> {
    let signers = signers.0.borrow().clone();
    let now = at(now_ms);
    let (opened, signature) = match bulk::platform_for(message.len()) {
        Some(web_crypto) => {
            let begun = Opening::begin(&message, &keys.0, &Limits::DEFAULT)?;
            let mut opened = match begun {
                Some(opening) => bulk::open(&web_crypto, opening).await?,
                None => openpgp::decrypt(&message, &keys.0, &Limits::DEFAULT)?,
            };
            let signature = bulk::verify(&web_crypto, &mut opened, &signers, now).await?;
            (opened, signature)
        }
        None => {
            let opened = openpgp::decrypt(&message, &keys.0, &Limits::DEFAULT)?;
            let signature = opened.verify(&signers, now);
            (opened, signature)
        }
    };
    Ok(DecryptedMessage {
        plaintext: opened.into_plaintext(),
        signature,
    })
}

/// A message, decrypted. Secret.
#[wasm_bindgen]
pub struct DecryptedMessage {
    plaintext: Zeroizing<Vec<u8>>,
    signature: SignatureVerdict,
}

impl std::fmt::Debug for DecryptedMessage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DecryptedMessage(..)")
    }
}

#[wasm_bindgen]
impl DecryptedMessage {
    /// What was encrypted: a copy, which is the caller's to keep safe.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn plaintext(&self) -> Vec<u8> {
        self.plaintext.to_vec()
    }

    /// What the signature is worth.
    ///
    /// # Errors
    /// None that is expected.
    #[wasm_bindgen(getter)]
    pub fn signature(&self) -> Result<Ts<Signature>, Thrown> {
        Ok(Signature::of(&self.signature).into_ts()?)
    }
}
