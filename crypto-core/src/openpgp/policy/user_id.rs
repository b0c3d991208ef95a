//! User IDs: those that the primary key vouches for.

use super::packets::{Over, Packets};
use super::self_signature::{self, claims_issuer, created};
use crate::time::UnixSeconds;
use pgp::packet::{Signature, SignatureType, UserId};
use pgp::types::{SignedUser, Tag};

/// A User ID and the latest certification of it by the primary key.
pub(super) struct BoundUser<'a> {
    id: &'a UserId,
    pub(super) binding: &'a Signature,
}

/// The User IDs that hold at this time.
pub(super) fn bound(key: &Packets, at: UnixSeconds) -> Vec<BoundUser<'_>> {
    key.details
        .users
        .iter()
        .filter_map(|user| {
            let binding = latest_certification(key, user, at)?;
            (!is_revoked(key, user, binding, at)).then_some(BoundUser {
                id: &user.id,
                binding,
            })
        })
        .collect()
}

/// The primary User ID: of those marked so, or else of all, the one certified last.
pub(super) fn primary<'a, 'k>(users: &'a [BoundUser<'k>]) -> Option<&'a BoundUser<'k>> {
    users
        .iter()
        .max_by_key(|user| (user.binding.is_primary(), created(user.binding)))
}

/// The addresses in User IDs, each once.
pub(super) fn addresses(users: &[BoundUser<'_>]) -> Vec<String> {
    let mut addresses: Vec<String> = vec![];
    for address in users.iter().filter_map(|user| address_of(user.id)) {
        if !addresses.contains(&address) {
            addresses.push(address);
        }
    }
    addresses
}

/// The address in a User ID: `addr-spec` alone, or in angle brackets at the end.
pub(in crate::openpgp) fn address_of(id: &UserId) -> Option<String> {
    let text = std::str::from_utf8(id.id()).ok()?;
    let address = match text.strip_suffix('>') {
        Some(text) => text.rsplit_once('<').map(|(_, address)| address)?,
        None => text,
    };
    let (local, domain) = address.rsplit_once('@')?;
    let plain = !local.is_empty()
        && !domain.is_empty()
        && !address.contains(|character: char| character.is_whitespace() || character.is_control());
    plain.then(|| address.to_owned())
}

fn latest_certification<'a>(
    key: &Packets,
    user: &'a SignedUser,
    at: UnixSeconds,
) -> Option<&'a Signature> {
    let certifications = user
        .signatures
        .iter()
        .filter(|signature| signature.typ() != Some(SignatureType::CertRevocation));
    self_signature::latest(certifications, key, at, |signature| {
        fits(signature, key, user)
    })
}

fn is_revoked(key: &Packets, user: &SignedUser, binding: &Signature, at: UnixSeconds) -> bool {
    user.signatures.iter().any(|signature| {
        let made = created(signature);
        signature.typ() == Some(SignatureType::CertRevocation)
            && claims_issuer(signature, key)
            && made >= created(binding)
            && made.is_none_or(|made| made <= at)
            && fits(signature, key, user)
    })
}

fn fits(signature: &Signature, key: &Packets, user: &SignedUser) -> bool {
    key.fits(signature, Over::UserId, &user.id, || {
        let verified = signature.verify_certification(&key.primary_key, Tag::UserId, &user.id);
        verified.is_ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_found_wherever_programs_put_it() {
        let address = |text: &str| address_of(&UserId::from_str(Default::default(), text).unwrap());
        let alice = Some("alice@example.org".to_owned());
        for text in [
            "alice@example.org",
            "<alice@example.org>",
            "Alice <alice@example.org>",
            "Alice (work) <alice@example.org>",
            "mallory@example.org <alice@example.org>",
        ] {
            assert_eq!(address(text), alice, "{text}");
        }
        for text in [
            "",
            "Alice",
            "alice@",
            "@example.org",
            "Alice alice@example.org",
            "Alice <alice@example.org> x",
            "alice@example.org>",
        ] {
            assert_eq!(address(text), None, "{text}");
        }
    }
}
