//! Samples that the RFCs print: RFC 9580 and RFC 9980, appendix A.

use smail_crypto_core::UnixSeconds;
use smail_crypto_core::openpgp::{
    Certificate, DecryptError, Limit, Limits, ParseSecretKeyError, SignatureVerdict,
    TransferableSecretKey, UnlockError, decrypt_and_verify, decrypt_with_password, verify_detached,
};

/// After all samples were made.
const NOW: UnixSeconds = UnixSeconds::new(1_780_000_000);

macro_rules! sample {
    ($path:literal) => {
        include_bytes!(concat!("../vectors/", $path)).as_slice()
    };
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
    let signature = sample!("rfc9980/v6-mldsa-65-sample-signature.asc");
    let verdict = verify_detached(b"Testing\n", signature, &[certificate], NOW).unwrap();
    assert_eq!(verdict.code(), "signature-valid");
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
