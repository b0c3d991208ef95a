//! The certificate policy's matrix: the certificate as a whole. A sound certificate and one fault at a time.

use crate::forge::{
    Change, DAY_S, Forge, MADE, UNCHANGED, day, expires_after, notation, push, push_critical,
    set_created,
};
use pgp::composed::{KeyType, SignedPublicKey};
use pgp::crypto::hash::HashAlgorithm;
use pgp::packet::{RevocationCode, SignatureConfig, SignatureType, SubpacketData};
use pgp::ser::Serialize as _;
use pgp::types::{Duration, Password};
use smail_crypto_core::openpgp::{Certificate, CertificateError};

fn fault(certificate: &Certificate, days: u32) -> Option<CertificateError> {
    certificate.usable_at(day(days)).err()
}

#[test]
fn a_sound_one_is_usable() {
    let certificate = Forge::sound(1).certificate();
    let usable = certificate.usable_at(day(1)).unwrap();
    assert_eq!(usable.addresses(), ["alice@example.org"]);
    assert_eq!(usable.fingerprint(), certificate.fingerprint());
    assert!(!usable.is_post_quantum());
}

#[test]
fn made_in_the_future() {
    let certificate = Forge::sound(1).certificate();
    let before = smail_crypto_core::UnixSeconds::new(u64::from(MADE - DAY_S));
    assert_eq!(
        certificate.usable_at(before).unwrap_err(),
        CertificateError::NotYetValid
    );
    let clock_a_little_slow = smail_crypto_core::UnixSeconds::new(u64::from(MADE - 60));
    assert!(certificate.usable_at(clock_a_little_slow).is_ok());
}

#[test]
fn expired() {
    let certificate = Forge::new(2)
        .user("alice@example.org", &|config| {
            push(config, expires_after(10))
        })
        .encryption_subkey(UNCHANGED)
        .certificate();
    assert_eq!(fault(&certificate, 9), None);
    assert_eq!(fault(&certificate, 10), Some(CertificateError::Expired));
}

#[test]
fn an_expiration_of_zero_means_never() {
    let certificate = Forge::new(2)
        .user("alice@example.org", &|config| {
            push(config, expires_after(0))
        })
        .encryption_subkey(UNCHANGED)
        .certificate();
    assert_eq!(fault(&certificate, 4_000), None);
}

#[test]
fn the_latest_self_signature_prolongs() {
    let mut forge = Forge::new(2)
        .user("alice@example.org", &|config| {
            push(config, expires_after(10))
        })
        .encryption_subkey(UNCHANGED);
    let prolonged = forge.certified_by(&forge.primary, "alice@example.org", &|config| {
        set_created(config, MADE + 5 * DAY_S);
        push(config, expires_after(20));
    });
    forge.users[0].signatures.extend(prolonged.signatures);
    let certificate = forge.certificate();
    assert_eq!(fault(&certificate, 15), None);
    assert_eq!(fault(&certificate, 20), Some(CertificateError::Expired));
}

#[test]
fn revoked_hard_counts_at_any_time() {
    for reason in [
        None,
        Some(RevocationCode::NoReason),
        Some(RevocationCode::KeyCompromised),
    ] {
        let certificate = Forge::sound(3).revoked(reason, 10).certificate();
        assert_eq!(
            fault(&certificate, 1),
            Some(CertificateError::Revoked),
            "{reason:?}"
        );
        assert_eq!(
            fault(&certificate, 11),
            Some(CertificateError::Revoked),
            "{reason:?}"
        );
    }
}

#[test]
fn revoked_softly_counts_from_then_on() {
    for reason in [RevocationCode::KeySuperseded, RevocationCode::KeyRetired] {
        let certificate = Forge::sound(3).revoked(Some(reason), 10).certificate();
        assert_eq!(fault(&certificate, 9), None, "{reason:?}");
        assert_eq!(
            fault(&certificate, 11),
            Some(CertificateError::Revoked),
            "{reason:?}"
        );
    }
}

#[test]
fn revoked_by_mallory_is_not_revoked() {
    let mallory = Forge::sound(4).revoked(None, 1);
    let mut alice = Forge::sound(3);
    alice.revocations = mallory.revocations;
    assert_eq!(fault(&alice.certificate(), 2), None);
}

