//! Subkeys: what may be encrypted to them, and what they may sign.

use super::{Case, check, primary, sound};
use crate::forge::{
    Change, DAY_S, ECDH, Forge, MADE, Signer, UNCHANGED, expires_after, flags, notation, push,
    push_critical, set_created, set_flags, set_issuer,
};
use pgp::composed::{KeyType, SignedSecretSubKey};
use pgp::packet::{
    RevocationCode, SecretSubkey, SignatureConfig, SignatureType, Subpacket, SubpacketData,
};
use pgp::types::{Duration, Password};

const NO_ENCRYPTION: &[(u32, &str, &str)] = &[(1, "no-encryption-key", "yes")];
const YES: &[(u32, &str, &str)] = &[(1, "yes", "yes")];

fn bound(change: Change<'_>) -> Forge {
    primary(UNCHANGED).encryption_subkey(change)
}

#[test]
fn to_encrypt() {
    let cases = [
        Case {
            name: "expires on day 10",
            forge: || bound(&|config| push(config, expires_after(10))),
            days: &[(9, "yes", "yes"), (10, "no-encryption-key", "yes")],
        },
        Case {
            name: "its binding expires on day 10",
            forge: || {
                bound(&|config| {
                    let time = Duration::from_secs(10 * DAY_S);
                    push(config, SubpacketData::SignatureExpirationTime(time));
                })
            },
            days: &[(9, "yes", "yes"), (10, "no-encryption-key", "yes")],
        },
        Case {
            name: "made on day 50",
            forge: || {
                primary(UNCHANGED).subkey(ECDH, MADE + 50 * DAY_S, &|config| {
                    push(config, SubpacketData::KeyFlags(flags("encrypt")));
                })
            },
            days: &[(1, "no-encryption-key", "yes"), (51, "yes", "yes")],
        },
        Case {
            name: "bound on day 50",
            forge: || bound(&|config| set_created(config, MADE + 50 * DAY_S)),
            days: &[(1, "no-encryption-key", "yes"), (51, "yes", "yes")],
        },
        Case {
            name: "revoked: no reason given",
            forge: || sound().subkey_revoked(None, 10),
            days: &[
                (1, "no-encryption-key", "yes"),
                (11, "no-encryption-key", "yes"),
            ],
        },
        Case {
            name: "revoked: compromised",
            forge: || sound().subkey_revoked(Some(RevocationCode::KeyCompromised), 10),
            days: &[
                (1, "no-encryption-key", "yes"),
                (11, "no-encryption-key", "yes"),
            ],
        },
        Case {
            name: "revoked: superseded",
            forge: || sound().subkey_revoked(Some(RevocationCode::KeySuperseded), 10),
            days: &[(9, "yes", "yes"), (11, "no-encryption-key", "yes")],
        },
        Case {
            name: "revoked: retired, and bound again on day 20",
            forge: || {
                bound_again(
                    sound().subkey_revoked(Some(RevocationCode::KeyRetired), 10),
                    20,
                    "encrypt",
                )
            },
            days: &[(9, "yes", "yes"), (21, "no-encryption-key", "yes")],
        },
        Case {
            name: "the first of two is revoked",
            forge: || {
                sound()
                    .subkey_revoked(None, 10)
                    .encryption_subkey(UNCHANGED)
            },
            days: YES,
        },
        Case {
            name: "revoked by mallory",
            forge: revoked_by_mallory,
            days: &[(11, "yes", "yes")],
        },
        Case {
            name: "no flags",
            forge: || primary(UNCHANGED).subkey(ECDH, MADE, UNCHANGED),
            days: NO_ENCRYPTION,
        },
        Case {
            name: "flags where anybody can write them",
            forge: || {
                primary(UNCHANGED).subkey(ECDH, MADE, &|config| {
                    let flags = SubpacketData::KeyFlags(flags("encrypt"));
                    config
                        .unhashed_subpackets
                        .push(Subpacket::regular(flags).unwrap());
                })
            },
            days: NO_ENCRYPTION,
        },
        Case {
            name: "flag: authenticate",
            forge: || bound(&|config| set_flags(config, "authenticate")),
            days: NO_ENCRYPTION,
        },
        Case {
            name: "flag: sign, on a key that could encrypt",
            forge: || rsa_subkey("sign"),
            days: NO_ENCRYPTION,
        },
        Case {
            name: "flag: encrypt what is stored",
            forge: || bound(&|config| set_flags(config, "store")),
            days: YES,
        },
        Case {
            name: "flag: encrypt, on a key that cannot",
            forge: || {
                primary(UNCHANGED).subkey(KeyType::Ed25519Legacy, MADE, &|config| {
                    push(config, SubpacketData::KeyFlags(flags("encrypt")));
                })
            },
            days: NO_ENCRYPTION,
        },
        Case {
            name: "the primary key itself, flag: encrypt",
            forge: || {
                Forge::rsa().user("alice@example.org", &|config| {
                    set_flags(config, "certify sign encrypt");
                })
            },
            days: YES,
        },
        Case {
            name: "the primary key itself, without the flag",
            forge: || Forge::rsa().user("alice@example.org", UNCHANGED),
            days: NO_ENCRYPTION,
        },
        Case {
            name: "RSA of 1,024 bits",
            forge: || {
                primary(UNCHANGED).subkey(KeyType::Rsa(1_024), MADE, &|config| {
                    push(config, SubpacketData::KeyFlags(flags("encrypt")));
                })
            },
            days: NO_ENCRYPTION,
        },
        Case {
            name: "bound by mallory, in mallory's name",
            forge: || bound_by_mallory(true),
            days: NO_ENCRYPTION,
        },
        Case {
            name: "bound by mallory, in alice's name",
            forge: || bound_by_mallory(false),
            days: NO_ENCRYPTION,
        },
        Case {
            name: "with the binding of another subkey",
            forge: || {
                let mut forge = sound();
                let other = forge.bare_subkey(ECDH, MADE);
                let binding = forge.subkeys[0].signatures.clone();
                forge.subkeys = vec![SignedSecretSubKey::new(other, binding)];
                forge
            },
            days: NO_ENCRYPTION,
        },
        Case {
            name: "a later binding takes the flag away",
            forge: || bound_again(sound(), 5, "authenticate"),
            days: &[(4, "yes", "yes"), (6, "no-encryption-key", "yes")],
        },
        Case {
            name: "a critical notation",
            forge: || bound(&|config| push_critical(config, notation())),
            days: NO_ENCRYPTION,
        },
        Case {
            name: "a critical subpacket that nobody knows",
            forge: || {
                bound(&|config| {
                    push_critical(config, SubpacketData::Experimental(101, vec![1].into()))
                })
            },
            days: NO_ENCRYPTION,
        },
        Case {
            name: "a notation that is not critical",
            forge: || bound(&|config| push(config, notation())),
            days: YES,
        },
    ];
    check(Signer::Primary, &cases);
}

