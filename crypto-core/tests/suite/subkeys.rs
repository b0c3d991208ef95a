//! Signing with a subkey, and adopting one. What makes a subkey unusable is in the matrix.

use crate::common::rng;
use crate::forge::{Forge, UNCHANGED, day, set_flags};
use pgp::composed::KeyType;
use pgp::packet::{SecretSubkey, SubpacketData};
use smail_crypto_core::openpgp::{
    CertificateError, SignatureVerdict, TransferableSecretKey, sign_detached, verify_detached,
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