/// EdDSA keys cannot be made to use SHA-1 here, so this is an RSA key.
#[test]
fn sha_1_binds_nothing_but_revokes() {
    let with_sha_1 = |config: &mut SignatureConfig| config.hash_alg = HashAlgorithm::Sha1;
    let mut forge = Forge::of_type(10, KeyType::Rsa(2_048), MADE).encryption_subkey(UNCHANGED);
    let sound = forge.certified_by(&forge.primary, "alice@example.org", UNCHANGED);
    let weak = forge.certified_by(&forge.primary, "alice@example.org", &with_sha_1);
    let revocation = {
        let mut config = forge.config(SignatureType::KeyRevocation);
        with_sha_1(&mut config);
        push_critical(&mut config, notation());
        config
            .sign_key(
                &forge.primary,
                &Password::empty(),
                forge.primary.public_key(),
            )
            .unwrap()
    };
    forge.users = vec![sound];
    let key = forge.signed_secret_key().to_public_key();
    let judged = |key: &SignedPublicKey| {
        let certificate = Certificate::from_bytes(&key.to_bytes().unwrap()).unwrap();
        fault(&certificate, 1)
    };
    assert_eq!(judged(&key), None);
    let mut revoked = key.clone();
    revoked.details.revocation_signatures = vec![revocation];
    assert_eq!(judged(&revoked), Some(CertificateError::Revoked));
    let mut weakly_bound = key;
    weakly_bound.details.users = vec![weak];
    assert_eq!(judged(&weakly_bound), Some(CertificateError::NotBound));
}

#[test]
fn a_self_signature_by_mallory() {
    let mallory = Forge::new(4);
    let mut alice = Forge::new(3).encryption_subkey(UNCHANGED);
    alice.users = vec![alice.certified_by(&mallory.primary, "alice@example.org", UNCHANGED)];
    assert_eq!(
        fault(&alice.certificate(), 1),
        Some(CertificateError::NotBound)
    );
}

#[test]
fn self_signatures_that_do_not_count() {
    let faults: [(&str, Change<'_>); 5] = [
        ("made in the future", &|config| {
            set_created(config, MADE + 100 * DAY_S)
        }),
        ("expired", &|config| {
            push(
                config,
                SubpacketData::SignatureExpirationTime(Duration::from_secs(DAY_S)),
            );
        }),
        ("critical unknown notation", &|config| {
            push_critical(config, notation())
        }),
        ("critical unknown subpacket", &|config| {
            push_critical(config, SubpacketData::Experimental(101, Vec::new().into()));
        }),
        ("no creation time", &|config| {
            config.hashed_subpackets.retain(|subpacket| {
                !matches!(subpacket.data, SubpacketData::SignatureCreationTime(_))
            });
        }),
    ];
    for (name, change) in faults {
        let certificate = Forge::new(5)
            .user("alice@example.org", change)
            .encryption_subkey(UNCHANGED)
            .certificate();
        assert_eq!(
            fault(&certificate, 2),
            Some(CertificateError::NotBound),
            "{name}"
        );
    }
}

#[test]
fn an_unknown_notation_that_is_not_critical_is_no_fault() {
    let certificate = Forge::new(5)
        .user("alice@example.org", &|config| push(config, notation()))
        .encryption_subkey(UNCHANGED)
        .certificate();
    assert_eq!(fault(&certificate, 2), None);
}

#[test]
fn no_user_id_at_all() {
    let certificate = Forge::new(6).encryption_subkey(UNCHANGED).certificate();
    assert_eq!(fault(&certificate, 1), Some(CertificateError::NotBound));
}

#[test]
fn a_user_id_taken_back_is_no_address() {
    let certificate = Forge::sound(7)
        .user("Alice <alice@old.example>", UNCHANGED)
        .revoke_user(5)
        .certificate();
    let addresses = |days| {
        certificate
            .usable_at(day(days))
            .unwrap()
            .addresses()
            .to_vec()
    };
    assert_eq!(addresses(4), ["alice@example.org", "alice@old.example"]);
    assert_eq!(addresses(6), ["alice@example.org"]);
}

#[test]
fn an_address_that_the_key_does_not_vouch_for_is_none() {
    let mallory = Forge::new(4);
    let mut alice = Forge::sound(8);
    let forged = alice.certified_by(&mallory.primary, "bob@example.org", UNCHANGED);
    alice.users.push(forged);
    let certificate = alice.certificate();
    assert_eq!(
        certificate.addresses(),
        ["alice@example.org", "bob@example.org"]
    );
    assert_eq!(
        certificate.usable_at(day(1)).unwrap().addresses(),
        ["alice@example.org"]
    );
}

#[test]
fn a_weak_rsa_key() {
    let certificate = Forge::of_type(9, KeyType::Rsa(1_024), MADE)
        .user("alice@example.org", UNCHANGED)
        .encryption_subkey(UNCHANGED)
        .certificate();
    assert_eq!(
        fault(&certificate, 1),
        Some(CertificateError::WeakAlgorithm)
    );
}
