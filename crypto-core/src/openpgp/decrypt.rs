//! Decryption. Nothing is parsed, decompressed or given out before the whole container has passed its last tag:
//! the container is opened into memory first, and its content read after that.

use super::armor::{self, ArmorKind};
use super::bulk::{DigestCall, Opening};
use super::certificate::Certificate;
use super::fingerprint::Fingerprint;
use super::limits::{Limit, LimitExceeded, Limits};
use super::literal::{self, Content};
use super::open_container::open_container;
use super::secret_key::TransferableSecretKey;
use super::session_key::{self, Candidates};
use super::verdict::{self, SignatureVerdict};
use crate::Plaintext;
use crate::time::UnixSeconds;
use pgp::composed::{Edata, Esk, Message};
use pgp::packet::Signature;
use std::fmt;
use std::io::Read;

/// Most session keys the container is decrypted with. Each costs a pass over all of it, and of those that unwrap at all
/// an honest message has one.
pub(super) const MAX_CONTAINER_TRIALS: usize = 4;

/// Why a message could not be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DecryptError {
    /// Not an OpenPGP message, or one that breaks the rules of RFC 9580, section 10.3.
    #[error("this is not a well-formed OpenPGP message: {field}")]
    Malformed {
        /// The part that is wrong.
        field: &'static str,
    },
    /// An OpenPGP message that is not encrypted.
    #[error("this message is not encrypted")]
    NotEncrypted,
    /// Encrypted in an old way that anyone can alter unnoticed (SED packets), or in one that is no standard.
    #[error("this message is encrypted in a way that does not protect it from being altered")]
    Unprotected,
    /// Encrypted to other keys than these.
    #[error("this message is encrypted to another key")]
    NoMatchingKey,
    /// Altered or cut short on its way.
    #[error("this message was altered or cut short on its way")]
    Tampered,
    /// Asks for more than the limits allow.
    #[error(transparent)]
    LimitExceeded(LimitExceeded),
    /// Well-formed, but of a kind that is read whole, not bit by bit.
    #[error("this message can be read whole alone, not as it comes: it {why}")]
    NotAsStream {
        /// What keeps it from being read so.
        why: &'static str,
    },
}

impl DecryptError {
    /// Stable name of the fault.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Malformed { .. } => "decrypt-malformed",
            Self::NotEncrypted => "decrypt-not-encrypted",
            Self::Unprotected => "decrypt-unprotected",
            Self::NoMatchingKey => "decrypt-no-matching-key",
            Self::Tampered => "decrypt-tampered",
            Self::LimitExceeded(error) => error.code(),
            Self::NotAsStream { .. } => "decrypt-not-as-stream",
        }
    }
}

impl From<LimitExceeded> for DecryptError {
    fn from(error: LimitExceeded) -> Self {
        Self::LimitExceeded(error)
    }
}

/// A message, decrypted; its signatures not judged yet. Lets a caller look at the plaintext to find out whose
/// certificates to fetch, and judge then.
pub struct OpenedMessage {
    plaintext: Plaintext,
    signatures: Vec<Signature>,
    reader: Option<Fingerprint>,
}

/// A message, decrypted, and what its signatures are worth.
pub struct DecryptedMessage {
    /// What was encrypted. Secret; wiped when dropped.
    pub plaintext: Plaintext,
    /// What the signatures say.
    pub signature: SignatureVerdict,
}

impl OpenedMessage {
    pub(super) fn of(content: Content, reader: Option<Fingerprint>) -> Self {
        let Content {
            plaintext,
            signatures,
        } = content;
        Self {
            plaintext,
            signatures,
            reader,
        }
    }

    /// What was encrypted. Authentic only as the verdict says.
    #[must_use]
    pub fn plaintext(&self) -> &[u8] {
        &self.plaintext
    }

    /// Whom the signatures say they are by: fingerprints of primary keys or subkeys. Nobody has checked that.
    #[must_use]
    pub fn claimed_signers(&self) -> Vec<Fingerprint> {
        verdict::claimed_signers(&self.signatures)
    }

    pub(super) fn signatures(&self) -> &[Signature] {
        &self.signatures
    }

    /// Judges the signatures by the certificates known.
    #[must_use]
    pub fn verify(&self, signers: &[Certificate], now: UnixSeconds) -> SignatureVerdict {
        let signed = verdict::Signed {
            data: Some(&self.plaintext),
            digests: &[],
        };
        verdict::judge(signed, &self.signatures, signers, self.reader, now)
    }

    /// What the signatures' digests are taken of, one for each that another than this crate can compute.
    #[must_use]
    pub fn digest_calls(&self) -> Vec<DigestCall> {
        let indexed = self.signatures.iter().enumerate();
        indexed
            .filter_map(|(index, signature)| DigestCall::of(index, signature))
            .collect()
    }

    /// Lends out what a digest is taken of.
    pub fn with_digest_input<V>(
        &mut self,
        call: &DigestCall,
        digest: impl FnOnce(&[u8]) -> V,
    ) -> V {
        if call.before.is_empty()
            && self.plaintext.capacity() - self.plaintext.len() >= call.after.len()
        {
            let end = self.plaintext.len();
            self.plaintext.extend_from_slice(&call.after);
            let value = digest(&self.plaintext);
            self.plaintext.truncate(end);
            return value;
        }
        let parts = [&call.before[..], &self.plaintext, &call.after];
        digest(&Plaintext::new(parts.concat()))
    }

