//! Samples that the RFCs print: RFC 9580 and RFC 9980, appendix A.

use crate::forged_message::{bob, encrypted_to};
use pgp::armor::Dearmor;
use smail_crypto_core::UnixSeconds;
use smail_crypto_core::openpgp::{
    Certificate, CertificateError, DecryptError, Fingerprint, Limit, Limits, ParseSecretKeyError,
    SignatureVerdict, TransferableSecretKey, UnlockError, VerifyError, decrypt, decrypt_and_verify,
    decrypt_with_password, verify_detached,
};
use std::io::Read as _;

/// After all samples were made.
const NOW: UnixSeconds = UnixSeconds::new(1_780_000_000);

macro_rules! sample {
    ($path:literal) => {
        include_bytes!(concat!("../vectors/", $path)).as_slice()
    };
}

/// A bare key that has signed nothing of its own: its signature fits, and is worth nothing.
#[test]
fn rfc_9580_a_1_and_a_2_version_4_key_and_signature() {
    let certificate = Certificate::from_bytes(sample!("rfc9580/a.1-v4-certificate.asc")).unwrap();
    let signer = certificate.fingerprint();
    assert_eq!(
        signer.to_string(),
        "C959 BDBA FA32 A2F8 9A15 3B67 8CFD E121 9796 5A9A"
    );
    assert_eq!(
        certificate.usable_at(NOW).unwrap_err(),
        CertificateError::NotBound
    );
    let signature = sample!("rfc9580/a.2-v4-signature.asc");
    let known = [certificate];
    let verdict = |data: &[u8]| verify_detached(data, signature, &known, NOW).unwrap();
    let fault = CertificateError::NotBound;
    assert_eq!(
        verdict(b"OpenPGP"),
        SignatureVerdict::UnusableSigner { signer, fault }
    );
    assert_eq!(verdict(b"OpenPGQ"), SignatureVerdict::Invalid { signer });
}

#[test]
fn rfc_9580_a_3_and_a_4_version_6_keys() {
    let certificate = Certificate::from_bytes(sample!("rfc9580/a.3-v6-certificate.asc")).unwrap();
    let keys = TransferableSecretKey::from_bytes(sample!("rfc9580/a.4-v6-secret-key.asc")).unwrap();
    assert_eq!(
        certificate.fingerprint().to_string(),
        "CB18 6C4F 0609 A697 E4D5 2DFA 6C72 2B0C 1F1E 27C1 8A56 708F 6525 EC27 BAD9 ACC9"
    );
    assert_eq!(keys.certificate(), &certificate);
    let usable = certificate.usable_at(NOW).unwrap();
    assert!(usable.addresses().is_empty());
}

#[test]
fn rfc_9580_a_5_locked_key() {
    let locked = sample!("rfc9580/a.5-v6-locked-secret-key.asc");
    let refused = TransferableSecretKey::from_bytes(locked).unwrap_err();
    assert_eq!(refused, ParseSecretKeyError::Locked);
    // Its S2K asks for 2 GiB.
    let UnlockError::LimitExceeded(exceeded) =
        TransferableSecretKey::unlock(locked, b"correct horse battery staple", &Limits::DEFAULT)
            .unwrap_err()
    else {
        panic!("nothing exceeded")
    };
    assert_eq!(exceeded.limit, Limit::S2kMemoryKib);
}

const GROCERIES: &str = "What we need from the grocery store:\n\n- tofu\n- vegetables\n- noodles\n";

fn sample_certificate() -> [Certificate; 1] {
    [Certificate::from_bytes(sample!("rfc9580/a.3-v6-certificate.asc")).unwrap()]
}

/// The cleartext signature framework is not for us; the signature in it is one like any other.
#[test]
fn rfc_9580_a_6_signed_in_clear_text() {
    let text = sample!("rfc9580/a.6-cleartext-signed.asc");
    let whole = Err(VerifyError::Malformed);
    assert_eq!(
        verify_detached(GROCERIES.as_bytes(), text, &sample_certificate(), NOW),
        whole
    );
    let refused = decrypt(text, &bob(), &Limits::DEFAULT).unwrap_err();
    assert_eq!(refused, DecryptError::Malformed { field: "armor" });

    let text = std::str::from_utf8(text).unwrap();
    let signature = &text[text.find("-----BEGIN PGP SIGNATURE").unwrap()..];
    let verdict = |data: &str| {
        let (data, signature) = (data.as_bytes(), signature.as_bytes());
        verify_detached(data, signature, &sample_certificate(), NOW).unwrap()
    };
    // Over text, however its lines end.
    for data in [GROCERIES, &GROCERIES.replace('\n', "\r\n")] {
        assert_eq!(verdict(data).code(), "signature-valid");
    }
    let other = GROCERIES.replace("tofu", "beef");
    assert_eq!(verdict(&other).code(), "signature-invalid");
}

