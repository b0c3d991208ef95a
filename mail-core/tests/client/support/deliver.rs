//! Delivers what no client of ours would write: any entity, encrypted to its reader and signed by a key that nobody knows.

use super::world::World;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use sha2::{Digest, Sha256};
use smail_crypto_core::UnixSeconds;
use smail_crypto_core::openpgp::{Certificate, TransferableSecretKey, encrypt_and_sign};
use smail_protocol::{BlobId, ChangedObject, Item, ItemId};
use std::cell::RefCell;
use std::rc::Rc;

/// Puts it into somebody's inbox; gives the item's id.
pub fn deliver(world: &Rc<RefCell<World>>, username: &str, entity: &[u8]) -> String {
    let mut world = world.borrow_mut();
    let now_ms = world.tick();
    let now = UnixSeconds::from_ms(now_ms);
    let mut rng = ChaCha20Rng::seed_from_u64(world.rng.next_u64());
    let signer = TransferableSecretKey::generate("mallory@example.org", now, &mut rng).unwrap();
    let certificate = world.data(username).certificate.clone();
    let reader = Certificate::from_bytes(certificate.as_slice()).unwrap();
    let readers = [reader.usable_at(now).unwrap()];
    let blob = encrypt_and_sign(entity, &signer, &readers, now, &mut rng).unwrap();
    put_blob(&mut world, username, blob)
}

/// Puts a ciphertext as it is into somebody's inbox; gives the item's id.
pub fn deliver_blob(world: &Rc<RefCell<World>>, username: &str, blob: Vec<u8>) -> String {
    put_blob(&mut world.borrow_mut(), username, blob)
}

fn put_blob(world: &mut World, username: &str, blob: Vec<u8>) -> String {
    let blob_id = BlobId::from_sha256(Sha256::digest(&blob).into());
    let mut id = [0; 16];
    world.rng.fill_bytes(&mut id);
    let arrival_ms = world.tick();
    let item = Item {
        item_id: ItemId::from_bytes(id),
        mailbox_id: world.data(username).inbox,
        blob_id,
        size_bytes: blob.len() as u64,
        arrival_ms,
        version: 1,
        sealed: None,
    };
    world.blobs.insert(blob_id, blob);
    let data = world.data(username);
    data.items.insert(item.item_id, item.clone());
    data.note(ChangedObject::Item { item: item.clone() });
    item.item_id.to_string()
}
