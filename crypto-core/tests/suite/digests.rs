//! Which digest a message is signed over.

use crate::accounts::{NOW, account, known, usable};
use crate::bulk::signed_as_it_comes;
use crate::common::rng;
use crate::forge::{Forge, MADE, UNCHANGED};
use pgp::composed::KeyType;
use pgp::crypto::ecc_curve::ECCCurve;
use smail_crypto_core::openpgp::bulk::Sealing;
use smail_crypto_core::openpgp::{Limits, SignatureVerdict, decrypt_and_verify, encrypt_and_sign};
use std::sync::Arc;

/// ECDSA and Ed448 do not sign a digest that is shorter than their curve.
#[test]
fn a_key_that_wants_a_longer_digest_signs_with_one() {
    let bob = account("bob", 51);
    for (key_type, signs_with_sha_256) in [
        (KeyType::ECDSA(ECCCurve::P256), true),
        (KeyType::ECDSA(ECCCurve::P384), false),
        (KeyType::ECDSA(ECCCurve::P521), false),
        (KeyType::Ed448, false),
    ] {
        let signer = Forge::of_type(70, key_type.clone(), MADE)
            .user("mallory@example.org", UNCHANGED)
            .encryption_subkey(UNCHANGED)
            .secret_key();
        let recipients = [usable(&bob)];
        let begun = Sealing::begin(b"text", &signer, &recipients, NOW, &mut rng(71)).unwrap();
        assert_eq!(begun.is_some(), signs_with_sha_256, "{key_type:?}");
        let whole = encrypt_and_sign(b"text", &signer, &recipients, NOW, &mut rng(72)).unwrap();
        let signer = Arc::new(signer);
        let stream = signed_as_it_comes(b"text", 4, Some(signer.clone()), &[&bob]);
        for message in [whole, stream] {
            let read =
                decrypt_and_verify(&message, &bob, &known(&signer), NOW, &Limits::DEFAULT).unwrap();
            let is_valid = matches!(read.signature, SignatureVerdict::Valid(_));
            assert!(is_valid, "{key_type:?}: {:?}", read.signature);
        }
    }
}
