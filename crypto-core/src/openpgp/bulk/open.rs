//! A message on its way to be read: everything but the cipher, and the digests over its text.

use super::cipher::{AeadCall, ContainerCipher};
use super::trials::Trials;
use crate::openpgp::decrypt::{self, DecryptError, OpenedMessage};
use crate::openpgp::limits::Limits;
use crate::openpgp::literal::{self, PACKET_OVERHEAD_BYTES};
use crate::openpgp::secret_key::TransferableSecretKey;
use crate::plaintext::Plaintext;
use pgp::composed::{Edata, Esk};
use pgp::packet::{ProtectedDataConfig, SymEncryptedProtectedDataConfig};
use std::io::Read as _;

/// A message that is being decrypted.
pub struct Opening<'a> {
    session_keys: Vec<Esk>,
    keys: &'a TransferableSecretKey,
    limits: Limits,
    config: SymEncryptedProtectedDataConfig,
    body: Vec<u8>,
    trials: Trials,
}

impl<'a> Opening<'a> {
    /// Begins to read a message, binary or armored. `None`: not one for this way, because it is not encrypted with
    /// AES-GCM in SEIPD version 2.
    ///
    /// # Errors
    /// [`DecryptError`].
    pub fn begin(
        message: &[u8],
        keys: &'a TransferableSecretKey,
        limits: &Limits,
    ) -> Result<Option<Self>, DecryptError> {
        let binary = decrypt::to_binary(message)?;
        let (session_keys, container) = decrypt::parse(&binary)?;
        let Edata::SymEncryptedProtectedData { mut reader } = container else {
            return Ok(None);
        };
        let ProtectedDataConfig::Seipd(config @ SymEncryptedProtectedDataConfig::V2 { .. }) =
            reader.config().clone()
        else {
            return Ok(None);
        };
        if !ContainerCipher::reads(&config) {
            return Ok(None);
        }
        let most_bytes = limits.plaintext_bytes.saturating_add(PACKET_OVERHEAD_BYTES);
        if binary.len() > most_bytes.saturating_add(most_bytes / 4) {
            return Ok(None);
        }
        let mut body = Vec::with_capacity(binary.len());
        let read = reader.read_to_end(&mut body);
        read.map_err(|_| DecryptError::Tampered)?;
        decrypt::ensure_end(reader.get_mut().get_mut())?;
        Ok(Some(Self {
            session_keys,
            keys,
            limits: *limits,
            config,
            body,
            trials: Trials::default(),
        }))
    }

    /// The next cipher that may be the right one: only its first call tells. `None`: the message is for other keys.
    ///
    /// # Errors
    /// [`DecryptError::LimitExceeded`].
    pub fn next_cipher(&mut self) -> Result<Option<ContainerCipher>, DecryptError> {
        let Self {
            session_keys,
            keys,
            limits,
            config,
            ..
        } = self;
        self.trials.next(session_keys, keys, limits, config)
    }

    /// The calls that open the container, and what they are made on. Nothing of their outputs may be used before the
    /// last has succeeded.
    ///
    /// # Errors
    /// [`DecryptError::Tampered`] when it is too short.
    pub fn calls(&self, cipher: &ContainerCipher) -> Result<(Vec<AeadCall>, &[u8]), DecryptError> {
        let calls = cipher.open_calls(self.body.len());
        Ok((calls.ok_or(DecryptError::Tampered)?, &self.body))
    }

    /// Reads what the calls gave, one after the other.
    ///
    /// # Errors
    /// [`DecryptError`].
    pub fn finish(self, packets: Plaintext) -> Result<OpenedMessage, DecryptError> {
        drop(self.body);
        let content = literal::read(&packets, &self.limits)?;
        Ok(OpenedMessage::of(content, Some(self.keys.fingerprint())))
    }
}

impl std::fmt::Debug for Opening<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Opening(..)")
    }
}
