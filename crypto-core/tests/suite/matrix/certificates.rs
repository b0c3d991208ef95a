//! The certificate as a whole: what its primary key says of itself.

use super::{Case, check, primary, sound};
use crate::forge::{
    Change, DAY_S, ECDH, Forge, MADE, Signer, UNCHANGED, expires_after, flags, notation, push,
    push_critical, set_created, set_flags, set_issuer,
};
use pgp::composed::KeyType;
use pgp::packet::{RevocationCode, Signature, SignatureConfig, SignatureType, SubpacketData};
use pgp::types::{Duration, KeyDetails as _, Password, RevocationKey, RevocationKeyClass};

const YES: &[(u32, &str, &str)] = &[(1, "yes", "yes")];
const NOT_BOUND: &[(u32, &str, &str)] = &[(1, "not-bound", "not-bound")];
const REVOKED_EVER: &[(u32, &str, &str)] = &[(1, "revoked", "revoked"), (11, "revoked", "revoked")];
const REVOKED_FROM_DAY_10: &[(u32, &str, &str)] = &[(9, "yes", "yes"), (11, "revoked", "revoked")];
const EXPIRED_ON_DAY_10: &[(u32, &str, &str)] = &[(9, "yes", "yes"), (10, "expired", "expired")];

#[test]
fn when_it_is_valid() {
    let cases = [
        Case {
            name: "nothing is wrong",
            forge: sound,
            days: &[(1, "yes", "yes"), (4_000, "yes", "yes")],
        },
        Case {
            name: "made on day 50",
            forge: || {
                let made = MADE + 50 * DAY_S;
                Forge::of_type(301, KeyType::Ed25519Legacy, made)
                    .user("alice@example.org", &|config| set_created(config, made))
                    .subkey(ECDH, made, &|config| {
                        set_created(config, made);
                        push(config, SubpacketData::KeyFlags(flags("encrypt")));
                    })
            },
            days: &[(1, "not-yet-valid", "not-yet-valid"), (50, "yes", "yes")],
        },
        Case {
            name: "expires on day 10, by its User ID",
            forge: || {
                primary(&|config| push(config, expires_after(10))).encryption_subkey(UNCHANGED)
            },
            days: EXPIRED_ON_DAY_10,
        },
        Case {
            name: "expires on day 10, by a direct key signature",
            forge: || sound().direct(&|config| push(config, expires_after(10))),
            days: EXPIRED_ON_DAY_10,
        },
        Case {
            name: "expires on day 10 by its primary User ID, later by another",
            forge: || {
                primary(&|config| {
                    push(config, SubpacketData::IsPrimary(true));
                    push(config, expires_after(10));
                })
                .user("alice@example.com", &|config| {
                    set_created(config, MADE + DAY_S);
                    push(config, expires_after(20));
                })
                .encryption_subkey(UNCHANGED)
            },
            days: EXPIRED_ON_DAY_10,
        },
        Case {
            name: "an expiration of zero means never",
            forge: || {
                primary(&|config| push(config, expires_after(0))).encryption_subkey(UNCHANGED)
            },
            days: &[(4_000, "yes", "yes")],
        },
        Case {
            name: "a later self-signature prolongs",
            forge: || {
                primary(&|config| push(config, expires_after(10)))
                    .again(5, &|config| push(config, expires_after(20)))
                    .encryption_subkey(UNCHANGED)
            },
            days: &[
                (4, "yes", "yes"),
                (15, "yes", "yes"),
                (20, "expired", "expired"),
            ],
        },
        Case {
            name: "a later self-signature shortens",
            forge: || sound().again(5, &|config| push(config, expires_after(7))),
            days: &[
                (4, "yes", "yes"),
                (6, "yes", "yes"),
                (8, "expired", "expired"),
            ],
        },
        Case {
            name: "a later self-signature takes the right to sign away",
            forge: || sound().again(5, &|config| set_flags(config, "certify")),
            days: &[(4, "yes", "yes"), (6, "yes", "no-signing-key")],
        },
        Case {
            name: "the certification itself expires on day 5",
            forge: || primary(&signature_expires_after_5_days).encryption_subkey(UNCHANGED),
            days: &[(4, "yes", "yes"), (6, "not-bound", "not-bound")],
        },
        Case {
            name: "the only User ID is taken back on day 10",
            forge: || sound().revoke_user(10),
            days: &[(9, "yes", "yes"), (11, "not-bound", "not-bound")],
        },
        Case {
            name: "the only User ID is taken back on day 10, and certified again on day 20",
            forge: || sound().revoke_user(10).again(20, UNCHANGED),
            days: &[(9, "yes", "yes"), (21, "yes", "yes")],
        },
    ];
    check(Signer::Primary, &cases);
}

