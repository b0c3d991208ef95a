//! Keys and values as they are on disks out there. A failure here means that stored data can no longer be read: make a
//! new layout or record version instead.

use crate::store::StoreError;
use crate::store::layout::{self, Ending, StreamId};
use crate::store::records::{
    AccountRecord, BlobRecord, ChangeRecord, CredentialRecord, HoldingRecord, IdempotencyRecord,
    ItemRecord, MailboxRecord, PartsRecord, PasskeyRecord, Record, SessionRecord, SessionsRecord,
    StateRecord, UsageRecord,
};
use smail_protocol::{
    AccountId, BlobId, CredentialKind, IdempotencyKey, ItemId, MailboxId, ObjectId, PasskeyId,
    SessionId,
};
use std::fmt::Debug;

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// `count` times the byte `aa`, `bb` and so on.
fn repeated(byte: &str, count: usize) -> String {
    byte.repeat(count)
}

#[test]
fn keys_stay_as_they_are() {
    let (a, b) = (
        AccountId::from_bytes([0xaa; 16]),
        BlobId::from_sha256([0xbb; 32]),
    );
    let item = ItemId::from_bytes([0xcc; 16]);
    let mailbox = MailboxId::from_bytes([0xdd; 16]);
    let (aa, bb, cc, dd) = (
        repeated("aa", 16),
        repeated("bb", 32),
        repeated("cc", 16),
        repeated("dd", 16),
    );
    let arrival = "0000000000000102";
    let keys = [
        (layout::layout_version(), "76".to_owned()),
        (layout::server_setup(), "7a".to_owned()),
        (
            layout::username(&"bob".parse().unwrap()),
            "6e626f62".to_owned(),
        ),
        (layout::account(a), format!("61{aa}")),
        (layout::certificate(a), format!("63{aa}")),
        (layout::keyring(a), format!("6b{aa}")),
        (
            layout::credential(a, CredentialKind::Password),
            format!("70{aa}01"),
        ),
        (
            layout::credential(a, CredentialKind::Recovery),
            format!("70{aa}02"),
        ),
        (
            layout::passkey(a, PasskeyId::from_bytes([0xcc; 16])),
            format!("50{aa}{cc}"),
        ),
        (layout::newest_seq(a), format!("71{aa}")),
        (layout::change(a, 0x0102), format!("67{aa}{arrival}")),
        (layout::sessions_record(a), format!("65{aa}")),
        (
            layout::session_by_id(a, SessionId::from_bytes([0xcc; 16])),
            format!("73{aa}{cc}"),
        ),
        (layout::session_by_token(&[0xbb; 32]), format!("74{bb}")),
        (layout::mailbox(a, mailbox), format!("6d{aa}{dd}")),
        (
            layout::listing(a, mailbox, 0x0102, item),
            format!("6c{aa}{dd}{arrival}{cc}"),
        ),
        (layout::item(a, item), format!("69{aa}{cc}")),
        (layout::parts(a, item), format!("79{aa}{cc}")),
        (
            layout::state_object(a, ObjectId::from_bytes([0xcc; 16])),
            format!("6f{aa}{cc}"),
        ),
        (layout::blob(b), format!("62{bb}")),
        (layout::holding(a, b), format!("68{aa}{bb}")),
        (layout::usage(a), format!("75{aa}")),
        (
            layout::chunk(StreamId([0xcc; 16]), 0x0102),
            format!("64{cc}00000102"),
        ),
        (
            layout::idempotency(a, IdempotencyKey::from_bytes([0xcc; 16])),
            format!("72{aa}{cc}"),
        ),
        (
            layout::ending(0x0102, Ending::Session([0xbb; 32])),
            format!("78{arrival}01{bb}"),
        ),
        (
            layout::ending(0x0102, Ending::Claim(a, b)),
            format!("78{arrival}02{aa}{bb}"),
        ),
        (
            layout::ending(0x0102, Ending::Stream(StreamId([0xcc; 16]))),
            format!("78{arrival}03{cc}"),
        ),
        (
            layout::ending(
                0x0102,
                Ending::Idempotency(a, IdempotencyKey::from_bytes([0xcc; 16])),
            ),
            format!("78{arrival}04{aa}{cc}"),
        ),
    ];
    for (key, frozen) in keys {
        assert_eq!(hex(&key), frozen);
    }
}

#[test]
fn endings_are_read_as_they_were_written() {
    let a = AccountId::from_bytes([1; 16]);
    let endings = [
        Ending::Session([2; 32]),
        Ending::Claim(a, BlobId::from_sha256([3; 32])),
        Ending::Stream(StreamId([4; 16])),
        Ending::Idempotency(a, IdempotencyKey::from_bytes([5; 16])),
    ];
    for ending in endings {
        assert_eq!(layout::ending_of(&layout::ending(9, ending)), Some(ending));
    }
    for other in [
        &b"x"[..],
        b"x\0\0\0\0\0\0\0\x09\x07",
        b"x\0\0\0\0\0\0\0\x09\x01short",
    ] {
        assert_eq!(layout::ending_of(other), None);
    }
}

