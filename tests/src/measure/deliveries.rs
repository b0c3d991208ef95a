//! Durable deliveries of a 20 kB message a second over HTTP: an upload, then a delivery.

use super::row::{Row, median};
use crate::http::Http;
use crate::people::{Person, sign_up};
use crate::server::Server;
use rand::{Rng as _, RngCore as _, thread_rng};
use smail_protocol::{
    AccountView, BlobReceipt, DeliverRequest, DeliverResponse, Delivery, IdempotencyKey, ItemId,
    MailboxId, SentCopy, Username, routes,
};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

const SENDERS: [usize; 3] = [1, 8, 32];
const MOST_SENDERS: usize = 32;
const MESSAGE_BYTES: usize = 20_000;
const SEALED_BYTES: usize = 300;

/// How long.
#[derive(Debug, Clone, Copy)]
pub struct Deliveries {
    /// Rounds; medians count.
    pub rounds: usize,
    /// How long each number of senders sends in a round.
    pub time: Duration,
}

/// Somebody who sends, and whom to.
#[derive(Debug)]
struct Sender {
    http: Http,
    sent: MailboxId,
    to: Username,
}

/// Measures on a data directory of its own.
///
/// # Errors
/// What the server says.
pub fn deliveries(directory: &Path, how: Deliveries) -> anyhow::Result<Vec<Row>> {
    let server = Server::start_with(&directory.join("deliveries"), &["--log", "warn"])?;
    let mut senders = (0..MOST_SENDERS)
        .map(|number| sender(server.origin(), number))
        .collect::<anyhow::Result<Vec<_>>>()?;
    let mut measured = SENDERS.map(|_| Vec::new());
    for _ in 0..how.rounds {
        for (count, values) in SENDERS.iter().zip(&mut measured) {
            let some = senders.get_mut(..*count).unwrap_or_default();
            values.push(delivered_per_s(some, how.time)?);
        }
    }
    let rows = SENDERS.iter().zip(measured).map(|(count, values)| {
        Row::told(
            format!("upload and deliver over HTTP, {count} senders"),
            median(values),
            "/s",
        )
    });
    Ok(rows.collect())
}

fn sender(origin: &str, number: usize) -> anyhow::Result<Sender> {
    let to = format!("recipient-{number}");
    sign_up(&Http::to(origin), &Person::new(&to))?;
    let http = Http::to(origin);
    sign_up(&http, &Person::new(&format!("sender-{number}")))?;
    let view: AccountView = http.get(routes::ACCOUNT)?;
    Ok(Sender {
        http,
        sent: view.inbox,
        to: to.parse()?,
    })
}

fn delivered_per_s(senders: &mut [Sender], time: Duration) -> anyhow::Result<f64> {
    let (started, done) = (Instant::now(), AtomicU64::new(0));
    std::thread::scope(|scope| {
        let threads: Vec<_> = senders
            .iter_mut()
            .map(|sender| {
                let done = &done;
                scope.spawn(move || -> anyhow::Result<()> {
                    while started.elapsed() < time {
                        sender.send()?;
                        done.fetch_add(1, Ordering::Relaxed);
                    }
                    Ok(())
                })
            })
            .collect();
        threads.into_iter().try_for_each(|thread| {
            thread
                .join()
                .map_err(|_| anyhow::anyhow!("a sender panicked"))?
        })
    })?;
    Ok(done.into_inner() as f64 / started.elapsed().as_secs_f64())
}

impl Sender {
    fn send(&self) -> anyhow::Result<()> {
        let mut octets = vec![0; MESSAGE_BYTES];
        thread_rng().fill_bytes(&mut octets);
        let receipt: BlobReceipt = self.http.octets(routes::BLOBS, &octets)?;
        let request = DeliverRequest {
            idempotency_key: IdempotencyKey::from_bytes(thread_rng().r#gen()),
            deliveries: vec![Delivery {
                blob_id: receipt.blob_id,
                recipients: vec![self.to.clone()],
            }],
            sent: SentCopy {
                item_id: ItemId::from_bytes(thread_rng().r#gen()),
                mailbox_id: self.sent,
                blob_id: receipt.blob_id,
                sealed: vec![7; SEALED_BYTES].into(),
            },
            draft: None,
            parts: Vec::new(),
        };
        let _: DeliverResponse = self.http.json("POST", routes::DELIVER, &request)?;
        Ok(())
    }
}
