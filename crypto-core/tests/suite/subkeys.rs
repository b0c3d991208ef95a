//! Signing with a subkey, and adopting one. What makes a subkey unusable is in the matrix.

use crate::common::rng;
use crate::forge::{Forge, Signer, UNCHANGED, day, flags, push, set_flags};
use pgp::composed::{KeyType, SignedSecretSubKey};
use pgp::packet::{PubKeyInner, PublicSubkey, RevocationCode, SecretSubkey, SubpacketData};
use pgp::types::{KeyDetails as _, KeyVersion};
use smail_crypto_core::openpgp::{
    Certificate, CertificateError, SignatureVerdict, TransferableSecretKey, sign_detached,
    verify_detached,
};

/// A key whose primary key only certifies, with a signing subkey that signs back as told.
fn with_signing_subkey(
    back: impl Fn(&Forge, &SecretSubkey) -> Option<SubpacketData>,
) -> TransferableSecretKey {
    Forge::new(27)
        .user("alice@example.org", &|config| set_flags(config, "certify"))
        .signing_subkey_with(back)
        .secret_key()
}

fn signed_back(forge: &Forge, by: &SecretSubkey) -> Option<SubpacketData> {
    let signature = forge.back_signature(by, UNCHANGED);
    Some(SubpacketData::EmbeddedSignature(Box::new(signature)))
}

#[test]
fn a_signing_subkey_that_signs_back_may_sign() {
    let keys = with_signing_subkey(signed_back);
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
        let other = Forge::new(29).bare_subkey(KeyType::Ed25519Legacy, crate::forge::MADE);
        signed_back(forge, &other)
    });
    for keys in [without, by_another] {
        let refused = sign_detached(b"hello", &keys, day(1), &mut rng(28)).unwrap_err();
        assert_eq!(refused.code(), "sign-unusable-key");
        // The same subkey does sign in `genuine`; here it is adopted without having agreed.
        let genuine = with_signing_subkey(signed_back);
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

/// Mallory's certificate, with a key of alice's in it as a subkey that did not agree.
fn adopting(subkey: SecretSubkey) -> Certificate {
    let mut mallory = Forge::sound(30);
    let binding = mallory.binding(&mallory.primary, &subkey, &|config| {
        push(config, SubpacketData::KeyFlags(flags("sign")));
    });
    mallory
        .subkeys
        .push(SignedSecretSubKey::new(subkey, vec![binding]));
    mallory.certificate()
}

/// The same key with the same fingerprint, as a subkey.
fn primary_as_subkey(forge: &Forge) -> SecretSubkey {
    let key = &forge.primary;
    let (params, made) = (key.public_params().clone(), key.created_at());
    let inner = PubKeyInner::new(KeyVersion::V4, key.algorithm(), made, None, params).unwrap();
    let public = PublicSubkey::from_inner(inner).unwrap();
    SecretSubkey::new(public, key.secret_params().clone()).unwrap()
}

#[test]
fn who_adopts_a_key_hides_nobody_who_has_it() {
    let alice = || Forge::sound(27).signing_subkey(UNCHANGED);
    let adopted = [
        (Signer::Primary, primary_as_subkey(&alice())),
        (Signer::Subkey(1), alice().subkeys[1].key.clone()),
    ];
    for (signer, subkey) in adopted {
        let signature = alice().signature(signer, b"hello", UNCHANGED);
        let verdict =
            |known: &[Certificate]| verify_detached(b"hello", &signature, known, day(2)).unwrap();
        let mallory = adopting(subkey);
        let alone = verdict(std::slice::from_ref(&mallory));
        assert_eq!(alone.code(), "signature-unusable-signer");
        for known in [
            [alice().certificate(), mallory.clone()],
            [mallory.clone(), alice().certificate()],
        ] {
            let SignatureVerdict::Valid(valid) = verdict(&known) else {
                panic!("{:?}", verdict(&known))
            };
            assert_eq!(valid.signer, alice().certificate().fingerprint());
        }
        // An older copy of the certificate does not bring back what another one revokes, wherever it stands.
        let revoked = alice()
            .revoked(Some(RevocationCode::KeyCompromised), 1)
            .certificate();
        for known in [
            [mallory.clone(), revoked.clone(), alice().certificate()],
            [mallory, alice().certificate(), revoked],
        ] {
            assert_eq!(verdict(&known).code(), "signature-unusable-signer");
        }
    }
}

#[test]
fn a_subkey_that_one_copy_revokes_signs_in_none() {
    let alice = || Forge::sound(28).signing_subkey(UNCHANGED);
    let signature = alice().signature(Signer::Subkey(1), b"hello", UNCHANGED);
    let verdict =
        |known: &[Certificate]| verify_detached(b"hello", &signature, known, day(2)).unwrap();
    let revoked = alice().subkey_revoked(Some(RevocationCode::KeyCompromised), 1);
    let by_primary = alice().signature(Signer::Primary, b"hello", UNCHANGED);
    let copies = [alice().certificate(), revoked.certificate()];
    assert_eq!(verdict(&copies[..1]).code(), "signature-valid");
    assert_eq!(verdict(&copies).code(), "signature-unusable-signer");
    let other = verify_detached(b"hello", &by_primary, &copies, day(2)).unwrap();
    assert_eq!(other.code(), "signature-valid");
}