/// A message that is signed and not encrypted is no mail of ours; encrypted, its signature is valid.
#[test]
fn rfc_9580_a_7_signed_inside_the_message() {
    let text = sample!("rfc9580/a.7-inline-signed.asc");
    let bob = bob();
    assert_eq!(
        decrypt(text, &bob, &Limits::DEFAULT).unwrap_err(),
        DecryptError::NotEncrypted
    );
    let mut packets = vec![];
    Dearmor::new(text).read_to_end(&mut packets).unwrap();
    let message = encrypted_to(bob.certificate(), &packets);
    let known = sample_certificate();
    let read = decrypt_and_verify(&message, &bob, &known, NOW, &Limits::DEFAULT).unwrap();
    assert_eq!(read.plaintext.as_slice(), GROCERIES.as_bytes());
    let SignatureVerdict::Valid(valid) = read.signature else {
        panic!("{:?}", read.signature)
    };
    assert_eq!(valid.signer, known[0].fingerprint());
}

#[test]
fn rfc_9580_a_8_encrypted_to_the_sample_key() {
    let keys = TransferableSecretKey::from_bytes(sample!("rfc9580/a.4-v6-secret-key.asc")).unwrap();
    let message = sample!("rfc9580/a.8-x25519-ocb.asc");
    let read = decrypt_and_verify(message, &keys, &[], NOW, &Limits::DEFAULT).unwrap();
    assert_eq!(read.plaintext.as_slice(), b"Hello, world!");
    assert_eq!(read.signature, SignatureVerdict::Unsigned);
}

#[test]
fn rfc_9580_a_9_to_a_11_encrypted_under_a_password() {
    for message in [
        sample!("rfc9580/a.9-eax.asc"),
        sample!("rfc9580/a.10-ocb.asc"),
        sample!("rfc9580/a.11-gcm.asc"),
    ] {
        let read = decrypt_with_password(message, b"password", &Limits::DEFAULT).unwrap();
        assert_eq!(read.plaintext(), b"Hello, world!");
        let refused = decrypt_with_password(message, b"passwort", &Limits::DEFAULT).unwrap_err();
        assert_eq!(refused, DecryptError::NoMatchingKey);
    }
}

#[test]
fn rfc_9580_a_12_asks_for_2_gib_and_is_refused() {
    for message in [
        sample!("rfc9580/a.12-argon2-aes128.asc"),
        sample!("rfc9580/a.12-argon2-aes192.asc"),
        sample!("rfc9580/a.12-argon2-aes256.asc"),
    ] {
        let DecryptError::LimitExceeded(exceeded) =
            decrypt_with_password(message, b"password", &Limits::DEFAULT).unwrap_err()
        else {
            panic!("nothing exceeded")
        };
        assert_eq!(
            (exceeded.limit, exceeded.allowed),
            (Limit::S2kMemoryKib, 256 * 1024)
        );
    }
}

#[test]
fn rfc_9980_version_4_key_with_ml_kem() {
    let keys =
        TransferableSecretKey::from_bytes(sample!("rfc9980/v4-eddsa-sample-sk.asc")).unwrap();
    let certificate = Certificate::from_bytes(sample!("rfc9980/v4-eddsa-sample-pk.asc")).unwrap();
    assert_eq!(keys.certificate(), &certificate);
    assert!(certificate.usable_at(NOW).unwrap().is_post_quantum());
    for message in [
        sample!("rfc9980/v4-eddsa-sample-message-v1.asc"),
        sample!("rfc9980/v4-eddsa-sample-message-v2.asc"),
    ] {
        is_read_and_valid(message, &keys, &certificate);
    }
}

#[test]
fn rfc_9980_version_6_key_with_ml_kem() {
    let keys =
        TransferableSecretKey::from_bytes(sample!("rfc9980/v6-eddsa-sample-sk.asc")).unwrap();
    let certificate = Certificate::from_bytes(sample!("rfc9980/v6-eddsa-sample-pk.asc")).unwrap();
    assert!(certificate.usable_at(NOW).unwrap().is_post_quantum());
    is_read_and_valid(
        sample!("rfc9980/v6-eddsa-sample-message.asc"),
        &keys,
        &certificate,
    );
}

