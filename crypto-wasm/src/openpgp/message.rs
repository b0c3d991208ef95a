//! Messages: encrypted and signed, decrypted and verified.

use super::{Certificates, EncryptionStream, SecretKey, Signature, bulk};
use crate::error::Thrown;
use crate::held::Held;
use crate::time::at;
use crate::web_crypto::WebCrypto;
use js_sys::Uint8Array;
use rand::rngs::OsRng;
use smail_crypto_core::Plaintext;
use smail_crypto_core::openpgp::bulk::{Opening, Sealing};
use smail_crypto_core::openpgp::{self, Limits, OpenedMessage, SignatureVerdict};
use tsify::{Ts, Tsify as _};
use wasm_bindgen::prelude::wasm_bindgen;

/// What is longer would not be read again.
fn within_limits(plaintext: Vec<u8>) -> Result<Plaintext, Thrown> {
    if plaintext.len() > Limits::DEFAULT.plaintext_bytes {
        let message = "a message has at most 128 MiB of plaintext; a stream takes more";
        return Err(Thrown::new("limit-exceeded", message));
    }
    Ok(Plaintext::new(plaintext))
}

/// Encrypts a plaintext to all recipients at once, without a signature: nothing tells the reader who wrote it. Gives a
/// binary OpenPGP message that does not name the recipients.
///
/// # Errors
/// No recipients, a recipient whose certificate may not be used; more than 128 MiB, for which there are streams.
#[wasm_bindgen]
pub async fn encrypt(
    plaintext: Vec<u8>,
    recipients: &Certificates,
    now_ms: Option<f64>,
) -> Result<Uint8Array, Thrown> {
    let plaintext = within_limits(plaintext)?;
    if WebCrypto::find_for(plaintext.len()).is_some()
        && let Ok(stream) = EncryptionStream::unsigned(recipients, now_ms)
    {
        return stream.run(&plaintext).await;
    }
    let usable = recipients.usable_at(at(now_ms)?)?;
    let message = openpgp::encrypt(&plaintext, &usable, &mut OsRng)?;
    Ok(Uint8Array::from(&message[..]))
}

/// Signs a plaintext and encrypts it to all recipients at once; gives a binary OpenPGP message that does not name them.
/// Name the signer among the recipients to be able to read it again.
///
/// # Errors
/// No recipients, a recipient whose certificate may not be used, a signer that may not sign; more than 128 MiB, for
/// which there are streams.
#[wasm_bindgen(js_name = encryptAndSign)]
pub async fn encrypt_and_sign(
    plaintext: Vec<u8>,
    signer: &SecretKey,
    recipients: &Certificates,
    now_ms: Option<f64>,
) -> Result<Uint8Array, Thrown> {
    let plaintext = within_limits(plaintext)?;
    let now = at(now_ms)?;
    let usable = recipients.usable_at(now)?;
    let signer = signer.keys()?;
    if let Some(web_crypto) = WebCrypto::find_for(plaintext.len())
        && let Some(sealing) = Sealing::begin(&plaintext, &signer, &usable, now, &mut OsRng)?
    {
        return bulk::seal(&web_crypto, sealing).await;
    }
    let message = openpgp::encrypt_and_sign(&plaintext, &signer, &usable, now, &mut OsRng)?;
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
    let (keys, limits) = (keys.keys()?, Limits::DEFAULT);
    let opened = match WebCrypto::find_for(message.len()) {
        Some(web_crypto) => match Opening::begin(&message, &keys, &limits)? {
            Some(opening) => bulk::open(&web_crypto, opening).await?,
            None => openpgp::decrypt(&message, &keys, &limits)?,
        },
        None => openpgp::decrypt(&message, &keys, &limits)?,
    };
    let (plaintext, signature) = judged(opened, message.len(), signers, now_ms).await?;
    Ok(DecryptedMessage {
        plaintext: Held::new(plaintext),
        signature,
    })
}

/// Signs data; gives a binary OpenPGP message that holds both, and that anybody can read.
///
/// # Errors
/// A key that may not sign now; more than 128 MiB.
#[wasm_bindgen]
pub fn sign(data: Vec<u8>, signer: &SecretKey, now_ms: Option<f64>) -> Result<Vec<u8>, Thrown> {
    let data = within_limits(data)?;
    let signer = signer.keys()?;
    Ok(openpgp::sign(&data, &signer, at(now_ms)?, &mut OsRng)?)
}

/// Reads a signed message, binary or armored, and says what its signature is worth.
///
/// # Errors
/// Something that is no signed message, or that is encrypted. A signature that is not valid is no error: look at it.
#[wasm_bindgen]
pub async fn verify(
    message: Vec<u8>,
    signers: &Certificates,
    now_ms: Option<f64>,
) -> Result<VerifiedMessage, Thrown> {
    let opened = openpgp::open_signed(&message, &Limits::DEFAULT)?;
    let (data, signature) = judged(opened, message.len(), signers, now_ms).await?;
    Ok(VerifiedMessage { data, signature })
}

/// What was signed, and what the signatures are worth; by the platform's digests where they are worth it.
async fn judged(
    mut opened: OpenedMessage,
    message_bytes: usize,
    signers: &Certificates,
    now_ms: Option<f64>,
) -> Result<(Plaintext, SignatureVerdict), Thrown> {
    let (signers, now) = (signers.0.borrow().clone(), at(now_ms)?);
    let signature = match WebCrypto::find_for(message_bytes) {
        Some(web_crypto) => bulk::verify(&web_crypto, &mut opened, &signers, now).await?,
        None => opened.verify(&signers, now),
    };
    Ok((opened.into_plaintext(), signature))
}

/// A message, decrypted. Secret.
#[wasm_bindgen]
pub struct DecryptedMessage {
    plaintext: Held<Plaintext>,
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
    ///
    /// # Errors
    /// After [`clear`](crate::clear).
    #[wasm_bindgen(getter)]
    pub fn plaintext(&self) -> Result<Uint8Array, Thrown> {
        Ok(Uint8Array::from(self.plaintext.get()?.as_slice()))
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

/// A signed message, read.
#[wasm_bindgen]
pub struct VerifiedMessage {
    data: Plaintext,
    signature: SignatureVerdict,
}

impl std::fmt::Debug for VerifiedMessage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("VerifiedMessage(..)")
    }
}

#[wasm_bindgen]
impl VerifiedMessage {
    /// What was signed: a copy. Authentic only as the signature says.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn data(&self) -> Uint8Array {
        Uint8Array::from(self.data.as_slice())
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