fn signature_expires_after_5_days(config: &mut SignatureConfig) {
    let time = Duration::from_secs(5 * DAY_S);
    push(config, SubpacketData::SignatureExpirationTime(time));
}

#[test]
fn revocations() {
    let cases = [
        Case {
            name: "no reason given",
            forge: || sound().revoked(None, 10),
            days: REVOKED_EVER,
        },
        Case {
            name: "reason: none",
            forge: || sound().revoked(Some(RevocationCode::NoReason), 10),
            days: REVOKED_EVER,
        },
        Case {
            name: "reason: compromised",
            forge: || sound().revoked(Some(RevocationCode::KeyCompromised), 10),
            days: REVOKED_EVER,
        },
        Case {
            name: "reason: not one for keys",
            forge: || sound().revoked(Some(RevocationCode::CertUserIdInvalid), 10),
            days: REVOKED_EVER,
        },
        Case {
            name: "reason: unknown",
            forge: || sound().revoked(Some(RevocationCode::Other(77)), 10),
            days: REVOKED_EVER,
        },
        Case {
            name: "reason: superseded",
            forge: || sound().revoked(Some(RevocationCode::KeySuperseded), 10),
            days: REVOKED_FROM_DAY_10,
        },
        Case {
            name: "reason: retired",
            forge: || sound().revoked(Some(RevocationCode::KeyRetired), 10),
            days: REVOKED_FROM_DAY_10,
        },
        Case {
            name: "retired, and compromised after all",
            forge: || {
                sound()
                    .revoked(Some(RevocationCode::KeyRetired), 10)
                    .revoked(Some(RevocationCode::KeyCompromised), 20)
            },
            days: REVOKED_EVER,
        },
        Case {
            name: "a later self-signature does not bring it back",
            forge: || {
                sound()
                    .revoked(Some(RevocationCode::KeyRetired), 10)
                    .again(20, UNCHANGED)
            },
            days: &[(9, "yes", "yes"), (21, "revoked", "revoked")],
        },
        Case {
            name: "a revocation with a critical notation revokes all the same",
            forge: || sound().revoked_as(None, 10, &|config| push_critical(config, notation())),
            days: REVOKED_EVER,
        },
        Case {
            name: "a revocation that has expired revokes all the same",
            forge: || sound().revoked_as(None, 2, &signature_expires_after_5_days),
            days: REVOKED_EVER,
        },
        Case {
            name: "mallory's revocation, in mallory's name",
            forge: || with_revocation_by_mallory(sound(), true),
            days: &[(1, "yes", "yes"), (11, "yes", "yes")],
        },
        Case {
            name: "mallory's revocation, in alice's name",
            forge: || with_revocation_by_mallory(sound(), false),
            days: &[(1, "yes", "yes"), (11, "yes", "yes")],
        },
        Case {
            name: "mallory's revocation, whom alice once let revoke: nobody can any more",
            forge: || {
                let allowed = |config: &mut _| {
                    let mallory = mallory().primary;
                    let key = RevocationKey::new(
                        RevocationKeyClass::Default,
                        mallory.algorithm(),
                        mallory.fingerprint().as_bytes(),
                    );
                    push(config, SubpacketData::RevocationKey(key));
                };
                with_revocation_by_mallory(sound().direct(&allowed), true)
            },
            days: &[(1, "yes", "yes"), (11, "yes", "yes")],
        },
    ];
    check(Signer::Primary, &cases);
}

