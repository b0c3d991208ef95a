//! Giving mail out: each message as it was decrypted, whole again with the files that are beside it, in pieces, so that
//! no more than one of them is in memory at a time.

mod error;
mod plan;
mod whole;

pub use error::ExportError;

use super::mbox::{Filed, MboxWriter};
use crate::attachment::TransferWatch;
use crate::client::Client;
use crate::env::Randomness;
use crate::item::came_ms;
use crate::items::ItemError;
use crate::memory::Known;
use crate::open::{OpenMessageError, OpenedMail};
use crate::read::ReadError;
use crate::transport::Transport;
use crate::views::ExportForm;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use plan::paths;
use smail_protocol::ItemId;
use whole::{Segment, restored, segments};

/// Octets that make one line of base64 (RFC 2045, section 6.8: at most 76 characters).
const LINE_OCTETS: usize = 57;

impl<T: Transport, R: Randomness> Client<T, R> {
    /// Gives a message out, piece by piece. **The pieces are not to be kept before this has succeeded**: only then it is
    /// known that files which were beside the message are whole.
    ///
    /// # Errors
    /// [`ExportError`].
    pub async fn export_message(
        &self,
        item_id: &str,
        form: ExportForm,
        watch: &impl TransferWatch,
        mut take: impl FnMut(&[u8]),
    ) -> Result<(), ExportError> {
        let item_id: ItemId = item_id
            .parse()
            .map_err(ItemError::from)
            .map_err(ReadError::from)?;
        let (known, mail) = self.open_item_mail(item_id, &|_| {}).await?;
        let message = self.with_its_header(&known, &mail).await?;
        let segments = self.watched(item_id, || segments(&message))?;
        match form {
            ExportForm::Message => self.write_out(&segments, watch, take).await,
            ExportForm::Mbox => {
                let mut mbox = MboxWriter::new(&message, &self.filed(&known).await?);
                self.write_out(&segments, watch, |octets| mbox.push(octets, &mut take))
                    .await?;
                mbox.end(&mut take);
                Ok(())
            }
        }
    }

    /// The message as it was decrypted; with the fields that stood outside, when there are none inside.
    async fn with_its_header(
        &self,
        known: &Known,
        mail: &OpenedMail,
    ) -> Result<Vec<u8>, ExportError> {
        let inside = mail.opened.plaintext();
        if whole::has_author(inside) {
            return Ok(inside.to_vec());
        }
        let outside = self.fetch_blob(known.item.blob_id).await;
        let outside = outside.map_err(|error| ReadError::from(OpenMessageError::from(error)))?;
        Ok(restored(&outside, inside))
    }

    /// How a message is filed, for programs that read it out of an mbox.
    async fn filed(&self, known: &Known) -> Result<Filed, ExportError> {
        let content = known.content.as_ref();
        let folders = self.folders().await.map_err(ItemError::from);
        let mut paths = paths(&folders.map_err(ReadError::from)?);
        let own = self.labels().map_err(ItemError::from);
        let own = own.map_err(ReadError::from)?;
        let has = |id: &String| content.is_some_and(|content| content.labels.contains(id));
        let labels = own
            .into_iter()
            .filter(|label| has(&label.id))
            .map(|label| label.name);
        Ok(Filed {
            author: content.map_or_else(String::new, |content| content.from.address.clone()),
            came_ms: came_ms(&known.item, content),
            unread: content.is_some_and(|content| content.unread),
            starred: content.is_some_and(|content| content.starred),
            labels: paths
                .remove(&known.item.mailbox_id)
                .into_iter()
                .chain(labels)
                .collect(),
        })
    }

    async fn write_out(
        &self,
        segments: &[Segment<'_>],
        watch: &impl TransferWatch,
        mut take: impl FnMut(&[u8]),
    ) -> Result<(), ExportError> {
        for segment in segments {
            match segment {
                Segment::Octets(octets) => take(octets),
                Segment::File(header, cut_off) => {
                    take(header);
                    let mut lines = Base64Lines::default();
                    self.fetch_cut_off(cut_off, watch, |octets| lines.push(octets, &mut take))
                        .await?;
                    lines.end(&mut take);
                }
            }
        }
        Ok(())
    }
}

/// base64 in lines, of octets that come piece by piece.
#[derive(Default)]
struct Base64Lines {
    rest: Vec<u8>,
}

impl Base64Lines {
    fn push(&mut self, octets: &[u8], take: &mut impl FnMut(&[u8])) {
        self.rest.extend_from_slice(octets);
        let whole = self.rest.len() / LINE_OCTETS * LINE_OCTETS;
        let rest = self.rest.split_off(whole);
        let ready = std::mem::replace(&mut self.rest, rest);
        if !ready.is_empty() {
            take(&lines(&ready));
        }
    }

    fn end(self, take: &mut impl FnMut(&[u8])) {
        take(&lines(&self.rest));
    }
}

fn lines(octets: &[u8]) -> Vec<u8> {
    let mut text = String::with_capacity(octets.len() * 3 / 2);
    for line in octets.chunks(LINE_OCTETS) {
        STANDARD.encode_string(line, &mut text);
        text.push_str("\r\n");
    }
    text.into_bytes()
}
