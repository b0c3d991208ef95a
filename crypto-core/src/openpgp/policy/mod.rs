//! Certificate policy: which keys of a certificate may be used, and for what, at a given time.
//!
//! rPGP parses certificates and checks single signatures; what the signatures add up to is decided here. A component
//! counts only when the primary key vouches for it by a signature that is itself acceptable
//! ([`self_signature`]), when it is strong enough ([`algorithm`]), not revoked ([`revocation`]) and not expired.

mod algorithm;
mod packets;
mod revocation;
mod self_signature;
mod subkey;
mod user_id;

use super::certificate::Certificate;
use super::container::Readable;
use crate::time::UnixSeconds;
use packets::Over;
use pgp::crypto::public_key::PublicKeyAlgorithm;
use pgp::packet::{KeyFlags, Signature, SubpacketData};
use pgp::types::{Duration, KeyDetails, KeyVersion};
use user_id::BoundUser;

pub(super) use algorithm::{is_known_key, is_strong_hash};
pub(super) use packets::Packets;
pub(super) use self_signature::{created, is_expired, knows_all_critical_parts};
pub(super) use user_id::address_of;

/// Clocks of two honest people may be this far apart, in seconds.
pub(super) const CLOCK_SKEW_S: u64 = 3_600;

/// Why a certificate cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum CertificateError {
    /// The primary key's algorithm or size is too weak, or not known.
    #[error("this key is too weak to be used")]
    WeakAlgorithm,
    /// Made in the future.
    #[error("this key is not valid yet: it was made in the future")]
    NotYetValid,
    /// Past its expiration time.
    #[error("this key has expired")]
    Expired,
    /// Revoked by its owner.
    #[error("this key was revoked by its owner")]
    Revoked,
    /// The primary key vouches for nothing: no acceptable self-signature, or too many that are not its own.
    #[error("this key is not signed by itself, as it has to be")]
    NotBound,
    /// No key in it may be used to encrypt.
    #[error("this key cannot be used to encrypt")]
    NoEncryptionKey,
    /// No key in it may be used to sign.
    #[error("this key cannot be used to sign")]
    NoSigningKey,
}

impl CertificateError {
    /// Stable name of the fault.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::WeakAlgorithm => "certificate-weak-algorithm",
            Self::NotYetValid => "certificate-not-yet-valid",
            Self::Expired => "certificate-expired",
            Self::Revoked => "certificate-revoked",
            Self::NotBound => "certificate-not-bound",
            Self::NoEncryptionKey => "certificate-no-encryption-key",
            Self::NoSigningKey => "certificate-no-signing-key",
        }
    }
}

/// A key's place in its certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum KeyPlace {
    Primary,
    Subkey(usize),
}

impl KeyPlace {
    pub(super) fn algorithm(self, certificate: &Certificate) -> Option<PublicKeyAlgorithm> {
        let key = certificate.parsed();
        match self {
            Self::Primary => Some(key.primary_key.algorithm()),
            Self::Subkey(index) => key
                .public_subkeys
                .get(index)
                .map(|subkey| subkey.key.algorithm()),
        }
    }

    fn has_begun(self, key: &Packets, at: UnixSeconds) -> bool {
        match self {
            Self::Primary => has_begun(&key.primary_key, at),
            Self::Subkey(index) => key
                .public_subkeys
                .get(index)
                .is_some_and(|subkey| has_begun(&subkey.key, at)),
        }
    }
}

/// What a certificate is good for at one time.
#[derive(Debug)]
pub(super) struct Judged {
    pub(super) encryption_keys: Vec<KeyPlace>,
    pub(super) signing_keys: Vec<KeyPlace>,
    pub(super) readable: Readable,
    pub(super) addresses: Vec<String>,
}

/// Judges a certificate for one time. An error is about the certificate as a whole; keys in it that cannot be used are
/// only left out.
pub(super) fn judge(key: &Packets, at: UnixSeconds) -> Result<Judged, CertificateError> {
    let primary = &key.primary_key;
    if !algorithm::is_strong_key(primary.public_params()) {
        return Err(CertificateError::WeakAlgorithm);
    }
    if !has_begun(primary, at) {
        return Err(CertificateError::NotYetValid);
    }
    if revocation::revokes_primary(key, at) {
        return Err(CertificateError::Revoked);
    }
    let users = user_id::bound(key, at);
    let properties = Properties::of(key, &users, at).ok_or(CertificateError::NotBound)?;
    if has_ended(primary, properties.key_expiration_time(), at) {
        return Err(CertificateError::Expired);
    }
    let judged = sorted_by_use(key, &users, &properties, at);
    if key.is_flooded() {
        return Err(CertificateError::NotBound);
    }
    Ok(judged)
}

/// The keys that could sign at the time a signature was made. A key whose self-signatures have all been renewed since is
/// judged as it is now; one that was made only later never could.
pub(super) fn signing_keys(
    key: &Packets,
    made: UnixSeconds,
    now: UnixSeconds,
) -> Result<Vec<KeyPlace>, CertificateError> {
    let then = judge(key, made).map(|judged| judged.signing_keys);
    let mut places = match then {
        Ok(places) if !places.is_empty() => places,
        Ok(_) | Err(CertificateError::NotBound) => judge(key, now)?.signing_keys,
        Err(fault) => return Err(fault),
    };
    places.retain(|place| place.has_begun(key, made));
    Ok(places)
}

