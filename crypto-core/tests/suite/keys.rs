//! The keys of an account: made, stored, read again.

use crate::accounts::{NOW, account};
use crate::common::rng;
use smail_crypto_core::UnixSeconds;
use smail_crypto_core::openpgp::{
    Certificate, DecryptError, GenerateError, Limits, LockError, ParseSecretKeyError, Readers,
    RenewError, TransferableSecretKey, UnlockError, decrypt, encrypt_and_sign,
};

#[test]
fn keys_survive_their_stored_form() {
    let alice = account("alice", 50);
    let stored = alice.to_bytes().unwrap();
    let read = TransferableSecretKey::from_bytes(&stored).unwrap();
    assert_eq!(read.certificate(), alice.certificate());
    assert_eq!(alice.certificate().addresses(), ["alice@example.org"]);
    let certificate = Certificate::from_bytes(alice.certificate().to_armored().as_bytes()).unwrap();
    assert_eq!(&certificate, alice.certificate());
    assert!(!format!("{alice:?}").contains("secret"));
    let refused = TransferableSecretKey::from_bytes(&certificate.to_bytes()).unwrap_err();
    assert_eq!(refused, ParseSecretKeyError::Malformed);
}

#[test]
fn keys_are_locked_for_the_way_and_unlocked_again() {
    let alice = account("alice", 50);
    for readers in [Readers::Rfc9580, Readers::Rfc4880] {
        let locked = alice.lock(b"correct horse", readers, &mut rng(69)).unwrap();
        let refused = TransferableSecretKey::from_bytes(&locked).unwrap_err();
        assert_eq!(refused, ParseSecretKeyError::Locked);
        let unlock = |passphrase: &[u8]| {
            TransferableSecretKey::unlock(&locked, passphrase, &Limits::DEFAULT)
        };
        assert_eq!(
            unlock(b"wrong horse").unwrap_err(),
            UnlockError::WrongPassword
        );
        let unlocked = unlock(b"correct horse").unwrap();
        assert_eq!(*unlocked.to_bytes().unwrap(), *alice.to_bytes().unwrap());
    }
    let refused = alice.lock(b"", Readers::Rfc9580, &mut rng(69)).unwrap_err();
    assert_eq!(refused, LockError::EmptyPassphrase);
}

#[test]
fn keys_are_made_for_addresses_only() {
    for address in [
        "",
        "alice",
        "@example.org",
        "alice@",
        "a b@example.org",
        "alice@example.org>",
        "a\n@example.org",
    ] {
        let refused = TransferableSecretKey::generate(address, NOW, &mut rng(68)).unwrap_err();
        assert_eq!(refused, GenerateError::MalformedAddress, "{address:?}");
    }
}

#[test]
fn the_same_generator_makes_the_same_keys() {
    assert_eq!(
        account("alice", 50).fingerprint(),
        account("alice", 50).fingerprint()
    );
    assert_ne!(
        account("alice", 50).fingerprint(),
        account("alice", 51).fingerprint()
    );
}

#[test]
fn several_keys_are_read_in_their_order() {
    let (alice, bob) = (account("alice", 50), account("bob", 51));
    let both = [&**alice.to_bytes().unwrap(), &**bob.to_bytes().unwrap()].concat();
    let read = TransferableSecretKey::all_from_bytes(&both).unwrap();
    let fingerprints: Vec<_> = read
        .iter()
        .map(TransferableSecretKey::fingerprint)
        .collect();
    assert_eq!(fingerprints, [alice.fingerprint(), bob.fingerprint()]);
    for broken in [&both[..both.len() - 1], &[][..], b"text"] {
        assert!(TransferableSecretKey::all_from_bytes(broken).is_err());
    }
}

#[test]
fn renewed_keys_have_the_same_fingerprint_and_read_what_was_and_what_comes() {
    let (alice, bob) = (account("alice", 50), account("bob", 51));
    let later = UnixSeconds::new(NOW.get() + 86_400);
    let renewed = alice.renewed(later, &mut rng(70)).unwrap();
    assert_eq!(renewed.fingerprint(), alice.fingerprint());

    let write = |key: &TransferableSecretKey, at| {
        let reader = key.certificate().usable_at(at).unwrap();
        assert!(reader.is_post_quantum());
        encrypt_and_sign(b"text", &bob, &[reader], at, &mut rng(71)).unwrap()
    };
    let (old, new) = (write(&alice, NOW), write(&renewed, later));
    assert!(decrypt(&old, &renewed, &Limits::DEFAULT).is_ok());
    assert!(decrypt(&new, &renewed, &Limits::DEFAULT).is_ok());
    let refused = decrypt(&new, &alice, &Limits::DEFAULT).unwrap_err();
    assert_eq!(refused, DecryptError::NoMatchingKey);

    let listed = renewed.certificate().keys(later);
    let uses: Vec<_> = listed
        .iter()
        .map(|key| (key.algorithm, key.signs, key.encrypts))
        .collect();
    assert_eq!(
        uses,
        [
            ("Ed25519", true, false),
            ("ECDH", false, false),
            ("ML-KEM-768 with X25519", false, false),
            ("ECDH", false, true),
            ("ML-KEM-768 with X25519", false, true),
        ]
    );
    assert!(listed[0].is_primary && listed[0].fingerprint == alice.fingerprint());
    assert!(listed[1].created < NOW && listed[3].created == later);
    // Before they were renewed, the old ones were good.
    assert!(renewed.certificate().keys(NOW)[2].encrypts);
}

#[test]
fn keys_are_renewed_as_often_as_there_is_room() {
    let mut keys = account("alice", 50);
    for _ in 0..19 {
        keys = keys.renewed(NOW, &mut rng(72)).unwrap();
    }
    assert_eq!(
        keys.renewed(NOW, &mut rng(72)).unwrap_err(),
        RenewError::TooManySubkeys
    );
    assert!(keys.certificate().to_bytes().len() < 60_000);
    assert!(keys.to_bytes().unwrap().len() < 60_000);
    assert_eq!(
        Certificate::from_bytes(&keys.certificate().to_bytes()).unwrap(),
        *keys.certificate()
    );
}
