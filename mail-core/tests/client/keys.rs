//! The account's keys: renewed, taken along, and joined by others.

use crate::support::{ALICE, BOB, Fault, Harm, Party, World, deliver_blob, draft, only_row};
use futures_executor::block_on;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng as _;
use smail_crypto_core::UnixSeconds;
use smail_crypto_core::openpgp::{Certificate, Limits, Readers, TransferableSecretKey, encrypt};
use smail_mail_core::CodedError;
use smail_mail_core::transport::Method;
use smail_mail_core::views::{FolderRole, LockedFor};

pub const PASSPHRASE: &str = "a passphrase for the way";

/// A key of another program, and a file that holds it.
pub fn old_key() -> (TransferableSecretKey, Vec<u8>) {
    let (made, rng) = (
        UnixSeconds::new(1_600_000_000),
        &mut ChaCha20Rng::from_seed([9; 32]),
    );
    let key = TransferableSecretKey::generate("alice@example.net", made, rng).unwrap();
    let file = key
        .lock(PASSPHRASE.as_bytes(), Readers::Rfc4880, rng)
        .unwrap();
    (key, file)
}

#[test]
fn renewed_keys_keep_their_fingerprint_and_every_session_reads_on() {
    let world = World::new();
    let (alice, bob) = (Party::sign_up(&world, ALICE), Party::sign_up(&world, BOB));
    let other = Party::log_in(&world, ALICE).unwrap();
    bob.send(draft(&["alice"], "before", "t")).unwrap();
    let before = alice.client.keyring().own;
    let renewed = block_on(alice.client.renew_keys()).unwrap().own;
    assert_eq!(renewed.fingerprint, before.fingerprint);
    assert_eq!((before.retired, renewed.retired), (0, 2));
    assert_eq!(renewed.encrypts_with, before.encrypts_with);

    // Bob has her fingerprint pinned, and hears of nothing.
    bob.send(draft(&["alice"], "after", "t")).unwrap();
    // The other session learns of the new keys before it meets what is encrypted to them.
    assert!(block_on(other.client.sync()).unwrap().account_changed);
    assert_eq!(other.client.keyring(), alice.client.keyring());
    for session in [&alice, &other, &Party::log_in(&world, ALICE).unwrap()] {
        let rows = session.rows(FolderRole::Inbox);
        assert_eq!(rows.len(), 2);
        for row in rows {
            assert_eq!(session.read(&row).text.trim_end(), "t");
        }
    }
}

#[test]
fn of_two_sessions_that_renew_both_have_their_way() {
    let world = World::new();
    let first = Party::sign_up(&world, ALICE);
    let second = Party::log_in(&world, ALICE).unwrap();
    block_on(first.client.renew_keys()).unwrap();
    // Refused, since the keyring is another one by now; made again on that one.
    let keyring = block_on(second.client.renew_keys()).unwrap();
    assert_eq!(keyring.own.retired, 4);
}

#[test]
fn a_login_of_long_ago_or_a_lost_answer_changes_nothing_here() {
    let world = World::new();
    let alice = Party::sign_up(&world, ALICE);
    world.borrow_mut().now_ms += 6 * 60 * 1_000;
    let stale = block_on(alice.client.renew_keys()).unwrap_err();
    assert_eq!(stale.code(), "fresh-login-required");
    block_on(alice.client.confirm_password(ALICE.1, |_| ())).unwrap();
    alice.wire.harm(Fault {
        method: Method::Put,
        path: smail_protocol::routes::KEYS,
        harm: Harm::AnswerLost,
        times: 9,
    });
    let lost = block_on(alice.client.renew_keys()).unwrap_err();
    assert_eq!(lost.code(), "change-unconfirmed");
    alice.wire.heal();
    // What the server has is what the next change goes back to.
    let keyring = block_on(alice.client.renew_keys()).unwrap();
    assert_eq!(keyring.own.retired, 4);
}

#[test]
fn a_key_from_another_program_reads_what_is_encrypted_to_it() {
    let world = World::new();
    let alice = Party::sign_up(&world, ALICE);
    let (key, file) = old_key();
    let reader = key
        .certificate()
        .usable_at(UnixSeconds::new(1_600_000_001))
        .unwrap();
    let text = b"From: alice@localhost\r\nSubject: old\r\n\r\nold mail";
    let ciphertext = encrypt(text, &[reader], &mut ChaCha20Rng::from_seed([8; 32])).unwrap();
    deliver_blob(&world, "alice", ciphertext);
    let row = only_row(alice.rows(FolderRole::Inbox));
    assert!(row.fault.is_some());

    let wrong = block_on(alice.client.bring_key(&file, "not it")).unwrap_err();
    assert_eq!(
        (wrong.code(), wrong.field()),
        ("unlock-wrong-password", Some("passphrase"))
    );
    let none = block_on(alice.client.bring_key(b"hello", PASSPHRASE)).unwrap_err();
    assert_eq!(none.field(), Some("file"));
    let keyring = block_on(alice.client.bring_key(&file, PASSPHRASE)).unwrap();
    assert_eq!(keyring.brought[0].addresses, ["alice@example.net"]);
    assert_eq!(keyring.own, alice.client.keyring().own);
    let again = block_on(alice.client.bring_key(&file, PASSPHRASE)).unwrap_err();
    assert_eq!(again.code(), "key-already-there");

    assert_eq!(alice.read(&row).text.trim_end(), "old mail");
    let other = Party::log_in(&world, ALICE).unwrap();
    assert_eq!(other.read(&row).text.trim_end(), "old mail");
    // Renewing leaves it there.
    let keyring = block_on(other.client.renew_keys()).unwrap();
    assert_eq!(keyring.brought.len(), 1);

    let fingerprint = keyring.brought[0].fingerprint.clone();
    let left = block_on(other.client.remove_brought_key(&fingerprint)).unwrap();
    assert_eq!(left.brought, []);
    let gone = block_on(other.client.remove_brought_key(&fingerprint)).unwrap_err();
    assert_eq!(gone.code(), "key-gone");
}

#[test]
fn keys_leave_locked_alone() {
    let world = World::new();
    let alice = Party::sign_up(&world, ALICE);
    let weak = alice
        .client
        .export_secret_keys("short", LockedFor::AnyProgram)
        .unwrap_err();
    assert_eq!(weak.field(), Some("passphrase"));
    for locked_for in [LockedFor::AnyProgram, LockedFor::NewPrograms] {
        let text = alice
            .client
            .export_secret_keys(PASSPHRASE, locked_for)
            .unwrap();
        assert!(text.starts_with("-----BEGIN PGP PRIVATE KEY BLOCK-----"));
        assert!(TransferableSecretKey::from_bytes(text.as_bytes()).is_err());
        let key =
            TransferableSecretKey::unlock(text.as_bytes(), PASSPHRASE.as_bytes(), &Limits::DEFAULT)
                .unwrap();
        let certificate = alice.client.export_certificate();
        let certificate = Certificate::from_bytes(certificate.as_bytes()).unwrap();
        assert_eq!(key.fingerprint(), certificate.fingerprint());
        assert_eq!(
            *key.certificate() == certificate,
            locked_for == LockedFor::NewPrograms,
            "other programs get no keys that they do not know"
        );
    }
}
