//! Large messages: what the platform's cryptography does faster is done by it.

use crate::error::Thrown;
use crate::platform_blocks::PlatformBlocks;
use crate::web_crypto::{NotAuthentic, Use, WebCrypto, join};
use js_sys::Uint8Array;
use smail_crypto_core::Plaintext;
use smail_crypto_core::UnixSeconds;
use smail_crypto_core::openpgp::bulk::{DIGEST, DigestCall, Mode, Opening, Sealing};
use smail_crypto_core::openpgp::{
    Certificate, DecryptError, EncryptError, OpenedMessage, SignatureVerdict,
};

/// Signs and encrypts what was begun.
pub(super) async fn seal(
    web_crypto: &WebCrypto,
    mut sealing: Sealing<'_>,
) -> Result<Uint8Array, Thrown> {
    let digest = sealing.with_digest_input(|input| web_crypto.digest(DIGEST, input))??;
    let cipher = web_crypto.cipher(sealing.cipher(), Use::Encrypt).await?;
    let mut sealed: Vec<Uint8Array> = Vec::new();
    let before = sealing.calls_before_signature();
    {
        let (calls, input) = sealing.calls();
        let calls = calls.get(..before).unwrap_or_default();
        let run = cipher.run(calls, input, |chunk| sealed.push(chunk.clone()));
        run.await.map_err(|_| EncryptError::Failed)?;
    }
    sealing.sign(&digest.finish().await?)?;
    let (calls, input) = sealing.calls();
    let calls = calls.get(before..).unwrap_or_default();
    let run = cipher.run(calls, input, |chunk| sealed.push(chunk.clone()));
    run.await.map_err(|_| EncryptError::Failed)?;

    let sealed_bytes: u32 = sealed.iter().map(Uint8Array::length).sum();
    let head = sealing.head(sealed_bytes as usize)?;
    sealed.insert(0, Uint8Array::from(&head[..]));
    Ok(join(&sealed))
}

/// Decrypts what was begun.
pub(super) async fn open(
    web_crypto: &WebCrypto,
    mut opening: Opening<'_>,
) -> Result<OpenedMessage, Thrown> {
    let mut failure = DecryptError::NoMatchingKey;
    while let Some(cipher) = opening.next_cipher()? {
        let (calls, body) = opening.calls(&cipher)?;
        let platform = web_crypto.cipher(&cipher, Use::Decrypt).await?;
        let mut packets = Plaintext::new(Vec::with_capacity(body.len()));
        let opened = match cipher.mode() {
            Mode::Ocb => {
                let platform = PlatformBlocks::new(&cipher, platform);
                platform.run(&calls, body, &mut packets).await
            }
            _ => platform.run(&calls, body, appending(&mut packets)).await,
        };
        match opened {
            Ok(()) => return Ok(opening.finish(packets)?),
            Err(NotAuthentic) => failure = DecryptError::Tampered,
        }
    }
    Err(failure.into())
}

fn appending(packets: &mut Plaintext) -> impl FnMut(&Uint8Array) {
    move |chunk| {
        let at = packets.len();
        packets.resize(at + chunk.length() as usize, 0);
        if let Some(room) = packets.get_mut(at..) {
            chunk.copy_to(room);
        }
        chunk.fill(0, 0, chunk.length());
    }
}

/// Judges a message's signatures by digests that the platform computes.
pub(super) async fn verify(
    web_crypto: &WebCrypto,
    opened: &mut OpenedMessage,
    signers: &[Certificate],
    now: UnixSeconds,
) -> Result<SignatureVerdict, Thrown> {
    let mut digests: Vec<(DigestCall, Vec<u8>)> = Vec::new();
    for call in opened.digest_calls() {
        let digest =
            opened.with_digest_input(&call, |input| web_crypto.digest(call.algorithm(), input))?;
        let digest = digest.finish().await?;
        digests.push((call, digest));
    }
    Ok(opened.verify_digests(&digests, signers, now))
}