/// Whether the owner has revoked, at this time, the whole certificate or the key at this place.
pub(super) fn is_revoked(key: &Packets, place: Option<KeyPlace>, at: UnixSeconds) -> bool {
    let subkey = match place {
        Some(KeyPlace::Subkey(index)) => key.public_subkeys.get(index),
        Some(KeyPlace::Primary) | None => None,
    };
    revocation::revokes_primary(key, at)
        || subkey.is_some_and(|subkey| revocation::revokes_subkey(key, subkey, at))
}

fn sorted_by_use(
    key: &Packets,
    users: &[BoundUser<'_>],
    properties: &Properties<'_>,
    at: UnixSeconds,
) -> Judged {
    let mut judged = Judged {
        encryption_keys: vec![],
        signing_keys: vec![],
        readable: properties.readable(),
        addresses: user_id::addresses(users),
    };
    judged.add(
        KeyPlace::Primary,
        key.primary_key.algorithm(),
        &properties.key_flags(),
    );
    for (index, subkey) in key.public_subkeys.iter().enumerate() {
        if let Some(flags) = subkey::usable_flags(key, subkey, at) {
            judged.add(KeyPlace::Subkey(index), subkey.key.algorithm(), &flags);
        }
    }
    judged
}

impl Judged {
    fn add(&mut self, place: KeyPlace, algorithm: PublicKeyAlgorithm, flags: &KeyFlags) {
        if algorithm.can_encrypt() && (flags.encrypt_comms() || flags.encrypt_storage()) {
            self.encryption_keys.push(place);
        }
        if algorithm.can_sign() && flags.sign() {
            self.signing_keys.push(place);
        }
    }
}

/// What the primary key says of itself, most binding signature first: for version 6 the direct key signature, for
/// version 4 the primary User ID's (RFC 9580, section 5.2.3.10). A version 6 key without the former says nothing: else
/// whoever strips the certificate of it strips it of its expiration.
struct Properties<'a>(Vec<&'a Signature>);

impl<'a> Properties<'a> {
    fn of(key: &'a Packets, users: &[BoundUser<'a>], at: UnixSeconds) -> Option<Self> {
        let direct = self_signature::latest(&key.details.direct_signatures, key, at, |signature| {
            key.fits(signature, Over::Primary, &key.primary_key, || {
                signature.verify_key(&key.primary_key).is_ok()
            })
        });
        let user = user_id::primary(users).map(|user| user.binding);
        let (most_binding, other) = match key.primary_key.version() {
            KeyVersion::V6 => (Some(direct?), user),
            _ => (user, direct),
        };
        let signatures: Vec<_> = most_binding.into_iter().chain(other).collect();
        (!signatures.is_empty()).then_some(Self(signatures))
    }

    fn subpacket<T>(&self, pick: impl Fn(&'a SubpacketData) -> Option<T>) -> Option<T> {
        self.0.iter().find_map(|signature| {
            let mut hashed = signature.config()?.hashed_subpackets();
            hashed.find_map(|subpacket| pick(&subpacket.data))
        })
    }

    fn key_flags(&self) -> KeyFlags {
        self.subpacket(|data| match data {
            SubpacketData::KeyFlags(flags) => Some(flags.clone()),
            _ => None,
        })
        .unwrap_or_default()
    }

    fn key_expiration_time(&self) -> Option<Duration> {
        self.subpacket(|data| match data {
            SubpacketData::KeyExpirationTime(time) => Some(*time),
            _ => None,
        })
    }

    fn readable(&self) -> Readable {
        let seipd_v2 = self.subpacket(|data| match data {
            SubpacketData::Features(features) => Some(features.seipd_v2()),
            _ => None,
        });
        let symmetric = self.subpacket(|data| match data {
            SubpacketData::PreferredSymmetricAlgorithms(ciphers) => Some(ciphers.to_vec()),
            _ => None,
        });
        let aead = self.subpacket(|data| match data {
            SubpacketData::PreferredAeadAlgorithms(suites) => Some(suites.to_vec()),
            _ => None,
        });
        Readable {
            seipd_v2: seipd_v2.unwrap_or_default(),
            symmetric: symmetric.unwrap_or_default(),
            aead: aead.unwrap_or_default(),
        }
    }
}

fn has_begun(key: &impl KeyDetails, at: UnixSeconds) -> bool {
    UnixSeconds::from_openpgp(key.created_at()).get() <= at.get() + CLOCK_SKEW_S
}

/// An expiration time is counted from the key's creation; zero means never (RFC 9580, section 5.2.3.13).
fn has_ended(key: &impl KeyDetails, expiration: Option<Duration>, at: UnixSeconds) -> bool {
    let created = UnixSeconds::from_openpgp(key.created_at()).get();
    match expiration.map(|time| u64::from(time.as_secs())) {
        None | Some(0) => false,
        Some(seconds) => created + seconds <= at.get(),
    }
}
