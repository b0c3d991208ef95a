//! Messages of any length, encrypted and decrypted as they come. The package's JavaScript puts these two behind
//! `TransformStream`s.

use super::{Certificates, SecretKey, Signature};
use crate::error::Thrown;
use crate::held::Held;
use crate::time::at;
use crate::web_crypto::{Calls, Output, PlatformOctets, Use, join};
use js_sys::Uint8Array;
use rand::rngs::OsRng;
use smail_crypto_core::UnixSeconds;
use smail_crypto_core::openpgp::bulk::{Octets as _, OpeningStream, SealingStream, Written};
use smail_crypto_core::openpgp::{
    Certificate, DecryptError, EncryptError, Limits, TransferableSecretKey,
};
use std::sync::Arc;
use tsify::{Ts, Tsify as _};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// So much of what is pushed is worked on at a time, so that memory does not depend on how it is cut.
const PIECE_BYTES: usize = 1024 * 1024;

/// A message that is encrypted as it comes. One call after the other: wait for each, since
/// one that is made before the other has ended throws `already-finished`, and what it was given is not part of the message.
#[wasm_bindgen]
pub struct EncryptionStream(Held<Encrypting>);

struct Encrypting {
    stream: SealingStream<Output>,
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
        let now = at(now_ms)?;
        let usable = recipients.usable_at(now)?;
        let stream = SealingStream::begin(signer, &usable, now, &mut OsRng)?;
        Ok(Self(Held::new(Encrypting {
            stream,
            calls: Calls::new(Use::Encrypt),
        })))
    }

    /// More plaintext, which is not to be changed until this is done; gives what of the message is ready, in
    /// pieces.
    ///
    /// # Errors
    /// What is no `Uint8Array`. After an error or the end: already finished.
    pub async fn push(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Uint8Array")] plaintext: JsValue,
    ) -> Result<Vec<Uint8Array>, Thrown> {
        let plaintext = octets(&plaintext)?;
        let mut encrypting = self.0.take()?;
        for piece in pieces(&plaintext) {
            let piece = piece?;
            encrypting.stream.push(&piece);
            encrypting.work().await?;
        }
        let output = encrypting.output();
        self.0.give_back(encrypting);
        Ok(output)
    }

    /// The plaintext is complete; gives the rest of the message, in pieces.
    ///
    /// # Errors
    /// After an error or the end: already finished.
    pub async fn end(&self) -> Result<Vec<Uint8Array>, Thrown> {
        self.0.take()?.finish().await
    }
}

impl EncryptionStream {
    /// Encrypts all there is.
    pub(super) async fn run(&self, plaintext: &[u8]) -> Result<Uint8Array, Thrown> {
        let mut encrypting = self.0.take()?;
        let mut parts = Vec::new();
        for piece in plaintext.chunks(PIECE_BYTES) {
            encrypting.stream.push(piece);
            encrypting.work().await?;
            parts.extend(encrypting.output());
        }
        parts.extend(encrypting.finish().await?);
        Ok(join(&parts))
    }
}

impl Encrypting {
    /// The rest of the message.
    async fn finish(&mut self) -> Result<Vec<Uint8Array>, Thrown> {
        self.stream.end()?;
        self.work().await?;
        while self.take_one().await? {}
        Ok(self.output())
    }

    async fn work(&mut self) -> Result<(), Thrown> {
        loop {
            if self.calls.is_full() {
                self.take_one().await?;
            }
            let Some(call) = self.stream.next_call() else {
                return Ok(());
            };
            let (cipher, input) = (self.stream.cipher(), self.stream.input());
            self.calls.begin(cipher, &call, input).await?;
        }
    }

    /// Hands in the output of the call that began first; whether there was one.
    async fn take_one(&mut self) -> Result<bool, Thrown> {
        let Some(output) = self.calls.next().await else {
            return Ok(false);
        };
        let output = output.map_err(|_| EncryptError::Failed)?;
        let is_last = self.stream.is_counted() && self.calls.is_empty();
        self.stream.sealed(output, is_last);
        Ok(true)
    }

