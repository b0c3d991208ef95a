//! A message of any length that is decrypted as it comes, in constant memory. A chunk is given out once its own tag has been
//! checked; that nothing is missing is known at the end alone.

use super::cipher::{AeadCall, ContainerCipher};
use super::content::StreamContent;
use super::framing::{Broken, Event, Packets};
use super::given_key::SessionKey;
use super::octets::Octets;
use super::queue::Queue;
use super::trials::Trials;
use crate::openpgp::certificate::Certificate;
use crate::openpgp::decrypt::DecryptError;
use crate::openpgp::limits::{Limit, LimitExceeded, Limits};
use crate::openpgp::secret_key::TransferableSecretKey;
use crate::openpgp::verdict::SignatureVerdict;
use crate::time::UnixSeconds;
use pgp::composed::Esk;
use pgp::packet::{
    PacketHeader, PublicKeyEncryptedSessionKey, SymEncryptedProtectedDataConfig,
    SymKeyEncryptedSessionKey,
};
use pgp::types::Tag;
use smail_ciphers::TAG_BYTES;
use std::ops::Range;
use std::sync::Arc;

/// Longest session key packet; the largest there are have some 2 kB.
const MAX_SESSION_KEY_BYTES: usize = 16 * 1024;
/// A container's fields before its chunks.
const CONFIG_BYTES: usize = 36;

/// A message that is being decrypted. Secret. Made of calls, as [`Opening`](super::Opening) is; their outputs are handed
/// in in order.
pub struct OpeningStream {
    keys: Keys,
    limits: Limits,
    outer: Packets,
    place: Place,
    session_keys: Vec<Esk>,
    config: Option<SymEncryptedProtectedDataConfig>,
    cipher: Option<ContainerCipher>,
    trials: Trials,
    /// Of the container, what is in no call yet, and what the last call is made on.
    body: Queue,
    given_bytes: usize,
    /// Calls that were given out and whose outputs have not come.
    under_way: usize,
    chunks: u64,
    opened_bytes: u64,
    stage: Stage,
    content: StreamContent,
}

/// What opens the container.
enum Keys {
    /// A reader's, for whom a session key packet has to be there.
    Reader(Arc<TransferableSecretKey>),
    /// The session key itself.
    Given(SessionKey),
}

/// Where in the message the reading is.
enum Place {
    Between,
    SessionKey(PacketHeader, Vec<u8>),
    Container,
    Passed,
    /// The container is complete.
    Behind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// The first call, which tells whether the cipher is right, was not given out.
    Untried,
    /// It was, and its output has not come.
    Trying,
    Right,
    /// The last call was given out.
    Counting,
    /// It has succeeded: nothing is missing.
    Whole,
}

impl OpeningStream {
    /// Begins to read a message.
    #[must_use]
    pub fn begin(keys: Arc<TransferableSecretKey>, limits: &Limits) -> Self {
        Self::with(Keys::Reader(keys), limits)
    }

    /// Begins to read data that [`SealingStream::under`](super::SealingStream::under) has sealed.
    #[must_use]
    pub fn under(key: SessionKey, limits: &Limits) -> Self {
        Self::with(Keys::Given(key), limits)
    }

    fn with(keys: Keys, limits: &Limits) -> Self {
        Self {
            keys,
            limits: *limits,
            outer: Packets::default(),
            place: Place::Between,
            session_keys: Vec::new(),
            config: None,
            cipher: None,
            trials: Trials::default(),
            body: Queue::default(),
            given_bytes: 0,
            under_way: 0,
            chunks: 0,
            opened_bytes: 0,
            stage: Stage::Untried,
            content: StreamContent::new(limits),
        }
    }

    /// More of the message, in binary.
    ///
    /// # Errors
    /// [`DecryptError`].
    pub fn push<O: Octets + ?Sized>(&mut self, octets: &O) -> Result<(), DecryptError> {
        let mut at = 0;
        while let Some(event) = self
            .outer
            .next(octets, &mut at)
            .map_err(|Broken| self.broken())?
        {
            match event {
                Event::Begin(header) => self.begin_packet(header)?,
                Event::Body(range) => self.take_body(octets, range)?,
                Event::End => self.end_packet()?,
            }
        }
        Ok(())
    }