fn frozen<R: Record + PartialEq + Debug>(record: &R, stored: &str) {
    let bytes = record.encode().unwrap();
    assert_eq!(hex(&bytes), stored.replace(' ', ""));
    assert_eq!(R::decode(&bytes).as_ref(), Ok(record));
    assert_eq!(
        R::decode(&[&bytes[..], &[0]].concat()),
        Err(StoreError::Corrupt),
        "a byte too many"
    );
    assert_eq!(
        R::decode(&bytes[..bytes.len() - 1]),
        Err(StoreError::Corrupt),
        "a byte too few"
    );
    let other_version = [&[bytes[0] + 1], &bytes[1..]].concat();
    assert_eq!(
        R::decode(&other_version),
        Err(StoreError::Corrupt),
        "another version"
    );
}

#[test]
fn account_records_stay_as_they_are() {
    let account = AccountRecord {
        username: "bob".to_owned(),
        inbox: [0xdd; 16],
        mailboxes: 300,
        credential_version: 1,
        change_seq: Some(7),
    };
    frozen(
        &account,
        &format!("01 03626f62 {} ac02 01 0107", repeated("dd", 16)),
    );
    let credential = CredentialRecord {
        version: 2,
        registration_record: vec![0xee; 3],
        memory_kib: 65_536,
        iterations: 3,
        parallelism: 4,
        wrapped_account_key: vec![0xff; 2],
    };
    frozen(&credential, "01 02 03eeeeee 808004 03 04 02ffff");
}

#[test]
fn passkey_records_stay_as_they_are() {
    let passkey = PasskeyRecord {
        credential_id: vec![0xcc; 3],
        transports: 0x20,
        user_handle: [0xdd; 32],
        origin: "https://a".to_owned(),
        key: vec![0xee; 2],
        state: [1, 0, 7, 0, 0, 0, 2],
        added_ms: 300,
        used_ms: Some(1),
    };
    let handle = repeated("dd", 32);
    let origin = hex(b"https://a");
    frozen(
        &passkey,
        &format!("01 03cccccc 20 {handle} 09{origin} 02eeee 01000700000002 ac02 0101"),
    );
}

#[test]
fn session_records_stay_as_they_are() {
    frozen(&SessionsRecord { made: 5 }, "01 05");
    let session = SessionRecord {
        session: [0xcc; 16],
        account: [0xaa; 16],
        by_recovery: true,
        client: "Firefox".to_owned(),
        created_ms: 300,
        used_ms: 1,
        resume: Some(vec![0xee; 2]),
    };
    let ids = repeated("cc", 16) + &repeated("aa", 16);
    frozen(
        &session,
        &format!("01 {ids} 01 07{} ac02 01 0102eeee", hex(b"Firefox")),
    );
}

#[test]
fn mail_records_stay_as_they_are() {
    frozen(&MailboxRecord { total: 300 }, "01 ac02");
    let item = ItemRecord {
        mailbox: [0xdd; 16],
        blob: [0xbb; 32],
        size_bytes: 300,
        arrival_ms: 1_790_000_000_000,
        version: 1,
        change_seq: 2,
        sealed: None,
    };
    let parts = PartsRecord {
        blobs: vec![[0xbb; 32], [0xcc; 32]],
    };
    frozen(
        &parts,
        &format!("01 02 {} {}", repeated("bb", 32), repeated("cc", 32)),
    );
    let fields = repeated("dd", 16) + &repeated("bb", 32);
    frozen(&item, &format!("01 {fields} ac02 80d8c1a28c34 01 02 00"));
    frozen(
        &StateRecord {
            version: 1,
            change_seq: 2,
            sealed: vec![0xee; 2],
        },
        "01 01 02 02eeee",
    );
    let id = repeated("cc", 16);
    frozen(&ChangeRecord::Item([0xcc; 16]), &format!("01 00 {id}"));
    frozen(
        &ChangeRecord::ItemRemoved([0xcc; 16]),
        &format!("01 01 {id}"),
    );
    frozen(&ChangeRecord::State([0xcc; 16]), &format!("01 02 {id}"));
    frozen(
        &ChangeRecord::StateRemoved([0xcc; 16]),
        &format!("01 03 {id}"),
    );
    frozen(&ChangeRecord::Account, "01 04");
}

#[test]
fn blob_records_stay_as_they_are() {
    frozen(
        &BlobRecord {
            stream: [0xcc; 16],
            size_bytes: 300,
            holders: 2,
        },
        &format!("01 {} ac02 02", repeated("cc", 16)),
    );
    frozen(
        &HoldingRecord {
            items: 1,
            claimed_ms: None,
        },
        "01 01 00",
    );
    frozen(
        &HoldingRecord {
            items: 0,
            claimed_ms: Some(300),
        },
        "01 00 01ac02",
    );
    frozen(&UsageRecord { bytes: 300 }, "01 ac02");
    let delivery = IdempotencyRecord {
        request_sha256: [0xbb; 32],
        size_bytes: 300,
        delivered_ms: 1,
        seq: 2,
    };
    frozen(&delivery, &format!("01 {} ac02 01 02", repeated("bb", 32)));
}
