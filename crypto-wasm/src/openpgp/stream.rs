//! Messages of any length, encrypted and decrypted as they come. The package's JavaScript puts these two behind
//! `TransformStream`s.

use super::{Certificates, SecretKey, Signature};
use crate::error::Thrown;
use crate::held::Held;
use crate::time::at;
use crate::web_crypto::{Calls, Use};
use js_sys::Uint8Array;
use rand::rngs::OsRng;
use smail_crypto_core::Plaintext;
use smail_crypto_core::UnixSeconds;
use smail_crypto_core::openpgp::bulk::{OpeningStream, SealingStream};
use smail_crypto_core::openpgp::{
    Certificate, DecryptError, EncryptError, Limits, TransferableSecretKey,
};
use std::sync::Arc;
use tsify::{Ts, Tsify as _};
use wasm_bindgen::prelude::wasm_bindgen;

/// So much of what is pushed is worked on at a time, so that memory does not depend on how it is cut.
const PIECE_BYTES: usize = 1024 * 1024;

/// A message that is encrypted as it comes. One call after the other: each waits for the one before.
#[wasm_bindgen]
pub struct EncryptionStream(Held<Encrypting>);

struct Encrypting {
    stream: SealingStream,
    calls: Calls,
}

#[wasm_bindgen]
impl EncryptionStream {
    /// Begins a message that is signed.
    ///
    /// # Errors
    /// No recipients, a recipient whose certificate may not be used or who cannot read this kind of message, a signer that
    /// may not sign.
    #[wasm_bindgen(js_name = signedBy)]
    pub fn signed_by(
        signer: &SecretKey,
        recipients: &Certificates,
        now_ms: Option<f64>,
    ) -> Result<Self, Thrown> {
        Self::begin(Some(signer.keys()?), recipients, now_ms)
    }

    /// Begins a message that is not signed.
    ///
    /// # Errors
    /// No recipients, a recipient whose certificate may not be used or who cannot read this kind of message.
    pub fn unsigned(recipients: &Certificates, now_ms: Option<f64>) -> Result<Self, Thrown> {
        Self::begin(None, recipients, now_ms)
    }

    fn begin(
        signer: Option<Arc<TransferableSecretKey>>,
        recipients: &Certificates,
        now_ms: Option<f64>,
    ) -> Result<Self, Thrown> {
        let now = at(now_ms);
        let usable = recipients.usable_at(now)?;
        let stream = SealingStream::begin(signer, &usable, now, &mut OsRng)?;
        Ok(Self(Held::new(Encrypting {
            stream,
            calls: Calls::new(Use::Encrypt),
        })))
    }

    /// More plaintext; gives what of the message is ready.
    ///
    /// # Errors
    /// After an error or the end: already finished.
    pub async fn push(&self, plaintext: Vec<u8>) -> Result<Uint8Array, Thrown> {
        self.push_all(&Plaintext::new(plaintext)).await
    }

    /// The plaintext is complete; gives the rest of the message.
    ///
    /// # Errors
    /// After an error or the end: already finished.
    pub async fn end(&self) -> Result<Uint8Array, Thrown> {
        let mut encrypting = self.0.take()?;
        encrypting.stream.end()?;
        encrypting.work().await?;
        while let Some(output) = encrypting.calls.next().await {
            let octets = output.map_err(|_| EncryptError::Failed)?;
            let is_last = encrypting.calls.is_empty();
            encrypting.stream.sealed(&octets, is_last);
        }
        Ok(encrypting.output())
    }
}

impl EncryptionStream {
    pub(super) async fn push_all(&self, plaintext: &[u8]) -> Result<Uint8Array, Thrown> {
        let mut encrypting = self.0.take()?;
        for piece in plaintext.chunks(PIECE_BYTES) {
            encrypting.stream.push(piece);
            encrypting.work().await?;
        }
        let output = encrypting.output();
        self.0.give_back(encrypting);
        Ok(output)
    }
}

impl Encrypting {
    async fn work(&mut self) -> Result<(), Thrown> {
        while let Some((call, input)) = self.stream.next_call() {
            if self.calls.is_full()
                && let Some(output) = self.calls.next().await
            {
                let octets = output.map_err(|_| EncryptError::Failed)?;
                self.stream.sealed(&octets, false);
            }
            let begun = self.calls.begin(self.stream.cipher(), &call, &input).await;
            begun.map_err(|_| EncryptError::Failed)?;
        }
        Ok(())
    }