#[test]
fn rfc_9980_version_6_key_with_ml_dsa_and_ml_kem() {
    let keys =
        TransferableSecretKey::from_bytes(sample!("rfc9980/v6-mldsa-65-sample-sk.asc")).unwrap();
    let certificate =
        Certificate::from_bytes(sample!("rfc9980/v6-mldsa-65-sample-pk.asc")).unwrap();
    assert!(certificate.usable_at(NOW).unwrap().is_post_quantum());
    is_read_and_valid(
        sample!("rfc9980/v6-mldsa-65-sample-message.asc"),
        &keys,
        &certificate,
    );
    is_valid(
        sample!("rfc9980/v6-mldsa-65-sample-signature.asc"),
        &certificate,
    );
}

#[test]
fn rfc_9980_version_6_key_with_ml_dsa_87_and_ml_kem_1024() {
    let keys =
        TransferableSecretKey::from_bytes(sample!("rfc9980/v6-mldsa-87-sample-sk.asc")).unwrap();
    let certificate =
        Certificate::from_bytes(sample!("rfc9980/v6-mldsa-87-sample-pk.asc")).unwrap();
    assert!(certificate.usable_at(NOW).unwrap().is_post_quantum());
    is_read_and_valid(
        sample!("rfc9980/v6-mldsa-87-sample-message.asc"),
        &keys,
        &certificate,
    );
    is_valid(
        sample!("rfc9980/v6-mldsa-87-sample-signature.asc"),
        &certificate,
    );
}

#[test]
fn rfc_9980_version_6_keys_with_slh_dsa() {
    let keys =
        TransferableSecretKey::from_bytes(sample!("rfc9980/v6-slhdsa-128s-sample-sk.asc")).unwrap();
    let message = sample!("rfc9980/v6-slhdsa-128s-sample-message.asc");
    is_read_and_valid(message, &keys, keys.certificate());
    for (secret, certificate, signature, fingerprint) in [
        (
            sample!("rfc9980/v6-slhdsa-128s-sample-sk.asc"),
            sample!("rfc9980/v6-slhdsa-128s-sample-pk.asc"),
            sample!("rfc9980/v6-slhdsa-128s-sample-signature.asc"),
            "eed4d13fc36c78e48276a93233339c4dd230fd5f6f5c5b82c63d5c0b5e361d92",
        ),
        (
            sample!("rfc9980/v6-slhdsa-128f-sample-sk.asc"),
            sample!("rfc9980/v6-slhdsa-128f-sample-pk.asc"),
            sample!("rfc9980/v6-slhdsa-128f-sample-signature.asc"),
            "d54e0307021169f7b88beb2b76e3aad0e114be1a8f982d74dba9ca51d03537f4",
        ),
        (
            sample!("rfc9980/v6-slhdsa-256s-sample-sk.asc"),
            sample!("rfc9980/v6-slhdsa-256s-sample-pk.asc"),
            sample!("rfc9980/v6-slhdsa-256s-sample-signature.asc"),
            "72fff84863aeba67f0d1d7691173247dd427533b9d7ee76011c6f77f2ce9fa7a",
        ),
    ] {
        let certificate = Certificate::from_bytes(certificate).unwrap();
        let fingerprint: Fingerprint = fingerprint.parse().unwrap();
        assert_eq!(certificate.fingerprint(), fingerprint);
        let keys = TransferableSecretKey::from_bytes(secret).unwrap();
        assert_eq!(keys.certificate(), &certificate);
        assert!(certificate.usable_at(NOW).unwrap().is_post_quantum());
        is_valid(signature, &certificate);
    }
}

fn is_valid(signature: &[u8], certificate: &Certificate) {
    let known = std::slice::from_ref(certificate);
    let verdict = verify_detached(b"Testing\n", signature, known, NOW).unwrap();
    assert_eq!(verdict.code(), "signature-valid");
    let verdict = verify_detached(b"Testimg\n", signature, known, NOW).unwrap();
    assert_eq!(verdict.code(), "signature-invalid");
}

fn is_read_and_valid(message: &[u8], keys: &TransferableSecretKey, certificate: &Certificate) {
    let known = std::slice::from_ref(certificate);
    let read = decrypt_and_verify(message, keys, known, NOW, &Limits::DEFAULT).unwrap();
    assert_eq!(read.plaintext.as_slice(), b"Testing\n");
    let SignatureVerdict::Valid(valid) = read.signature else {
        panic!("{:?}", read.signature)
    };
    assert_eq!(valid.signer, certificate.fingerprint());
}