fn mallory() -> Forge {
    Forge::new(302)
}

fn with_revocation_by_mallory(mut alice: Forge, in_own_name: bool) -> Forge {
    let mallory = mallory();
    let mut config = alice.config(SignatureType::KeyRevocation);
    if in_own_name {
        set_issuer(&mut config, &mallory.primary);
    }
    let none = Password::empty();
    let revocation = config.sign_key(&mallory.primary, &none, alice.primary.public_key());
    alice.revocations.push(revocation.unwrap());
    alice
}

#[test]
fn who_vouches_for_it() {
    let cases = [
        Case {
            name: "no User ID, a direct key signature",
            forge: || {
                Forge::new(300)
                    .direct(UNCHANGED)
                    .encryption_subkey(UNCHANGED)
            },
            days: YES,
        },
        Case {
            name: "no self-signature",
            forge: || Forge::new(300).encryption_subkey(UNCHANGED),
            days: NOT_BOUND,
        },
        Case {
            name: "mallory's certification in mallory's name alone",
            forge: || with_certification_by_mallory(true, vec![]),
            days: NOT_BOUND,
        },
        Case {
            name: "mallory's certification in alice's name alone",
            forge: || with_certification_by_mallory(false, vec![]),
            days: NOT_BOUND,
        },
        Case {
            name: "mallory's later certification with an expiration, in mallory's name",
            forge: || with_certification_by_mallory(true, own_certification()),
            days: &[(1, "yes", "yes"), (11, "yes", "yes")],
        },
        Case {
            name: "mallory's later certification with an expiration, in alice's name",
            forge: || with_certification_by_mallory(false, own_certification()),
            days: &[(1, "yes", "yes"), (11, "yes", "yes")],
        },
        Case {
            name: "made in the future",
            forge: || with_user(&|config| set_created(config, MADE + 100 * DAY_S)),
            days: &[(1, "not-bound", "yes"), (101, "yes", "yes")],
        },
        Case {
            name: "it does not say when it was made",
            forge: || {
                with_user(&|config| {
                    config.hashed_subpackets.retain(|subpacket| {
                        !matches!(subpacket.data, SubpacketData::SignatureCreationTime(_))
                    });
                })
            },
            days: NOT_BOUND,
        },
        Case {
            name: "a critical notation",
            forge: || with_user(&|config| push_critical(config, notation())),
            days: NOT_BOUND,
        },
        Case {
            name: "a critical subpacket that nobody knows",
            forge: || {
                with_user(&|config| {
                    push_critical(config, SubpacketData::Experimental(101, vec![1].into()));
                })
            },
            days: NOT_BOUND,
        },
        Case {
            name: "a critical subpacket that is known and not kept to",
            forge: || {
                with_user(&|config| push_critical(config, SubpacketData::TrustSignature(1, 60)))
            },
            days: NOT_BOUND,
        },
        Case {
            name: "a notation that is not critical",
            forge: || with_user(&|config| push(config, notation())),
            days: YES,
        },
        Case {
            name: "a subpacket that nobody knows and that is not critical",
            forge: || with_user(&|config| push(config, SubpacketData::Other(120, vec![1].into()))),
            days: YES,
        },
        Case {
            name: "critical subpackets that are known",
            forge: || {
                with_user(&|config| {
                    push_critical(config, expires_after(0));
                    push_critical(config, SubpacketData::IsPrimary(true));
                })
            },
            days: YES,
        },
        Case {
            name: "a void later certification does not supersede",
            forge: || {
                sound().again(5, &|config| {
                    push_critical(config, notation());
                    push(config, expires_after(7));
                })
            },
            days: &[(4, "yes", "yes"), (8, "yes", "yes")],
        },
    ];
    check(Signer::Primary, &cases);
}

