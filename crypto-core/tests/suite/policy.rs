//! What a usable certificate says: addresses that its key vouches for. What makes one unusable is in the matrix.

use crate::forge::{DAY_S, Forge, MADE, UNCHANGED, day};
use smail_crypto_core::openpgp::CertificateError;

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
