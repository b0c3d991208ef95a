//! The keys of an account: made, stored, read again.

use crate::accounts::{NOW, account};
use crate::common::rng;
use smail_crypto_core::openpgp::{
    Certificate, GenerateError, Limits, LockError, ParseSecretKeyError, Readers,
    TransferableSecretKey, UnlockError,
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