    /// Judges the signatures as [`OpenedMessage::verify`] does, by digests that were computed elsewhere; those that are
    /// missing are computed here.
    #[must_use]
    pub fn verify_digests(
        &self,
        digests: &[(DigestCall, Vec<u8>)],
        signers: &[Certificate],
        now: UnixSeconds,
    ) -> SignatureVerdict {
        let digests: Vec<_> = digests
            .iter()
            .map(|(call, digest)| (call.index, digest.as_slice()))
            .collect();
        let signed = verdict::Signed {
            data: Some(&self.plaintext),
            digests: &digests,
        };
        verdict::judge(signed, &self.signatures, signers, self.reader, now)
    }

    /// Takes the plaintext out.
    #[must_use]
    pub fn into_plaintext(self) -> Plaintext {
        self.plaintext
    }
}

/// Decrypts a message, binary or armored.
///
/// # Errors
/// [`DecryptError`].
pub fn decrypt(
    message: &[u8],
    keys: &TransferableSecretKey,
    limits: &Limits,
) -> Result<OpenedMessage, DecryptError> {
    if let Some(opening) = Opening::begin(message, keys, limits)? {
        return opening.run();
    }
    let binary = to_binary(message)?;
    let session_key_packets = session_key_packets(&binary)?;
    let candidates = session_key::by_secret_key(&session_key_packets, keys, limits)?;
    open(&binary, candidates, Some(keys.fingerprint()), limits)
}

/// Decrypts a message that was encrypted under a password (RFC 9580, section 5.3). A password function (S2K) that asks
/// for more than the limits allow is refused before anything is spent on it.
///
/// # Errors
/// [`DecryptError`]; [`DecryptError::NoMatchingKey`] when the password is wrong.
pub fn decrypt_with_password(
    message: &[u8],
    password: &[u8],
    limits: &Limits,
) -> Result<OpenedMessage, DecryptError> {
    let binary = to_binary(message)?;
    let session_key_packets = session_key_packets(&binary)?;
    let candidates = session_key::by_password(&session_key_packets, password, limits)?;
    open(&binary, candidates, None, limits)
}

/// Decrypts a message, binary or armored, and judges its signatures by the certificates known.
///
/// # Errors
/// [`DecryptError`]. A signature that is not valid is no error: see [`DecryptedMessage::signature`].
pub fn decrypt_and_verify(
    message: &[u8],
    keys: &TransferableSecretKey,
    signers: &[Certificate],
    now: UnixSeconds,
    limits: &Limits,
) -> Result<DecryptedMessage, DecryptError> {
    let opened = decrypt(message, keys, limits)?;
    let signature = opened.verify(signers, now);
    Ok(DecryptedMessage {
        plaintext: opened.into_plaintext(),
        signature,
    })
}

pub(super) fn to_binary(message: &[u8]) -> Result<std::borrow::Cow<'_, [u8]>, DecryptError> {
    armor::to_binary(ArmorKind::Message, message)
        .map_err(|_| DecryptError::Malformed { field: "armor" })
}

/// Tries one session key after the other: with anonymous recipients, only the container's tag tells which is right.
fn open(
    binary: &[u8],
    candidates: Candidates<'_>,
    reader: Option<Fingerprint>,
    limits: &Limits,
) -> Result<OpenedMessage, DecryptError> {
    let mut failure = DecryptError::NoMatchingKey;
    for (trial, session_key) in candidates.enumerate() {
        if trial == MAX_CONTAINER_TRIALS {
            return Err(LimitExceeded::new(Limit::SessionKeyPackets, MAX_CONTAINER_TRIALS).into());
        }
        match open_container(binary, &session_key) {
            Ok(packets) => {
                let content = literal::read_in_place(packets, limits)?;
                return Ok(OpenedMessage::of(content, reader));
            }
            Err(error) => failure = error,
        }
    }
    Err(failure)
}

/// Whether this is an encrypted message, whatever else may be wrong with it.
pub(super) fn is_encrypted(binary: &[u8]) -> bool {
    matches!(Message::from_bytes(binary), Ok(Message::Encrypted { .. }))
}

fn session_key_packets(binary: &[u8]) -> Result<Vec<Esk>, DecryptError> {
    parse(binary).map(|(packets, _)| packets)
}

pub(super) fn parse(binary: &[u8]) -> Result<(Vec<Esk>, Edata<'_>), DecryptError> {
    let message =
        Message::from_bytes(binary).map_err(|_| DecryptError::Malformed { field: "packets" })?;
    match message {
        Message::Encrypted {
            esk,
            edata: edata @ Edata::SymEncryptedProtectedData { .. },
            ..
        } => Ok((esk, edata)),
        Message::Encrypted { .. } => Err(DecryptError::Unprotected),
        _ => Err(DecryptError::NotEncrypted),
    }
}

/// Nothing may follow the container.
pub(super) fn ensure_end(rest: &mut impl Read) -> Result<(), DecryptError> {
    match rest.read(&mut [0]) {
        Ok(0) => Ok(()),
        _ => Err(DecryptError::Malformed {
            field: "trailing data",
        }),
    }
}

impl fmt::Debug for OpenedMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OpenedMessage(..)")
    }
}

impl fmt::Debug for DecryptedMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DecryptedMessage({}, ..)", self.signature.code())
    }
}
