//! A message on its way to be read: everything but the cipher, and the digests over its text.

use super::cipher::{AeadCall, ContainerCipher};
use super::trials::Trials;
use crate::Plaintext;
use crate::openpgp::decrypt::{self, DecryptError, OpenedMessage};
use crate::openpgp::limits::Limits;
use crate::openpgp::literal::{self, PACKET_OVERHEAD_BYTES};
use crate::openpgp::secret_key::TransferableSecretKey;
use pgp::composed::{Edata, Esk};
use pgp::packet::{PacketHeader, ProtectedDataConfig, SymEncryptedProtectedDataConfig};
use pgp::ser::Serialize as _;
use pgp::types::{PacketLength, Tag};
use std::borrow::Cow;
use std::io::Read as _;
use std::ops::Range;

/// A message that is being decrypted.
pub struct Opening<'a> {
    session_keys: Vec<Esk>,
    keys: &'a TransferableSecretKey,
    limits: Limits,
    config: SymEncryptedProtectedDataConfig,
    /// The message, or of one that is written in parts what they come to; in it what is sealed.
    octets: Cow<'a, [u8]>,
    body: Range<usize>,
    trials: Trials,
}

impl<'a> Opening<'a> {
    /// Begins to read a message, binary or armored. `None`: not one for this way, because it is not encrypted with
    /// AES-GCM or OCB in SEIPD version 2.
    ///
    /// # Errors
    /// [`DecryptError`].
    pub fn begin(
        message: &'a [u8],
        keys: &'a TransferableSecretKey,
        limits: &Limits,
    ) -> Result<Option<Self>, DecryptError> {
        let octets = decrypt::to_binary(message)?;
        let most_bytes = limits.plaintext_bytes.saturating_add(PACKET_OVERHEAD_BYTES);
        if octets.len() > most_bytes.saturating_add(most_bytes / 4) {
            return Ok(None);
        }
        let Some(begun) = Begun::of(&octets)? else {
            return Ok(None);
        };
        let Begun {
            session_keys,
            config,
            body,
        } = begun;
        let (octets, body) = match body {
            Body::InOnePiece(body) => (octets, body),
            Body::InParts(parts) => {
                let all = 0..parts.len();
                (Cow::Owned(parts), all)
            }
        };
        Ok(Some(Self {
            session_keys,
            keys,
            limits: *limits,
            config,
            octets,
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
    /// [`DecryptError::Tampered`] when it is too short, [`DecryptError::LimitExceeded`].
    pub fn calls(&self, cipher: &ContainerCipher) -> Result<(Vec<AeadCall>, &[u8]), DecryptError> {
        let body = self.octets.get(self.body.clone()).unwrap_or_default();
        Ok((cipher.open_calls(self.body.len())?, body))
    }

    /// Reads what the calls gave, one after the other.
    ///
    /// # Errors
    /// [`DecryptError`].
    pub fn finish(self, packets: Plaintext) -> Result<OpenedMessage, DecryptError> {
        let content = literal::read_in_place(packets, &self.limits)?;
        Ok(OpenedMessage::of(content, Some(self.keys.fingerprint())))
    }
}

/// What a message begins with, and what is sealed in it.
struct Begun {
    session_keys: Vec<Esk>,
    config: SymEncryptedProtectedDataConfig,
    body: Body,
}

enum Body {
    InOnePiece(Range<usize>),
    InParts(Vec<u8>),
}

impl Begun {
    fn of(binary: &[u8]) -> Result<Option<Self>, DecryptError> {
        let (session_keys, container) = decrypt::parse(binary)?;
        let Edata::SymEncryptedProtectedData { mut reader } = container else {
            return Ok(None);
        };
        let ProtectedDataConfig::Seipd(config @ SymEncryptedProtectedDataConfig::V2 { .. }) =
            reader.config().clone()
        else {
            return Ok(None);
        };
        if !ContainerCipher::is_for_platforms(&config) {
            return Ok(None);
        }
        let body = match in_one_piece(binary, config.write_len()) {
            Some(range) => Body::InOnePiece(range),
            None => {
                let mut parts = Vec::with_capacity(binary.len());
                let read = reader.read_to_end(&mut parts);
                read.map_err(|_| DecryptError::Tampered)?;
                decrypt::ensure_end(reader.get_mut().get_mut())?;
                Body::InParts(parts)
            }
        };
        Ok(Some(Self {
            session_keys,
            config,
            body,
        }))
    }
}

/// What is sealed, where it lies in a message that ends with it. `None`: it is written in parts, or something follows.
fn in_one_piece(binary: &[u8], header_bytes: usize) -> Option<Range<usize>> {
    let mut rest = binary;
    loop {
        let header = PacketHeader::try_from_reader(&mut rest).ok()?;
        let PacketLength::Fixed(packet_bytes) = header.packet_length() else {
            return None;
        };
        let packet_bytes = usize::try_from(packet_bytes).ok()?;
        if header.tag() == Tag::SymEncryptedProtectedData {
            let body_bytes = packet_bytes.checked_sub(header_bytes)?;
            return (packet_bytes == rest.len()).then(|| binary.len() - body_bytes..binary.len());
        }
        rest = rest.get(packet_bytes..)?;
    }
}

impl std::fmt::Debug for Opening<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Opening(..)")
    }
}
