//! Blobs: upload, download, who may read, what is kept once, what goes.

use super::fixture::{DAY_MS, NOW_MS, keys_with_prefix, on_every_store, read_blob};
use crate::store::engine::Batch;
use crate::store::layout::{self, Ending, StreamId};
use crate::store::records::{BlobRecord, Record as _};
use crate::store::{FinishBlobError, Store, StoreError};
use sha2::{Digest as _, Sha256};
use smail_protocol::BlobId;

fn octets(len: usize) -> Vec<u8> {
    (0..len).map(|n| u8::try_from(n % 253).unwrap()).collect()
}

#[test]
fn blobs_of_every_size_come_back_as_they_went() {
    on_every_store(|store, alice, _| {
        for len in [
            0, 1, 3_455, 3_456, 3_457, 221_183, 221_184, 221_185, 700_000,
        ] {
            let octets = octets(len);
            let mut writer = store.blob_writer(alice.account, NOW_MS).unwrap();
            octets
                .chunks(10_007)
                .for_each(|piece| writer.write(piece).unwrap());
            let receipt = writer.finish(None).unwrap();
            assert_eq!(
                receipt.blob_id,
                BlobId::from_sha256(Sha256::digest(&octets).into())
            );
            assert_eq!(receipt.size_bytes, len as u64);
            assert_eq!(
                read_blob(store, alice, receipt.blob_id),
                Some(octets),
                "{len} octets"
            );
        }
    });
}

#[test]
fn only_its_uploader_reads_a_blob_that_no_item_names() {
    on_every_store(|store, alice, bob| {
        let blob = alice.upload(store, b"alice's own");
        assert!(read_blob(store, alice, blob).is_some());
        assert_eq!(read_blob(store, bob, blob), None);
    });
}

#[test]
fn a_wrong_digest_leaves_nothing() {
    on_every_store(|store, alice, _| {
        for len in [100, 500_000] {
            let mut writer = store.blob_writer(alice.account, NOW_MS).unwrap();
            writer.write(&octets(len)).unwrap();
            let announced = Some(BlobId::from_sha256([1; 32]));
            assert_eq!(
                writer.finish(announced),
                Err(FinishBlobError::DigestMismatch)
            );
        }
        store.sweep(NOW_MS).unwrap();
        assert_eq!(
            keys_with_prefix(store, b'd') + keys_with_prefix(store, b'x'),
            0
        );
    });
}

#[test]
fn an_upload_that_is_dropped_leaves_nothing() {
    on_every_store(|store, alice, _| {
        let mut writer = store.blob_writer(alice.account, NOW_MS).unwrap();
        writer.write(&octets(500_000)).unwrap();
        assert!(keys_with_prefix(store, b'd') > 0);
        drop(writer);
        assert_eq!(store.sweep(NOW_MS).unwrap().streams, 1);
        assert_eq!(
            keys_with_prefix(store, b'd') + keys_with_prefix(store, b'x'),
            0
        );
    });
}

#[test]
fn an_upload_that_the_sweep_took_is_not_acknowledged() {
    on_every_store(|store, alice, _| {
        let mut writer = store.blob_writer(alice.account, NOW_MS).unwrap();
        writer.write(&octets(500_000)).unwrap();
        assert_eq!(store.sweep(NOW_MS + DAY_MS).unwrap().streams, 1);
        writer.write(&octets(500_000)).unwrap();
        assert_eq!(
            writer.finish(None),
            Err(FinishBlobError::Store(StoreError::Unavailable))
        );
        store.sweep(NOW_MS).unwrap();
        assert_eq!(
            keys_with_prefix(store, b'd') + keys_with_prefix(store, b'b'),
            0
        );
    });
}

