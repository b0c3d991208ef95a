//! Delivers what no client of ours would send.

use crate::http::Http;
use anyhow::Context as _;
use rand::RngCore as _;
use rand::rngs::OsRng;
use smail_protocol::{
    AccountView, BlobReceipt, Bytes, DeliverRequest, DeliverResponse, Delivery, IdempotencyKey,
    ItemId, LookupRequest, LookupResponse, SentCopy, Username, routes,
};

/// Looks the recipient's certificate up, makes a message for it, and delivers that as it is. The client is logged in.
///
/// # Errors
/// What the server says, or what making the message says.
pub fn deliver(
    mallory: &Http,
    to: &Username,
    make: impl FnOnce(&[u8]) -> anyhow::Result<Vec<u8>>,
) -> anyhow::Result<DeliverResponse> {
    let lookup = LookupRequest {
        usernames: vec![to.clone()],
    };
    let found: LookupResponse = mallory.json("POST", routes::DIRECTORY_LOOKUP, &lookup)?;
    let entry = found.found.first().context("no such recipient")?;
    let message = make(entry.certificate.as_slice())?;
    let blob_id = mallory
        .octets::<BlobReceipt>(routes::BLOBS, &message)?
        .blob_id;
    let account: AccountView = mallory.get(routes::ACCOUNT)?;
    let request = DeliverRequest {
        idempotency_key: IdempotencyKey::from_bytes(random()),
        deliveries: vec![Delivery {
            blob_id,
            recipients: vec![to.clone()],
        }],
        sent: SentCopy {
            item_id: ItemId::from_bytes(random()),
            mailbox_id: account.inbox,
            blob_id,
            sealed: Bytes::from(vec![1; 64]),
        },
        draft: None,
        parts: Vec::new(),
    };
    mallory.json("POST", routes::DELIVER, &request)
}

fn random() -> [u8; 16] {
    let mut bytes = [0; 16];
    OsRng.fill_bytes(&mut bytes);
    bytes
}
