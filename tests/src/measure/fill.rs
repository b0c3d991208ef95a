//! People who fill a store with blobs of 1 MB, each named by an item.

use crate::http::Http;
use crate::people::{Person, sign_up};
use rand::{Rng as _, RngCore as _, thread_rng};
use smail_protocol::{
    AccountView, BlobId, BlobReceipt, Item, ItemId, ItemWriteRequest, MailboxId, routes,
};

/// A blob.
pub const BLOB_BYTES: usize = 1_000_000;
const SEALED_BYTES: usize = 300;

/// Somebody who fills.
#[derive(Debug)]
pub struct Filler {
    /// Their session.
    pub http: Http,
    mailbox: MailboxId,
    /// What they have stored.
    pub stored: Vec<(ItemId, BlobId)>,
}

impl Filler {
    /// Makes an account.
    ///
    /// # Errors
    /// What the server or the client says.
    pub fn sign_up(origin: &str, number: usize) -> anyhow::Result<Self> {
        let http = Http::to(origin);
        sign_up(&http, &Person::new(&format!("filler-{number}")))?;
        let view: AccountView = http.get(routes::ACCOUNT)?;
        Ok(Self {
            http,
            mailbox: view.inbox,
            stored: Vec::new(),
        })
    }

    /// Stores one more blob.
    ///
    /// # Errors
    /// What the server says.
    pub fn store(&mut self) -> anyhow::Result<()> {
        let mut octets = vec![0; BLOB_BYTES];
        thread_rng().fill_bytes(&mut octets);
        let receipt: BlobReceipt = self.http.octets(routes::BLOBS, &octets)?;
        let item = ItemId::from_bytes(thread_rng().r#gen());
        let path = routes::ITEM.replace("{item_id}", &item.to_string());
        let write = ItemWriteRequest {
            base_version: 0,
            mailbox_id: self.mailbox,
            blob_id: receipt.blob_id,
            sealed: vec![7; SEALED_BYTES].into(),
            parts: None,
        };
        let _: Item = self.http.json("PUT", &path, &write)?;
        self.stored.push((item, receipt.blob_id));
        Ok(())
    }

    /// Removes every other item, and with it its blob. Returns how many.
    ///
    /// # Errors
    /// What the server says.
    pub fn remove_half(&mut self) -> anyhow::Result<usize> {
        let mut is_kept = false;
        let (kept, removed): (Vec<_>, Vec<_>) = self.stored.drain(..).partition(|_| {
            is_kept = !is_kept;
            is_kept
        });
        self.stored = kept;
        for (item, _) in &removed {
            let path = routes::ITEM.replace("{item_id}", &item.to_string());
            let answer = self
                .http
                .exchange("DELETE", &format!("{path}?version=1"), &[], b"")?;
            anyhow::ensure!(answer.status == 204, "a removal: status {}", answer.status);
        }
        Ok(removed.len())
    }
}

/// Runs for each filler in a thread of its own.
///
/// # Errors
/// The first of the work's.
pub fn at_once<T: Send>(
    fillers: &mut [Filler],
    work: impl Fn(&mut Filler) -> anyhow::Result<T> + Sync,
) -> anyhow::Result<Vec<T>> {
    let work = &work;
    std::thread::scope(|scope| {
        let threads: Vec<_> = fillers
            .iter_mut()
            .map(|filler| scope.spawn(move || work(filler)))
            .collect();
        threads
            .into_iter()
            .map(|thread| {
                thread
                    .join()
                    .map_err(|_| anyhow::anyhow!("a filler panicked"))?
            })
            .collect()
    })
}
