//! Taking a message out: an ordinary mail file with the ciphertext in it (PGP/MIME), for other programs that hold the
//! key.

use crate::client::Client;
use crate::env::Randomness;
use crate::items::ItemError;
use crate::message::{Outgoing, ParsedMessage, wrap};
use crate::open::OpenMessageError;
use crate::read::ReadError;
use crate::transport::Transport;

impl<T: Transport, R: Randomness> Client<T, R> {
    /// The message as a PGP/MIME file (RFC 3156): still encrypted, with people and date outside as inside and a subject
    /// that says nothing.
    ///
    /// # Errors
    /// [`ReadError`].
    pub async fn export(&self, item_id: &str) -> Result<Vec<u8>, ReadError> {
        let item_id = item_id.parse().map_err(ItemError::from)?;
        let (known, mail) = self.open_item_mail(item_id, &|_| {}).await?;
        let octets = self
            .fetch_blob(known.item.blob_id)
            .await
            .map_err(OpenMessageError::from)?;
        if octets.first().is_some_and(u8::is_ascii) {
            // It came as a file of this kind.
            return Ok(octets);
        }
        let boundary: String = self
            .env
            .random_id()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let arrival_s = known.item.arrival_ms / 1_000;
        Ok(wrap(
            &octets,
            &outer_fields(mail.message.clone(), arrival_s),
            &boundary,
        ))
    }
}

/// The fields that stand outside. Bcc and the subject stay inside.
fn outer_fields(message: ParsedMessage, arrival_s: u64) -> Outgoing {
    Outgoing {
        from: message.from,
        to: message.to,
        cc: message.cc,
        bcc: Vec::new(),
        subject: String::new(),
        text: String::new(),
        date_s: message.date_s.unwrap_or(arrival_s),
        message_id: message.message_id,
        in_reply_to: None,
        references: Vec::new(),
    }
}