    /// What is ready. Frames are put before what they are in front of, so that no piece is a single octet.
    fn output(&mut self) -> Vec<Uint8Array> {
        let (mut arrays, mut frame) = (Vec::new(), Vec::new());
        for written in self.stream.take_output() {
            match written {
                Written::Frame(octets) => frame.extend(octets),
                Written::Sealed(output) if frame.is_empty() => arrays.push(output.into_array()),
                Written::Sealed(output) => {
                    let framed = [Uint8Array::from(&frame[..]), output.into_array()];
                    arrays.push(join(&framed));
                    frame.clear();
                }
            }
        }
        if !frame.is_empty() {
            arrays.push(Uint8Array::from(&frame[..]));
        }
        arrays
    }
}

impl std::fmt::Debug for EncryptionStream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("EncryptionStream(..)")
    }
}

/// A message that is decrypted as it comes. One call after the other: wait for each, since
/// one that is made before the other has ended throws `already-finished`, and what it was given is not part of the message.
#[wasm_bindgen]
pub struct DecryptionStream(Held<Decrypting>);

struct Decrypting {
    stream: OpeningStream,
    calls: Calls,
    plaintext: Vec<Uint8Array>,
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
            plaintext: Vec::new(),
            signers: signers.0.borrow().clone(),
            now: at(now_ms)?,
        })))
    }

    /// More of the message, which is not to be changed until this is done; gives plaintext that is authentic, in
    /// pieces. That nothing is missing is known at the end alone.
    ///
    /// # Errors
    /// What is no `Uint8Array`. A message that is malformed, was altered or is for another key. After an error or the end:
    /// already finished.
    pub async fn push(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Uint8Array")] message: JsValue,
    ) -> Result<Vec<Uint8Array>, Thrown> {
        let message = octets(&message)?;
        let mut decrypting = self.0.take()?;
        for piece in pieces(&message) {
            let piece = piece?;
            decrypting.stream.push(&piece)?;
            decrypting.work().await?;
        }
        let output = std::mem::take(&mut decrypting.plaintext);
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
        let plaintext = std::mem::take(&mut decrypting.plaintext);
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
            if self.calls.is_full() {
                self.take_one().await?;
            }
            if let Some(call) = self.stream.next_call()? {
                let Some(cipher) = self.stream.cipher() else {
                    return Err(DecryptError::NoMatchingKey.into());
                };
                let input = self.stream.input();
                self.calls.begin(cipher, &call, input).await?;
            } else if self.stream.is_trying() {
                // Until it is known that the cipher is right there is one call, and it has to be waited for.
                self.take_one().await?;
            } else {
                return Ok(());
            }
        }
    }

    /// Hands in the output of the call that began first; whether there was one.
    async fn take_one(&mut self) -> Result<bool, Thrown> {
        let Some(output) = self.calls.next().await else {
            return Ok(false);
        };
        match output {
            Ok(output) => {
                let mut ranges = Vec::new();
                self.stream.opened(&output, |range| ranges.push(range))?;
                self.plaintext.extend(output.into_parts(&ranges));
            }
            Err(_) => {
                self.stream.refused()?;
                self.calls = Calls::new(Use::Decrypt);
            }
        }
        Ok(true)
    }
}

impl std::fmt::Debug for DecryptionStream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DecryptionStream(..)")
    }
}

fn octets(value: &JsValue) -> Result<PlatformOctets, Thrown> {
    PlatformOctets::of(value)
        .ok_or_else(|| Thrown::new("invalid-argument", "a Uint8Array is expected"))
}

/// The octets in pieces, of which one after the other is worked on. An array that was transferred meanwhile has none left.
fn pieces(octets: &PlatformOctets) -> impl Iterator<Item = Result<PlatformOctets, Thrown>> {
    let all_bytes = octets.count();
    (0..all_bytes).step_by(PIECE_BYTES).map(move |start| {
        if octets.count() != all_bytes {
            let message = "the array was transferred before all of it was read";
            return Err(Thrown::new("invalid-argument", message));
        }
        Ok(octets.slice(start..all_bytes.min(start + PIECE_BYTES)))
    })
}

/// The end of a message that came bit by bit.
#[wasm_bindgen]
#[derive(Debug)]
pub struct DecryptedEnd {
    plaintext: Vec<Uint8Array>,
    signature: Signature,
}

#[wasm_bindgen]
impl DecryptedEnd {
    /// The rest of the plaintext, in pieces.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn plaintext(&self) -> Vec<Uint8Array> {
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