/// Binds the last subkey once more, with other flags.
fn bound_again(mut forge: Forge, days: u32, names: &str) -> Forge {
    let subkey = forge.subkeys.pop().unwrap();
    let again = forge.binding(&forge.primary, &subkey.key, &|config| {
        set_created(config, MADE + days * DAY_S);
        set_flags(config, names);
    });
    let signatures = [subkey.signatures, vec![again]].concat();
    forge
        .subkeys
        .push(SignedSecretSubKey::new(subkey.key, signatures));
    forge
}

fn bound_by_mallory(in_own_name: bool) -> Forge {
    let mallory = Forge::new(302);
    let mut alice = primary(UNCHANGED);
    let subkey = alice.bare_subkey(ECDH, MADE);
    let binding = alice.binding(&mallory.primary, &subkey, &|config| {
        push(config, SubpacketData::KeyFlags(flags("encrypt")));
        if in_own_name {
            set_issuer(config, &mallory.primary);
        }
    });
    alice
        .subkeys
        .push(SignedSecretSubKey::new(subkey, vec![binding]));
    alice
}

fn revoked_by_mallory() -> Forge {
    let mallory = Forge::new(302);
    let mut alice = sound();
    let config = alice.config(SignatureType::SubkeyRevocation);
    let revocation = config
        .sign_subkey_binding(
            &mallory.primary,
            alice.primary.public_key(),
            &Password::empty(),
            alice.subkeys[0].key.public_key(),
        )
        .unwrap();
    alice.subkeys[0].signatures.push(revocation);
    alice
}