    /// The message is complete.
    ///
    /// # Errors
    /// [`DecryptError`]; [`DecryptError::Tampered`] when it is not.
    pub fn end(&mut self) -> Result<(), DecryptError> {
        self.outer.end();
        self.push(&[])?;
        match self.place {
            Place::Behind if self.outer.is_done() => Ok(()),
            Place::Behind | Place::Container => Err(DecryptError::Tampered),
            _ => Err(DecryptError::NotEncrypted),
        }
    }

    /// The cipher that opens, once the container has begun. Another one after each [`OpeningStream::refused`].
    #[must_use]
    pub const fn cipher(&self) -> Option<&ContainerCipher> {
        self.cipher.as_ref()
    }

    /// The next call; `None` when more has to come first, the first call's output included, or the last was given out.
    ///
    /// # Errors
    /// [`DecryptError::Tampered`] when the message is cut off.
    pub fn next_call(&mut self) -> Result<Option<AeadCall>, DecryptError> {
        let Some(cipher) = &self.cipher else {
            return Ok(None);
        };
        let then = match self.stage {
            Stage::Untried => Stage::Trying,
            Stage::Right => Stage::Right,
            Stage::Trying | Stage::Counting | Stage::Whole => return Ok(None),
        };
        self.body.pass(std::mem::take(&mut self.given_bytes));
        let step = cipher.chunk_bytes() + TAG_BYTES;
        let is_complete = matches!(self.place, Place::Behind);
        // The last tag, over the length, is never part of a chunk.
        let available = self.body.len().checked_sub(TAG_BYTES);
        let taken = match available {
            None if is_complete => return Err(DecryptError::Tampered),
            Some(available) if available >= step => step,
            Some(available) if is_complete => available,
            _ => return Ok(None),
        };
        if taken == 0 {
            self.given_bytes = TAG_BYTES;
            self.stage = match then {
                Stage::Right => Stage::Counting,
                then => then,
            };
            self.under_way += 1;
            let call = cipher.count_call(self.chunks, self.opened_bytes, 0..TAG_BYTES);
            return Ok(Some(call));
        }
        if taken < TAG_BYTES {
            return Err(DecryptError::Tampered);
        }
        let call = cipher.chunk_call(self.chunks, 0..taken);
        self.given_bytes = taken;
        self.under_way += 1;
        self.stage = then;
        self.chunks += 1;
        self.opened_bytes += (taken - TAG_BYTES) as u64;
        Ok(Some(call))
    }

    /// What the call that was given out last is made on, a part of it.
    #[must_use]
    pub fn input(&self) -> &[u8] {
        self.body.front()
    }

    /// A call's output. `give` is told where in it plaintext lies.
    ///
    /// # Errors
    /// [`DecryptError`] when it holds no message.
    pub fn opened<O: Octets + ?Sized>(
        &mut self,
        output: &O,
        mut give: impl FnMut(Range<usize>),
    ) -> Result<(), DecryptError> {
        self.under_way = self.under_way.saturating_sub(1);
        self.stage = match self.stage {
            Stage::Trying if self.chunks == 0 => Stage::Whole,
            Stage::Trying => Stage::Right,
            // Outputs come in order: this is the last call's.
            Stage::Counting if self.under_way == 0 => Stage::Whole,
            stage => stage,
        };
        self.content.push(output, &mut give)
    }

    /// A call's tag did not fit. After the first call another cipher may be the right one, and the call is given out again.
    ///
    /// # Errors
    /// [`DecryptError::Tampered`] when there is no other; [`DecryptError::LimitExceeded`] when too many were tried.
    pub fn refused(&mut self) -> Result<(), DecryptError> {
        if self.stage != Stage::Trying {
            return Err(DecryptError::Tampered);
        }
        self.find_cipher(DecryptError::Tampered)?;
        self.stage = Stage::Untried;
        (self.given_bytes, self.chunks, self.opened_bytes) = (0, 0, 0);
        self.under_way = 0;
        Ok(())
    }

    /// Whether the first call's output has to come before another call is given out.
    #[must_use]
    pub fn is_trying(&self) -> bool {
        self.stage == Stage::Trying
    }

    /// Says what the signatures are worth, once all calls have been made. Only now is it known that nothing is missing.
    ///
    /// # Errors
    /// [`DecryptError::Tampered`] when something is.
    pub fn finish(
        self,
        signers: &[Certificate],
        now: UnixSeconds,
    ) -> Result<SignatureVerdict, DecryptError> {
        if self.stage != Stage::Whole {
            return Err(DecryptError::Tampered);
        }
        let reader = match &self.keys {
            Keys::Reader(keys) => Some(keys.fingerprint()),
            Keys::Given(_) => None,
        };
        self.content.finish(signers, reader, now)
    }