    fn output(&mut self) -> Uint8Array {
        Uint8Array::from(&self.stream.take_output()[..])
    }
}

impl std::fmt::Debug for EncryptionStream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("EncryptionStream(..)")
    }
}

/// A message that is decrypted as it comes. One call after the other: each waits for the one before.
#[wasm_bindgen]
pub struct DecryptionStream(Held<Decrypting>);

struct Decrypting {
    stream: OpeningStream,
    calls: Calls,
    signers: Vec<Certificate>,
    now: UnixSeconds,
}

#[wasm_bindgen]
impl DecryptionStream {
    /// Begins to read a message, in binary, encrypted with AES-GCM in SEIPD version 2 and not compressed.
    ///
    /// # Errors
    /// After [`clear`](crate::clear).
    #[wasm_bindgen(constructor)]
    pub fn new(
        keys: &SecretKey,
        signers: &Certificates,
        now_ms: Option<f64>,
    ) -> Result<Self, Thrown> {
        Ok(Self(Held::new(Decrypting {
            stream: OpeningStream::begin(keys.keys()?, &Limits::DEFAULT),
            calls: Calls::new(Use::Decrypt),
            signers: signers.0.borrow().clone(),
            now: at(now_ms),
        })))
    }

    /// More of the message; gives plaintext that is authentic. That nothing is missing is known at the end alone.
    ///
    /// # Errors
    /// A message that is malformed, was altered or is for another key. After an error or the end: already finished.
    pub async fn push(&self, message: Vec<u8>) -> Result<Uint8Array, Thrown> {
        let mut decrypting = self.0.take()?;
        for piece in message.chunks(PIECE_BYTES) {
            decrypting.stream.push(piece)?;
            decrypting.work().await?;
        }
        let output = decrypting.output();
        self.0.give_back(decrypting);
        Ok(output)
    }

    /// The message is complete; gives the rest of the plaintext and what the signature is worth.
    ///
    /// # Errors
    /// A message that was cut off, and all that [`DecryptionStream::push`] throws.
    pub async fn end(&self) -> Result<DecryptedEnd, Thrown> {
        let mut decrypting = self.0.take()?;
        decrypting.stream.end()?;
        decrypting.work().await?;
        while decrypting.take_one().await? {
            decrypting.work().await?;
        }
        let plaintext = decrypting.output();
        let verdict = decrypting
            .stream
            .finish(&decrypting.signers, decrypting.now)?;
        Ok(DecryptedEnd {
            plaintext,
            signature: Signature::of(&verdict),
        })
    }
}

impl Decrypting {
    async fn work(&mut self) -> Result<(), Thrown> {
        loop {
            while let Some((call, input)) = self.stream.next_call()? {
                if self.calls.is_full() {
                    self.take_one().await?;
                }
                let Some(cipher) = self.stream.cipher() else {
                    return Err(DecryptError::NoMatchingKey.into());
                };
                let begun = self.calls.begin(cipher, &call, &input).await;
                begun.map_err(|_| DecryptError::Tampered)?;
            }
            // Until it is known that the cipher is right there is one call, and it has to be waited for.
            if !self.stream.is_trying() {
                return Ok(());
            }
            self.take_one().await?;
        }
    }

    /// Hands in the output of the call that began first; whether there was one.
    async fn take_one(&mut self) -> Result<bool, Thrown> {
        let Some(output) = self.calls.next().await else {
            return Ok(false);
        };
        match output {
            Ok(octets) => self.stream.opened(&octets)?,
            Err(_) => {
                self.stream.refused()?;
                self.calls = Calls::new(Use::Decrypt);
            }
        }
        Ok(true)
    }

    fn output(&mut self) -> Uint8Array {
        Uint8Array::from(&self.stream.take_output()[..])
    }
}

impl std::fmt::Debug for DecryptionStream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DecryptionStream(..)")
    }
}

/// The end of a message that came bit by bit.
#[wasm_bindgen]
#[derive(Debug)]
pub struct DecryptedEnd {
    plaintext: Uint8Array,
    signature: Signature,
}

#[wasm_bindgen]
impl DecryptedEnd {
    /// The rest of the plaintext.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn plaintext(&self) -> Uint8Array {
        self.plaintext.clone()
    }

    /// What the signature is worth.
    ///
    /// # Errors
    /// None that is expected.
    #[wasm_bindgen(getter)]
    pub fn signature(&self) -> Result<Ts<Signature>, Thrown> {
        Ok(self.signature.clone().into_ts()?)
    }
}