/// A subkey that is the RSA key of [`Forge::rsa`], which can do both.
fn rsa_subkey(names: &str) -> Forge {
    let subkey = Forge::rsa_as_subkey();
    let mut forge = primary(UNCHANGED);
    let back = forge.back_signature(&subkey, UNCHANGED);
    let binding = forge.binding(&forge.primary, &subkey, &|config| {
        push(config, SubpacketData::KeyFlags(flags(names)));
        push(
            config,
            SubpacketData::EmbeddedSignature(Box::new(back.clone())),
        );
    });
    forge
        .subkeys
        .push(SignedSecretSubKey::new(subkey, vec![binding]));
    forge
}

/// A primary key that only certifies, with a subkey to encrypt to; the subkey that signs is the second.
fn certifying() -> Forge {
    primary(&|config| set_flags(config, "certify")).encryption_subkey(UNCHANGED)
}

#[test]
fn to_sign() {
    let cases = [
        Case {
            name: "nothing is wrong",
            forge: || certifying().signing_subkey(UNCHANGED),
            days: YES,
        },
        Case {
            name: "expires on day 10",
            forge: || {
                let mut forge = certifying().signing_subkey(UNCHANGED);
                rebind_last(&mut forge, &|config| push(config, expires_after(10)));
                forge
            },
            days: &[(9, "yes", "yes"), (10, "yes", "no-signing-key")],
        },
        Case {
            name: "its binding was renewed on day 20: what it signed before still counts",
            forge: || {
                let mut forge = certifying().signing_subkey(UNCHANGED);
                rebind_last(&mut forge, &|config| {
                    set_created(config, MADE + 20 * DAY_S);
                });
                forge
            },
            days: &[(5, "yes", "yes"), (21, "yes", "yes")],
        },
        Case {
            name: "revoked: compromised",
            forge: || {
                certifying()
                    .signing_subkey(UNCHANGED)
                    .subkey_revoked(Some(RevocationCode::KeyCompromised), 10)
            },
            days: &[(1, "yes", "no-signing-key"), (11, "yes", "no-signing-key")],
        },
        Case {
            name: "revoked: retired",
            forge: || {
                certifying()
                    .signing_subkey(UNCHANGED)
                    .subkey_revoked(Some(RevocationCode::KeyRetired), 10)
            },
            days: &[(9, "yes", "yes"), (11, "yes", "no-signing-key")],
        },
        Case {
            name: "the primary key is retired",
            forge: || {
                certifying()
                    .signing_subkey(UNCHANGED)
                    .revoked(Some(RevocationCode::KeyRetired), 10)
            },
            days: &[(9, "yes", "yes"), (11, "revoked", "revoked")],
        },
        Case {
            name: "the primary key expires on day 10",
            forge: || {
                certifying()
                    .again(1, &|config| {
                        set_flags(config, "certify");
                        push(config, expires_after(10));
                    })
                    .signing_subkey(UNCHANGED)
            },
            days: &[(9, "yes", "yes"), (10, "expired", "expired")],
        },
        Case {
            name: "flags: none",
            forge: || flagged(""),
            days: &[(1, "yes", "no-signing-key")],
        },
        Case {
            name: "flags: authenticate, certify",
            forge: || flagged("authenticate certify"),
            days: &[(1, "yes", "no-signing-key")],
        },
    ];
    check(Signer::Subkey(1), &cases);
}

fn flagged(names: &str) -> Forge {
    let mut forge = certifying().signing_subkey(UNCHANGED);
    rebind_last(&mut forge, &|config| set_flags(config, names));
    forge
}