fn with_user(change: Change<'_>) -> Forge {
    primary(change).encryption_subkey(UNCHANGED)
}

fn own_certification() -> Vec<Signature> {
    sound().users.remove(0).signatures
}

fn with_certification_by_mallory(in_own_name: bool, own: Vec<Signature>) -> Forge {
    let mallory = mallory();
    let mut alice = Forge::new(300).encryption_subkey(UNCHANGED);
    let mut user = alice.certified_by(&mallory.primary, "alice@example.org", &|config| {
        if !own.is_empty() {
            set_created(config, MADE + DAY_S);
            push(config, expires_after(10));
        }
        if in_own_name {
            set_issuer(config, &mallory.primary);
        }
    });
    user.signatures.extend(own.clone());
    alice.users.push(user);
    alice
}

/// Anybody can put signatures into a certificate that say they are its key's. Looking at all would take long.
#[test]
fn a_flood_of_signatures() {
    let cases = [
        Case {
            name: "some certifications",
            forge: || flooded(100, 0),
            days: YES,
        },
        Case {
            name: "very many certifications",
            forge: || flooded(300, 0),
            days: NOT_BOUND,
        },
        Case {
            name: "some revocations",
            forge: || flooded(0, 100),
            days: YES,
        },
        Case {
            name: "very many revocations: the true one may be among those not looked at",
            forge: || flooded(0, 300),
            days: NOT_BOUND,
        },
    ];
    check(Signer::Primary, &cases);
}

fn flooded(certifications: u32, revocations: u32) -> Forge {
    let mallory = mallory();
    let mut alice = sound();
    for at in 0..certifications {
        let made = |config: &mut _| set_created(config, MADE + at);
        let user = alice.certified_by(&mallory.primary, "alice@example.org", &made);
        alice.users[0].signatures.extend(user.signatures);
    }
    for at in 0..revocations {
        let mut config = alice.config(SignatureType::KeyRevocation);
        set_created(&mut config, MADE + at);
        let none = Password::empty();
        let revocation = config.sign_key(&mallory.primary, &none, alice.primary.public_key());
        alice.revocations.push(revocation.unwrap());
    }
    alice
}

/// Whoever strips a certificate of signatures must not strip it of its expiration: RFC 9580, section 5.2.3.10.
#[test]
fn version_6_needs_a_direct_key_signature() {
    let cases = [
        Case {
            name: "with one",
            forge: || v6().direct(UNCHANGED),
            days: YES,
        },
        Case {
            name: "with one and no User ID",
            forge: || {
                Forge::v6(303)
                    .encryption_subkey(UNCHANGED)
                    .direct(UNCHANGED)
            },
            days: YES,
        },
        Case {
            name: "without",
            forge: v6,
            days: NOT_BOUND,
        },
        Case {
            name: "with a void one",
            forge: || v6().direct(&|config| push_critical(config, notation())),
            days: NOT_BOUND,
        },
        Case {
            name: "with one that expires it on day 10",
            forge: || v6().direct(&|config| push(config, expires_after(10))),
            days: EXPIRED_ON_DAY_10,
        },
        Case {
            name: "with one that takes the right to sign away, whatever the User ID says",
            forge: || v6().direct(&|config| set_flags(config, "certify")),
            days: &[(1, "yes", "no-signing-key")],
        },
        Case {
            name: "revoked",
            forge: || {
                v6().direct(UNCHANGED)
                    .revoked(Some(RevocationCode::KeyRetired), 10)
            },
            days: REVOKED_FROM_DAY_10,
        },
    ];
    check(Signer::Primary, &cases);
}

fn v6() -> Forge {
    Forge::v6(303)
        .user("alice@example.org", UNCHANGED)
        .encryption_subkey(UNCHANGED)
}
