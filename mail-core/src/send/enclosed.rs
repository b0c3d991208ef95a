//! What goes with the text of a draft: its formatted form, the pictures that it shows, and the files.

use super::SendError;
use crate::attachment::parts_of;
use crate::client::Client;
use crate::env::Randomness;
use crate::message::Enclosed;
use crate::transport::Transport;
use crate::views::{Draft, DraftAttachment};
use smail_protocol::BlobId;

/// Longest Content-ID of a picture, in bytes.
const MAX_CONTENT_ID_BYTES: usize = 100;

impl Draft {
    /// The Content-ID of a picture that its formatted text shows; none of what is a file.
    fn content_id_of<'a>(&self, attachment: &'a DraftAttachment) -> Option<&'a str> {
        let content_id = attachment.content_id.as_deref()?;
        self.html.as_deref()?;
        is_content_id(content_id).then_some(content_id)
    }

    /// How many files are attached, without the pictures in the text.
    pub(crate) fn file_count(&self) -> usize {
        let is_file = |it: &&DraftAttachment| self.content_id_of(it).is_none();
        self.attachments.iter().filter(is_file).count()
    }
}

impl<T: Transport, R: Randomness> Client<T, R> {
    /// What goes with the text, and the blobs of all of it.
    pub(super) fn enclosed(&self, draft: &Draft) -> Result<(Enclosed, Vec<BlobId>), SendError> {
        let all = self.attachments_of(&draft.attachments)?;
        let parts = parts_of(&all)?;
        let mut enclosed = Enclosed {
            html: draft.html.clone(),
            ..Enclosed::default()
        };
        for (attachment, cut_off) in draft.attachments.iter().zip(all) {
            match draft.content_id_of(attachment) {
                Some(content_id) => enclosed.pictures.push((content_id.to_owned(), cut_off)),
                None => enclosed.attachments.push(cut_off),
            }
        }
        Ok((enclosed, parts))
    }
}

/// One that stands in a header field and in an address as it is.
pub(crate) fn is_content_id(text: &str) -> bool {
    (1..=MAX_CONTENT_ID_BYTES).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b".@_-".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_one_only_in_formatted_text_and_under_a_plain_name() {
        let named = |content_id: &str| DraftAttachment {
            name: "p.png".to_owned(),
            media_type: "image/png".to_owned(),
            size_bytes: 1.0,
            handle: String::new(),
            content_id: Some(content_id.to_owned()),
        };
        let mut draft = Draft {
            html: Some("<img src=\"cid:a-1@s\">".to_owned()),
            attachments: vec![named("a-1@s"), named("a>\r\nBcc: x"), named("")],
            ..Draft::default()
        };
        assert_eq!(draft.file_count(), 2);
        draft.html = None;
        assert_eq!(draft.file_count(), 3);
    }
}