/// Changes the last subkey's binding; what it holds of the subkey's own signature stays.
fn rebind_last(forge: &mut Forge, change: Change<'_>) {
    let subkey = forge.subkeys.pop().unwrap();
    let old = subkey.signatures[0].config().unwrap().clone();
    let binding = forge.binding(&forge.primary, &subkey.key, &|config| {
        config.hashed_subpackets.clone_from(&old.hashed_subpackets);
        change(config);
    });
    forge
        .subkeys
        .push(SignedSecretSubKey::new(subkey.key, vec![binding]));
}

#[test]
fn to_encrypt_alone() {
    let cases = [
        Case {
            name: "flag: encrypt, on a key that could sign",
            forge: || rsa_subkey("encrypt"),
            days: &[(1, "yes", "no-signing-key")],
        },
        Case {
            name: "flags: encrypt, sign",
            forge: || rsa_subkey("encrypt sign"),
            days: YES,
        },
    ];
    check(Signer::Subkey(0), &cases);
}

/// The primary key's flags are one thing, a subkey's another.
#[test]
fn a_primary_key_that_only_certifies() {
    let cases = [Case {
        name: "signs itself",
        forge: || certifying().signing_subkey(UNCHANGED),
        days: &[(1, "yes", "no-signing-key")],
    }];
    check(Signer::Primary, &cases);
}

/// A signing subkey signs the primary key in return, or mallory could adopt it.
#[test]
fn a_signing_subkey_s_consent() {
    const REFUSED: &[(u32, &str, &str)] = &[(1, "yes", "no-signing-key")];
    let cases = [
        Case {
            name: "missing",
            forge: || certifying().signing_subkey_with(|_, _| None),
            days: REFUSED,
        },
        Case {
            name: "by another subkey",
            forge: || {
                certifying().signing_subkey_with(|forge, _| {
                    let other = Forge::new(306).bare_subkey(KeyType::Ed25519Legacy, MADE);
                    Some(embedded(forge, &other, UNCHANGED))
                })
            },
            days: REFUSED,
        },
        Case {
            name: "to another primary key",
            forge: || {
                certifying().signing_subkey_with(|_, subkey| {
                    Some(embedded(&Forge::new(307), subkey, UNCHANGED))
                })
            },
            days: REFUSED,
        },
        Case {
            name: "expired on day 10",
            forge: || {
                certifying().signing_subkey(&|config| {
                    let time = Duration::from_secs(10 * DAY_S);
                    push(config, SubpacketData::SignatureExpirationTime(time));
                })
            },
            days: &[(9, "yes", "yes"), (10, "yes", "no-signing-key")],
        },
        Case {
            name: "a critical notation in it",
            forge: || certifying().signing_subkey(&|config| push_critical(config, notation())),
            days: REFUSED,
        },
        Case {
            name: "a critical subpacket in it that nobody knows",
            forge: || {
                certifying().signing_subkey(&|config| {
                    push_critical(config, SubpacketData::Experimental(101, vec![1].into()));
                })
            },
            days: REFUSED,
        },
        Case {
            name: "a notation in it that is not critical",
            forge: || certifying().signing_subkey(&|config| push(config, notation())),
            days: YES,
        },
        Case {
            name: "where anybody can write it: it stands for itself",
            forge: || {
                let mut forge = certifying().signing_subkey(UNCHANGED);
                rebind_last(&mut forge, &move_consent_out);
                forge
            },
            days: YES,
        },
    ];
    check(Signer::Subkey(1), &cases);
}

fn embedded(forge: &Forge, by: &SecretSubkey, change: Change<'_>) -> SubpacketData {
    SubpacketData::EmbeddedSignature(Box::new(forge.back_signature(by, change)))
}

fn move_consent_out(config: &mut SignatureConfig) {
    let is_consent =
        |subpacket: &Subpacket| matches!(subpacket.data, SubpacketData::EmbeddedSignature(_));
    let consent: Vec<_> = config
        .hashed_subpackets
        .extract_if(.., |subpacket| is_consent(subpacket))
        .collect();
    config.unhashed_subpackets.extend(consent);
}
