//! Every stored format of version 1, frozen: what a client wrote once must open for good.
//!
//! `vectors/format-v1/envelopes.txt` holds what `written` gave when the format was fixed. It is never
//! changed; a new format version gets a file of its own.

use crate::common::{Scripted, Vectors, rng, to_hex};
use smail_crypto_core::envelope::{self, Binding, Kind};
use smail_crypto_core::openpgp::TransferableSecretKey;
use smail_crypto_core::{
    AccountKey, EnvelopeKey, ExportKey, Object, Owner, RecoveryCode, ResumeSecret,
};
use std::fmt::Write as _;

const FROZEN: &str = include_str!("../vectors/format-v1/envelopes.txt");
const KEYRING: &str = include_str!("../vectors/format-v1/keyring.asc");

const OWNER: Owner = Owner([0xa1; 16]);
const OBJECT: Object = Object([0xb2; 16]);
const VERSION: u64 = 7;
const RECOVERY_CODE: &str = "TQ4G5-03Y6G-Q1X9B-7Y7VA-PYNB7-PVNCE";

const KINDS: [(&str, Kind); 7] = [
    ("wrapped-account-key", Kind::WrappedAccountKey),
    ("keyring", Kind::Keyring),
    ("item", Kind::Item),
    ("state", Kind::State),
    ("draft", Kind::Draft),
    ("resume", Kind::Resume),
    ("index", Kind::Index),
];

fn account_key() -> AccountKey {
    AccountKey::generate(&mut Scripted::new(&[&[0xc3; 32]]))
}

fn export_key() -> ExportKey {
    ExportKey::from_slice(&[0xd4; 64]).unwrap()
}

fn resume_secret() -> ResumeSecret {
    ResumeSecret::from_slice(&[0xe5; 32]).unwrap()
}

fn binding(kind: Kind) -> Binding {
    Binding {
        kind,
        owner: OWNER,
        object: OBJECT,
        version: VERSION,
    }
}

fn content(name: &str) -> Vec<u8> {
    format!("the content of {name}").into_bytes()
}

/// What this version of the program writes.
fn written() -> String {
    let mut text = String::from(
        "# Sealed envelopes of format version 1, and ids derived from the account key.\n",
    );
    let mut line = |name: &str, bytes: &[u8]| writeln!(text, "{name}: {}", to_hex(bytes)).unwrap();
    let account_key = account_key();
    let code = RecoveryCode::parse(RECOVERY_CODE).unwrap();
    line(
        "wrap-password",
        &account_key
            .wrap_under_export_key(&export_key(), OWNER, &mut rng(1))
            .unwrap(),
    );
    line(
        "wrap-recovery",
        &account_key
            .wrap_under_recovery_code(&code, OWNER, &mut rng(2))
            .unwrap(),
    );
    line(
        "wrap-resume",
        &account_key
            .wrap_under_resume_secret(&resume_secret(), OWNER, &mut rng(3))
            .unwrap(),
    );
    line("object-id-folders", &account_key.object_id("folders").0);
    for (name, kind) in KINDS {
        let key = EnvelopeKey::from_slice(&[0xf6; 32]).unwrap();
        let sealed = envelope::seal(&key, &binding(kind), &content(name), &mut rng(4)).unwrap();
        line(&format!("kind-{name}"), &sealed);
    }
    for (name, key) in derived_keys(&account_key) {
        let sealed =
            envelope::seal(&key, &binding(Kind::State), &content(name), &mut rng(5)).unwrap();
        line(&format!("key-{name}"), &sealed);
    }
    text
}

fn derived_keys(account_key: &AccountKey) -> [(&'static str, EnvelopeKey); 3] {
    [
        ("keyring", account_key.keyring_key()),
        ("state", account_key.state_key()),
        ("index", account_key.index_key()),
    ]
}

#[test]
fn written_as_frozen() {
    assert_eq!(written(), FROZEN);
}

#[test]
fn frozen_envelopes_open() {
    let frozen = Vectors::parse(FROZEN);
    let key = EnvelopeKey::from_slice(&[0xf6; 32]).unwrap();
    for (name, kind) in KINDS {
        let opened =
            envelope::open(&key, &binding(kind), &frozen.get(&format!("kind-{name}"))).unwrap();
        assert_eq!(*opened, content(name));
    }
}

#[test]
fn frozen_wrappings_open_to_the_same_account_key() {
    let frozen = Vectors::parse(FROZEN);
    let code = RecoveryCode::parse(RECOVERY_CODE).unwrap();
    let unwrapped = [
        AccountKey::unwrap_with_export_key(&export_key(), OWNER, &frozen.get("wrap-password")),
        AccountKey::unwrap_with_recovery_code(&code, OWNER, &frozen.get("wrap-recovery")),
        AccountKey::unwrap_with_resume_secret(&resume_secret(), OWNER, &frozen.get("wrap-resume")),
    ];
    for account_key in unwrapped {
        let account_key = account_key.unwrap();
        assert_eq!(
            account_key.object_id("folders").0.as_slice(),
            frozen.get("object-id-folders")
        );
        for (name, key) in derived_keys(&account_key) {
            let sealed = frozen.get(&format!("key-{name}"));
            assert_eq!(
                *envelope::open(&key, &binding(Kind::State), &sealed).unwrap(),
                content(name)
            );
        }
    }
}

#[test]
fn a_frozen_keyring_is_read() {
    let keys = TransferableSecretKey::from_bytes(KEYRING.as_bytes()).unwrap();
    assert_eq!(keys.certificate().addresses(), ["alice@example.org"]);
    let again = TransferableSecretKey::from_bytes(&keys.to_bytes().unwrap()).unwrap();
    assert_eq!(again.fingerprint(), keys.fingerprint());
}
