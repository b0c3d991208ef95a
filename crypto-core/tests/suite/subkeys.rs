//! The certificate policy's matrix: subkeys.

use crate::common::rng;
use crate::forge::{
    Change, DAY_S, Forge, MADE, UNCHANGED, day, expires_after, flags, notation, push,
    push_critical, set_created,
};
use pgp::composed::{KeyType, SignedSecretSubKey};
use pgp::crypto::ecc_curve::ECCCurve;
use pgp::crypto::hash::HashAlgorithm;
use pgp::packet::{RevocationCode, SignatureConfig, SignatureType, SubpacketData};
use pgp::types::{KeyDetails as _, Password};
use smail_crypto_core::openpgp::{
    Certificate, CertificateError, SignatureVerdict, TransferableSecretKey, sign_detached,
    verify_detached,
};

const ECDH: KeyType = KeyType::ECDH(ECCCurve::Curve25519Legacy);

fn fault(certificate: &Certificate, days: u32) -> Option<CertificateError> {
    certificate.usable_at(day(days)).err()
}

#[test]
fn bindings_that_do_not_count() {
    let faults: [(&str, Change<'_>); 4] = [
        ("made in the future", &|config| {
            set_created(config, MADE + 100 * DAY_S)
        }),
        ("expired key", &|config| push(config, expires_after(1))),
        ("critical unknown notation", &|config| {
            push_critical(config, notation())
        }),
        ("no flags", &|config| {
            config
                .hashed_subpackets
                .retain(|subpacket| !matches!(subpacket.data, SubpacketData::KeyFlags(_)));
        }),
    ];
    for (name, change) in faults {
        let certificate = Forge::new(20)
            .user("alice@example.org", UNCHANGED)
            .encryption_subkey(change)
            .certificate();
        assert_eq!(
            fault(&certificate, 2),
            Some(CertificateError::NoEncryptionKey),
            "{name}"
        );
    }
}

#[test]
fn flags_in_the_unhashed_area_do_not_count() {
    let certificate = Forge::new(20)
        .user("alice@example.org", UNCHANGED)
        .subkey(ECDH, MADE, &|config| {
            let flags = SubpacketData::KeyFlags(flags("encrypt"));
            config
                .unhashed_subpackets
                .push(pgp::packet::Subpacket::regular(flags).unwrap());
        })
        .certificate();
    assert_eq!(
        fault(&certificate, 1),
        Some(CertificateError::NoEncryptionKey)
    );
}

#[test]
fn a_binding_by_mallory() {
    let mallory = Forge::new(21);
    let mut alice = Forge::new(22).user("alice@example.org", UNCHANGED);
    let subkey = alice.bare_subkey(ECDH, MADE);
    let binding = alice.binding(&mallory.primary, &subkey, &|config| {
        push(config, SubpacketData::KeyFlags(flags("encrypt")));
    });
    alice
        .subkeys
        .push(SignedSecretSubKey::new(subkey, vec![binding]));
    assert_eq!(
        fault(&alice.certificate(), 1),
        Some(CertificateError::NoEncryptionKey)
    );
}

#[test]
fn revoked_subkeys() {
    let hard = Forge::sound(23).subkey_revoked(None, 10).certificate();
    assert_eq!(fault(&hard, 1), Some(CertificateError::NoEncryptionKey));
    let soft = Forge::sound(23)
        .subkey_revoked(Some(RevocationCode::KeyRetired), 10)
        .certificate();
    assert_eq!(fault(&soft, 9), None);
    assert_eq!(fault(&soft, 11), Some(CertificateError::NoEncryptionKey));
}

#[test]
fn a_subkey_made_in_the_future() {
    let certificate = Forge::new(24)
        .user("alice@example.org", UNCHANGED)
        .subkey(ECDH, MADE + 50 * DAY_S, &|config| {
            push(config, SubpacketData::KeyFlags(flags("encrypt")));
        })
        .certificate();
    assert_eq!(
        fault(&certificate, 1),
        Some(CertificateError::NoEncryptionKey)
    );
    assert_eq!(fault(&certificate, 51), None);
}

#[test]
fn a_weak_subkey() {
    let certificate = Forge::new(25)
        .user("alice@example.org", UNCHANGED)
        .subkey(KeyType::Rsa(1_024), MADE, &|config| {
            push(config, SubpacketData::KeyFlags(flags("encrypt")));
        })
        .certificate();
    assert_eq!(
        fault(&certificate, 1),
        Some(CertificateError::NoEncryptionKey)
    );
}

#[test]
fn the_latest_binding_decides() {
    let mut forge = Forge::sound(26);
    let subkey = forge.subkeys.pop().unwrap();
    let withdrawn = forge.binding(&forge.primary, &subkey.key, &|config| {
        set_created(config, MADE + 5 * DAY_S);
        push(config, SubpacketData::KeyFlags(flags("sign")));
    });
    let signatures = [subkey.signatures, vec![withdrawn]].concat();
    forge
        .subkeys
        .push(SignedSecretSubKey::new(subkey.key, signatures));
    let certificate = forge.certificate();
    assert_eq!(fault(&certificate, 4), None);
    assert_eq!(
        fault(&certificate, 6),
        Some(CertificateError::NoEncryptionKey)
    );
}

/// A key whose primary key only certifies, with a signing subkey that signs back as told.
fn with_signing_subkey(
    back_signature: impl Fn(&Forge, &pgp::packet::SecretSubkey) -> Option<SubpacketData>,
) -> TransferableSecretKey {
    let mut forge = Forge::new(27).user("alice@example.org", &|config| {
        config
            .hashed_subpackets
            .retain(|subpacket| !matches!(subpacket.data, SubpacketData::KeyFlags(_)));
        push(config, SubpacketData::KeyFlags(flags("certify")));
    });
    let subkey = forge.bare_subkey(KeyType::Ed25519Legacy, MADE);
    let back = back_signature(&forge, &subkey);
    let binding = forge.binding(&forge.primary, &subkey, &|config| {
        push(config, SubpacketData::KeyFlags(flags("sign")));
        if let Some(back) = &back {
            push(config, back.clone());
        }
    });
    forge
        .subkeys
        .push(SignedSecretSubKey::new(subkey, vec![binding]));
    forge.secret_key()
}

fn signed_back(forge: &Forge, by: &pgp::packet::SecretSubkey) -> SubpacketData {
    let mut config = SignatureConfig::v4(
        SignatureType::KeyBinding,
        by.algorithm(),
        HashAlgorithm::Sha256,
    );
    set_created(&mut config, MADE);
    let signature = config
        .sign_primary_key_binding(
            by,
            by.public_key(),
            &Password::empty(),
            forge.primary.public_key(),
        )
        .unwrap();
    SubpacketData::EmbeddedSignature(Box::new(signature))
}

#[test]
fn a_signing_subkey_that_signs_back_may_sign() {
    let keys = with_signing_subkey(|forge, subkey| Some(signed_back(forge, subkey)));
    let signature = sign_detached(b"hello", &keys, day(1), &mut rng(28)).unwrap();
    let verdict =
        verify_detached(b"hello", &signature, &[keys.certificate().clone()], day(1)).unwrap();
    assert!(
        matches!(verdict, SignatureVerdict::Valid(valid) if valid.signer == keys.fingerprint())
    );
}

#[test]
fn a_signing_subkey_that_does_not_may_not() {
    let without = with_signing_subkey(|_, _| None);
    let by_another = with_signing_subkey(|forge, _| {
        let other = Forge::new(29).bare_subkey(KeyType::Ed25519Legacy, MADE);
        Some(signed_back(forge, &other))
    });
    for keys in [without, by_another] {
        let refused = sign_detached(b"hello", &keys, day(1), &mut rng(28)).unwrap_err();
        assert_eq!(refused.code(), "sign-unusable-key");
        // The same subkey does sign in `genuine`; here it is adopted without having agreed.
        let genuine = with_signing_subkey(|forge, subkey| Some(signed_back(forge, subkey)));
        let signature = sign_detached(b"hello", &genuine, day(1), &mut rng(28)).unwrap();
        let verdict =
            verify_detached(b"hello", &signature, &[keys.certificate().clone()], day(1)).unwrap();
        let expected = SignatureVerdict::UnusableSigner {
            signer: keys.fingerprint(),
            fault: CertificateError::NoSigningKey,
        };
        assert_eq!(verdict, expected);
    }
}