    /// What it means that packets end before they should.
    const fn broken(&self) -> DecryptError {
        match self.place {
            Place::Container => DecryptError::Tampered,
            _ => malformed("packets"),
        }
    }

    fn begin_packet(&mut self, header: PacketHeader) -> Result<(), DecryptError> {
        if matches!(self.place, Place::Behind) {
            return Err(malformed("trailing data"));
        }
        self.place = match header.tag() {
            Tag::PublicKeyEncryptedSessionKey | Tag::SymKeyEncryptedSessionKey => {
                if self.session_keys.len() == self.limits.session_key_packets {
                    let limit = Limit::SessionKeyPackets;
                    return Err(LimitExceeded::new(limit, self.session_keys.len()).into());
                }
                Place::SessionKey(header, Vec::new())
            }
            Tag::SymEncryptedProtectedData => Place::Container,
            Tag::SymEncryptedData | Tag::GnupgAeadData => return Err(DecryptError::Unprotected),
            Tag::Marker | Tag::Padding | Tag::UnassignedNonCritical(_) | Tag::Experimental(_) => {
                Place::Passed
            }
            _ => return Err(DecryptError::NotEncrypted),
        };
        Ok(())
    }

    fn take_body<O: Octets + ?Sized>(
        &mut self,
        octets: &O,
        range: Range<usize>,
    ) -> Result<(), DecryptError> {
        match &mut self.place {
            Place::SessionKey(_, body) => {
                if body.len() + range.len() > MAX_SESSION_KEY_BYTES {
                    return Err(malformed("session key"));
                }
                octets.append_to(range, body);
            }
            Place::Container => {
                octets.append_to(range, self.body.back());
                if self.config.is_none() && self.body.len() >= CONFIG_BYTES {
                    let mut fields = self.body.front();
                    let config = SymEncryptedProtectedDataConfig::try_from_reader(&mut fields)
                        .map_err(|_| malformed("container"))?;
                    let read_bytes = self.body.len() - fields.len();
                    self.begin_container(config)?;
                    self.body.pass(read_bytes);
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn end_packet(&mut self) -> Result<(), DecryptError> {
        match std::mem::replace(&mut self.place, Place::Between) {
            Place::SessionKey(header, body) => {
                let is_public = header.tag() == Tag::PublicKeyEncryptedSessionKey;
                let packet = if is_public {
                    PublicKeyEncryptedSessionKey::try_from_reader(header, &body[..])
                        .map(Esk::PublicKeyEncryptedSessionKey)
                } else {
                    SymKeyEncryptedSessionKey::try_from_reader(header, &body[..])
                        .map(Esk::SymKeyEncryptedSessionKey)
                };
                self.session_keys
                    .push(packet.map_err(|_| malformed("session key"))?);
            }
            Place::Container if self.config.is_none() => return Err(DecryptError::Tampered),
            Place::Container => self.place = Place::Behind,
            _ => {}
        }
        Ok(())
    }

    fn begin_container(
        &mut self,
        config: SymEncryptedProtectedDataConfig,
    ) -> Result<(), DecryptError> {
        if !ContainerCipher::is_gcm(&config) {
            return Err(DecryptError::NotAsStream {
                why: "is not encrypted with AES-GCM in SEIPD version 2",
            });
        }
        self.config = Some(config);
        self.find_cipher(DecryptError::NoMatchingKey)
    }

    fn find_cipher(&mut self, otherwise: DecryptError) -> Result<(), DecryptError> {
        let Some(config) = &self.config else {
            return Err(otherwise);
        };
        let found = match &self.keys {
            Keys::Reader(keys) => {
                let session_keys = &self.session_keys;
                self.trials.next(session_keys, keys, &self.limits, config)?
            }
            // The one that there is: when it is not right, no other is.
            Keys::Given(key) if self.cipher.is_none() => {
                ContainerCipher::to_read(config, key.expose())
            }
            Keys::Given(_) => None,
        };
        self.cipher = Some(found.ok_or(otherwise)?);
        Ok(())
    }
}

impl std::fmt::Debug for OpeningStream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("OpeningStream(..)")
    }
}

const fn malformed(field: &'static str) -> DecryptError {
    DecryptError::Malformed { field }
}