#[test]
fn the_same_octets_are_kept_once() {
    on_every_store(|store, alice, bob| {
        let letter = octets(500_000);
        let blob = alice.upload(store, &letter);
        let chunks = keys_with_prefix(store, b'd');
        assert_eq!(bob.upload(store, &letter), blob);
        assert_eq!(alice.upload(store, &letter), blob);
        assert_eq!(keys_with_prefix(store, b'd'), chunks);
        assert_eq!(read_blob(store, bob, blob), Some(letter));
    });
}

#[test]
fn a_blob_stays_until_its_last_holder_lets_go() {
    on_every_store(|store, alice, bob| {
        let blob = alice.send(store, 1, &octets(400_000), &[bob]);
        store
            .delete_item(alice.account, super::fixture::item_id(1), 1)
            .unwrap();
        assert_eq!(read_blob(store, alice, blob), None);
        assert_eq!(read_blob(store, bob, blob), Some(octets(400_000)));
        let received = store
            .item_page(bob.account, bob.inbox, None, 1)
            .unwrap()
            .items
            .remove(0);
        store.delete_item(bob.account, received.item_id, 1).unwrap();
        assert_eq!(read_blob(store, bob, blob), None);
        assert_eq!(
            keys_with_prefix(store, b'd') + keys_with_prefix(store, b'b'),
            0
        );
    });
}

#[test]
fn a_reader_of_a_blob_that_is_removed_is_told() {
    on_every_store(|store, alice, bob| {
        alice.send(store, 1, &octets(700_000), &[]);
        let item = store
            .item(alice.account, super::fixture::item_id(1))
            .unwrap()
            .unwrap();
        let mut reader = store
            .blob_reader(alice.account, item.blob_id)
            .unwrap()
            .unwrap();
        assert!(reader.next().unwrap().is_ok());
        store.delete_item(alice.account, item.item_id, 1).unwrap();
        assert_eq!(reader.next(), Some(Err(StoreError::Unavailable)));
        assert_eq!(reader.next(), None);
        assert_eq!(read_blob(store, bob, item.blob_id), None);
    });
}

fn stream_of(store: &Store, blob: BlobId) -> StreamId {
    let stored = store.engine().get(&layout::blob(blob)).unwrap().unwrap();
    StreamId(BlobRecord::decode(&stored).unwrap().stream)
}

#[test]
fn a_sweep_that_comes_too_late_leaves_a_finished_upload() {
    on_every_store(|store, alice, _| {
        let blob = alice.upload(store, &octets(500_000));
        let stream = stream_of(store, blob);
        let note = layout::ending(NOW_MS + DAY_MS, Ending::Stream(stream));
        assert_eq!(store.take_stream(stream, &note), Ok(false));
        assert!(read_blob(store, alice, blob).is_some());
    });
}

#[test]
fn a_flipped_bit_in_a_chunk_is_damage() {
    on_every_store(|store, alice, _| {
        let blob = alice.upload(store, &octets(10_000));
        let key = layout::chunk(stream_of(store, blob), 1);
        let mut chunk = store.engine().get(&key).unwrap().unwrap();
        chunk[100] ^= 1;
        let mut batch = Batch::default();
        batch.put(key, chunk);
        store.apply(&batch).unwrap();
        let read: Result<Vec<_>, _> = store
            .blob_reader(alice.account, blob)
            .unwrap()
            .unwrap()
            .collect();
        assert_eq!(read, Err(StoreError::Corrupt));
    });
}

#[test]
fn a_missing_chunk_is_damage() {
    on_every_store(|store, alice, _| {
        for missing in [0, 1, 2] {
            let blob = alice.upload(store, &octets(10_000 + missing as usize));
            let mut batch = Batch::default();
            batch.delete(layout::chunk(stream_of(store, blob), missing));
            store.apply(&batch).unwrap();
            let read: Result<Vec<_>, _> = store
                .blob_reader(alice.account, blob)
                .unwrap()
                .unwrap()
                .collect();
            assert_eq!(read, Err(StoreError::Corrupt), "chunk {missing}");
        }
    });
}
