//! Uploads and deliveries.

use super::{OCTETS, Outcome, Sender, UPLOADS_KEPT, Unanswered};
use crate::crash::book::{KnownItem, Posted};
use smail_protocol::{
    BlobId, BlobReceipt, DeliverRequest, DeliverResponse, Delivery, IdempotencyKey, ItemId,
    SentCopy, routes,
};

impl Sender<'_> {
    pub(super) fn upload(&mut self) -> Outcome<BlobId> {
        let len = match self.luck.number(0..100) {
            0..60 => self.luck.number(500..8_000),
            60..92 => self.luck.number(8_000..40_000),
            _ => self.luck.number(100_000..600_000),
        };
        let octets = self.luck.octets(len);
        let Ok(answer) = self.ask("POST", routes::BLOBS, OCTETS, &octets)? else {
            return Ok(Err(Unanswered));
        };
        let receipt: BlobReceipt = serde_json::from_slice(&answer.body)?;
        anyhow::ensure!(receipt.size_bytes == len as u64, "a blob of another size");
        self.actor.book.acknowledged += 1;
        self.actor.book.uploads.insert(receipt.blob_id);
        Ok(Ok(receipt.blob_id))
    }

    pub(super) fn leave_upload(&mut self) -> Outcome<()> {
        if self.actor.book.uploads.len() >= UPLOADS_KEPT {
            return self.make_item();
        }
        Ok(self.upload()?.map(drop))
    }

    /// Sends to one to three others; sometimes one of them is a Bcc with a ciphertext of its own.
    pub(super) fn deliver(&mut self) -> Outcome<()> {
        let Ok(blob) = self.upload()? else {
            return Ok(Err(Unanswered));
        };
        let mut recipients = self.recipients(blob);
        if recipients.len() > 1 && self.luck.once_in(3) {
            let Ok(bcc) = self.upload()? else {
                return Ok(Err(Unanswered));
            };
            recipients
                .iter_mut()
                .take(1)
                .for_each(|first| first.1 = bcc);
        }
        let posted = self.posted(blob, recipients)?;
        self.post(posted)
    }

    fn recipients(&mut self, blob: BlobId) -> Vec<(usize, BlobId)> {
        let count = self.names.len();
        let (first, wanted) = (self.luck.number(1..count), self.luck.number(1..4));
        (0..wanted.min(count - first))
            .map(|next| ((self.actor.number + first + next) % count, blob))
            .collect()
    }

    fn posted(&mut self, blob: BlobId, recipients: Vec<(usize, BlobId)>) -> anyhow::Result<Posted> {
        let delivery = |(place, blob_id): &(usize, BlobId)| {
            let name = self.names.get(*place).cloned();
            Some(Delivery {
                blob_id: *blob_id,
                recipients: vec![name?],
            })
        };
        let deliveries: Option<Vec<Delivery>> = recipients.iter().map(delivery).collect();
        let request = DeliverRequest {
            idempotency_key: IdempotencyKey::from_bytes(self.luck.id()),
            deliveries: deliveries.ok_or_else(|| anyhow::anyhow!("nobody of that number"))?,
            sent: SentCopy {
                item_id: ItemId::from_bytes(self.luck.id()),
                mailbox_id: self.actor.sent,
                blob_id: blob,
                sealed: self.sealed(),
            },
            draft: None,
            parts: Vec::new(),
        };
        Ok(Posted {
            request,
            recipients,
            acknowledged: false,
            was_done: false,
        })
    }

    fn post(&mut self, mut posted: Posted) -> Outcome<()> {
        let item = posted.request.sent.item_id;
        let book = &mut self.actor.book;
        for (_, blob) in &posted.recipients {
            book.uploads.remove(blob);
        }
        book.uploads.remove(&posted.request.sent.blob_id);
        book.ask_item(item, Some(posted.sent_copy()));
        let answer = self.ask_json("POST", routes::DELIVER, &posted.request)?;
        posted.acknowledged = answer.is_ok();
        let book = &mut self.actor.book;
        if let Ok(answer) = &answer {
            let done: DeliverResponse = serde_json::from_slice(&answer.body)?;
            anyhow::ensure!(
                KnownItem::from(&done.sent) == posted.sent_copy(),
                "another copy"
            );
            book.seq = book.seq.max(done.seq);
            book.acknowledge_item(item);
        }
        book.posted.push(posted);
        Ok(answer.map(drop))
    }

    /// Repeats the delivery that had no answer: whether it was made or not, now it is, once.
    pub(super) fn ask_again(&mut self) -> Outcome<()> {
        match self.actor.book.again.take() {
            Some(posted) => self.post(posted),
            None => Ok(Ok(())),
        }
    }
}
