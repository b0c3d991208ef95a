//! Mail brought in that is encrypted as it was where it came from.

use crate::keys::{PASSPHRASE, old_key};
use crate::support::{ALICE, Party, World, deliver};
use futures_executor::block_on;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng as _;
use smail_crypto_core::UnixSeconds;
use smail_crypto_core::openpgp::{ArmorKind, TransferableSecretKey, armor, encrypt};
use smail_mail_core::Brought;
use smail_mail_core::message::Note;
use smail_mail_core::views::{FolderRole, MessageView};

/// In armor, encrypted to this key.
fn sealed(key: &TransferableSecretKey, text: &str) -> String {
    let reader = key.certificate();
    let reader = reader.usable_at(UnixSeconds::new(1_600_000_001)).unwrap();
    let rng = &mut ChaCha20Rng::from_seed([8; 32]);
    let ciphertext = encrypt(text.as_bytes(), &[reader], rng).unwrap();
    armor(ArmorKind::Message, &ciphertext).replace('\n', "\r\n")
}

fn pgp_mime(ciphertext: &str) -> String {
    format!(
        "From: carol@example.net\r\nTo: alice@example.net\r\nSubject: outside\r\nMIME-Version: 1.0\r\n\
        Content-Type: multipart/encrypted; protocol=\"application/pgp-encrypted\"; boundary=b\r\n\r\n\
        --b\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n\
        --b\r\nContent-Type: application/octet-stream; name=encrypted.asc\r\n\r\n{ciphertext}\r\n--b--\r\n"
    )
}

fn inline(ciphertext: &str) -> String {
    format!("From: carol@example.net\r\nSubject: outside\r\n\r\n{ciphertext}\r\n")
}

impl Party {
    fn bring(&self, entity: &str) -> MessageView {
        let row = block_on(self.client.bring(&Brought {
            folder_id: &self.folder(FolderRole::Archive),
            message: entity.as_bytes(),
            unread: false,
            starred: false,
            arrived_ms: 1_600_000_100_000,
        }));
        self.read(&row.unwrap())
    }

    fn read_again(&self, view: &MessageView) -> MessageView {
        block_on(self.client.read(&view.id, |_| {})).unwrap()
    }
}

#[test]
fn it_is_read_with_the_key_that_it_is_encrypted_to() {
    let alice = Party::sign_up(&World::new(), ALICE);
    let (key, file) = old_key();
    let entity = "Content-Type: multipart/mixed; boundary=c\r\n\r\n\
        --c\r\nContent-Type: text/plain\r\n\r\nold mail\r\n\
        --c\r\nContent-Type: text/csv\r\nContent-Disposition: attachment; filename=a.csv\r\n\r\n1,2\r\n--c--\r\n";
    let mime = alice.bring(&pgp_mime(&sealed(&key, entity)));
    let text = alice.bring(&inline(&sealed(&key, "caf\u{e9}, long ago")));
    let other_key = Note::OtherKey.sentence();
    for view in [&mime, &text] {
        assert!(view.notes.iter().any(|note| note == other_key), "{view:?}");
        assert!(
            !view
                .notes
                .iter()
                .any(|note| note == Note::NoText.sentence())
        );
    }

    block_on(alice.client.bring_key(&file, PASSPHRASE)).unwrap();
    let mime = alice.read_again(&mime);
    assert_eq!(
        (&*mime.subject, mime.text.trim_end()),
        ("outside", "old mail")
    );
    assert_eq!(mime.from.address, "carol@example.net");
    assert_eq!(mime.attachments[0].name, "a.csv");
    let octets = block_on(alice.client.attachment(&mime.id, 0, |_| {})).unwrap();
    assert_eq!(octets, b"1,2");
    let text = alice.read_again(&text);
    assert_eq!(text.text.trim_end(), "caf\u{e9}, long ago");
    for view in [&mime, &text] {
        assert!(!view.security.encrypted);
        assert!(!view.notes.iter().any(|note| note == other_key));
    }

    // It is given out as it came, and comes in again.
    for (view, inside) in [(&mime, "old mail"), (&text, "long ago")] {
        let out = block_on(alice.client.source(&view.id)).unwrap();
        let out = String::from_utf8(out).unwrap();
        assert!(out.starts_with("From: carol@example.net\r\n"), "{out}");
        assert!(out.contains("BEGIN PGP MESSAGE"));
        assert!(!out.contains(inside));
        assert!(alice.bring(&out).text.contains(inside));
    }

    // What is brought after the key is known for what it is at once.
    let again = alice.bring(&inline(&sealed(&key, "a third")));
    let rows = alice.rows(FolderRole::Archive);
    let row = rows.iter().find(|row| row.id == again.id).unwrap();
    assert_eq!(row.snippet, "a third");
}

#[test]
fn what_others_send_is_opened_once() {
    let world = World::new();
    let alice = Party::sign_up(&world, ALICE);
    let (key, file) = old_key();
    block_on(alice.client.bring_key(&file, PASSPHRASE)).unwrap();
    for entity in [
        inline(&sealed(&key, "secret")),
        pgp_mime(&sealed(&key, "Content-Type: text/plain\r\n\r\nsecret")),
    ] {
        let item = deliver(&world, "alice", entity.as_bytes());
        let view = block_on(alice.client.read(&item, |_| {})).unwrap();
        assert!(!view.text.contains("secret"));
    }
}
