//! Calls about mail: directory, blobs, items, state, delivery, changes.

use super::error::ApiError;
use super::exchange::Call;
use super::retry::Retry;
use crate::env::{Env, Randomness};
use crate::transport::{Method, Transport};
use smail_protocol::{
    BlobId, BlobReceipt, ChangePage, DeliverRequest, DeliverResponse, Item, ItemId, ItemPage,
    ItemWriteRequest, LookupRequest, LookupResponse, MailboxId, MailboxList, ObjectId, ProblemCode,
    ScheduleRequest, StateObject, StatePage, StateWriteRequest, Username, routes,
};

impl<T: Transport, R: Randomness> Env<T, R> {
    pub(crate) async fn directory_lookup(
        &self,
        usernames: Vec<Username>,
    ) -> Result<LookupResponse, ApiError> {
        let request = LookupRequest { usernames };
        self.call(Call::new(Method::Post, routes::DIRECTORY_LOOKUP, Retry::Safe).json(&request)?)
            .await
    }

    /// Uploads a blob. A blob is named by its content: the same upload twice is one blob.
    pub(crate) async fn blob_upload(&self, octets: Vec<u8>) -> Result<BlobReceipt, ApiError> {
        self.call(Call::new(Method::Post, routes::BLOBS, Retry::Safe).octets(octets))
            .await
    }

    /// The blob's octets as the server gives them: not yet checked against their name.
    pub(crate) async fn blob_download(&self, blob_id: BlobId) -> Result<Vec<u8>, ApiError> {
        let path = routes::BLOB.replace("{blob_id}", &blob_id.to_string());
        self.exchange(Call::new(Method::Get, path, Retry::Safe))
            .await
            .map(|response| response.body)
    }

    /// Gives up an upload that no item names. That it is gone already is success.
    pub(crate) async fn blob_abandon(&self, blob_id: BlobId) -> Result<(), ApiError> {
        let path = routes::BLOB.replace("{blob_id}", &blob_id.to_string());
        self.exchange(Call::new(Method::Delete, path, Retry::Safe))
            .await
            .map(drop)
    }

    /// Delivers. Tried again under its idempotency key, so that a lost answer does not deliver twice.
    pub(crate) async fn deliver(
        &self,
        request: &DeliverRequest,
    ) -> Result<DeliverResponse, ApiError> {
        self.call(Call::new(Method::Post, routes::DELIVER, Retry::Safe).json(request)?)
            .await
    }

    pub(crate) async fn mailboxes(&self) -> Result<MailboxList, ApiError> {
        self.call(Call::new(Method::Get, routes::MAILBOXES, Retry::Safe))
            .await
    }

    pub(crate) async fn mailbox_items(
        &self,
        mailbox_id: MailboxId,
        before: Option<&str>,
        limit: u32,
    ) -> Result<ItemPage, ApiError> {
        let mut path = routes::MAILBOX_ITEMS.replace("{mailbox_id}", &mailbox_id.to_string());
        path.push_str(&format!("?limit={limit}"));
        if let Some(cursor) = before {
            path.push_str("&before=");
            path.push_str(&query_escaped(cursor));
        }
        self.call(Call::new(Method::Get, path, Retry::Safe)).await
    }

    pub(crate) async fn mailbox_make(&self, mailbox_id: MailboxId) -> Result<(), ApiError> {
        let path = routes::MAILBOX.replace("{mailbox_id}", &mailbox_id.to_string());
        self.exchange(Call::new(Method::Put, path, Retry::Safe))
            .await
            .map(drop)
    }

    /// Removes an empty mailbox.
    pub(crate) async fn mailbox_delete(&self, mailbox_id: MailboxId) -> Result<(), ApiError> {
        let path = routes::MAILBOX.replace("{mailbox_id}", &mailbox_id.to_string());
        self.exchange(Call::new(Method::Delete, path, Retry::Safe))
            .await
            .map(drop)
    }

    pub(crate) async fn item(&self, item_id: ItemId) -> Result<Item, ApiError> {
        self.call(Call::new(Method::Get, item_path(item_id), Retry::Safe))
            .await
    }

    pub(crate) async fn item_write(
        &self,
        item_id: ItemId,
        request: &ItemWriteRequest,
    ) -> Result<Item, ApiError> {
        self.call(Call::new(Method::Put, item_path(item_id), Retry::Safe).json(request)?)
            .await
    }

    /// Writes an item with which a delivery waits.
    pub(crate) async fn schedule(
        &self,
        item_id: ItemId,
        request: &ScheduleRequest,
    ) -> Result<Item, ApiError> {
        self.call(Call::new(Method::Put, scheduled_path(item_id), Retry::Safe).json(request)?)
            .await
    }

    /// Sends at once what waits with an item.
    pub(crate) async fn send_scheduled(
        &self,
        item_id: ItemId,
    ) -> Result<DeliverResponse, ApiError> {
        self.call(Call::new(
            Method::Post,
            scheduled_path(item_id),
            Retry::Never,
        ))
        .await
    }

    /// Removes the item; that it is gone already is success.
    pub(crate) async fn item_remove(&self, item_id: ItemId, version: u64) -> Result<(), ApiError> {
        let path = format!("{}?version={version}", item_path(item_id));
        match self
            .exchange(Call::new(Method::Delete, path, Retry::Safe))
            .await
        {
            Err(error) if !error.is(ProblemCode::NotFound) => Err(error),
            _ => Ok(()),
        }
    }

    pub(crate) async fn states(&self) -> Result<StatePage, ApiError> {
        self.call(Call::new(Method::Get, routes::STATES, Retry::Safe))
            .await
    }

    pub(crate) async fn state_write(
        &self,
        object_id: ObjectId,
        request: &StateWriteRequest,
    ) -> Result<StateObject, ApiError> {
        let path = routes::STATE.replace("{object_id}", &object_id.to_string());
        self.call(Call::new(Method::Put, path, Retry::Safe).json(request)?)
            .await
    }

    pub(crate) async fn changes(&self, since: u64, limit: u32) -> Result<ChangePage, ApiError> {
        let path = format!("{}?since={since}&limit={limit}", routes::CHANGES);
        self.call(Call::new(Method::Get, path, Retry::Safe)).await
    }
}

fn scheduled_path(item_id: ItemId) -> String {
    routes::SCHEDULED.replace("{item_id}", &item_id.to_string())
}

fn item_path(item_id: ItemId) -> String {
    routes::ITEM.replace("{item_id}", &item_id.to_string())
}

/// Percent-encodes all but unreserved characters (RFC 3986, section 2.3).
fn query_escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                escaped.push(char::from(byte))
            }
            _ => escaped.push_str(&format!("%{byte:02X}")),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_cannot_add_to_the_query() {
        assert_eq!(query_escaped("a&limit=9é"), "a%26limit%3D9%C3%A9");
    }
}
