//! Messages whose calls are all made here: small ones, which nobody else would be handed sooner, and large ones where
//! nobody faster is. Each octet is written once or twice; rPGP's own way fills and wipes buffers of a megabyte or two for
//! each message, however small it is.

use super::TAG_BYTES;
use super::open::Opening;
use super::seal::Sealing;
use crate::Plaintext;
use crate::openpgp::decrypt::{DecryptError, OpenedMessage};
use crate::openpgp::encrypt::EncryptError;
use sha2::{Digest as _, Sha256};

impl Sealing<'_> {
    /// Signs and seals all of it; gives the message.
    ///
    /// # Errors
    /// [`EncryptError::Failed`].
    pub fn run(mut self) -> Result<Vec<u8>, EncryptError> {
        let digest = self.with_digest_input(|input| Sha256::digest(input))?;
        self.sign(&digest)?;
        let (calls, packets) = self.calls();
        let sealed_bytes = packets.len() + calls.len() * TAG_BYTES;
        let mut message = self.head(sealed_bytes)?;
        message.reserve_exact(sealed_bytes);
        for call in &calls {
            let sealed = self.cipher().seal(call, packets);
            message.extend(sealed.ok_or(EncryptError::Failed)?);
        }
        Ok(message)
    }
}

impl Opening<'_> {
    /// Opens all of it.
    ///
    /// # Errors
    /// [`DecryptError`].
    pub fn run(mut self) -> Result<OpenedMessage, DecryptError> {
        let mut failure = DecryptError::NoMatchingKey;
        while let Some(cipher) = self.next_cipher()? {
            let (calls, body) = self.calls(&cipher)?;
            let mut packets = Plaintext::new(Vec::with_capacity(body.len()));
            let opened = calls
                .iter()
                .try_for_each(|call| cipher.open_into(call, body, &mut packets));
            match opened {
                Some(()) => return self.finish(packets),
                None => failure = DecryptError::Tampered,
            }
        }
        Err(failure)
    }
}
