//! Passing a message on: its text below a header that says whose it was. Bcc is not said.

use crate::attachment::NewAttachment;
use crate::client::Client;
use crate::env::Randomness;
use crate::items::ItemError;
use crate::message::{Attachment, Held, ParsedMessage, date_text, held};
use crate::open::{OpenMessageError, OpenedMail};
use crate::read::ReadError;
use crate::reply::formatted_quote;
use crate::transport::Transport;
use crate::views::{Draft, DraftAttachment, Person};

/// The line above what is passed on.
pub(crate) const FORWARDED_RULE: &str = "---------- Forwarded message ----------";

impl<T: Transport, R: Randomness> Client<T, R> {
    /// A draft that passes this message on, with what is attached; files beside it are not fetched for that. Nothing is saved yet.
    ///
    /// # Errors
    /// [`ReadError`].
    pub async fn forward_draft(&self, item_id: &str) -> Result<Draft, ReadError> {
        let item_id = item_id.parse().map_err(ItemError::from)?;
        let (_, mail) = self.open_item_mail(item_id, &|_| {}).await?;
        let mut draft = forward(&mail.message);
        for (place, attachment) in mail.message.attachments.iter().enumerate() {
            draft
                .attachments
                .extend(self.passed_on(&mail, place, attachment).await?);
        }
        Ok(draft)
    }
}

impl<T: Transport, R: Randomness> Client<T, R> {
    /// An attachment for a new message. One that is in the message itself is sealed and brought up; of an empty one, and
    /// of a picture in the text, nothing is left to pass on.
    async fn passed_on(
        &self,
        mail: &OpenedMail,
        place: usize,
        attachment: &Attachment,
    ) -> Result<Option<DraftAttachment>, ReadError> {
        let is_in_text = attachment.is_inline && attachment.content_id.is_some();
        if is_in_text || attachment.size_bytes == 0 {
            return Ok(None);
        }
        let held = held(mail.opened.plaintext(), place).map_err(OpenMessageError::Message)?;
        match held {
            Some(Held::Beside(cut_off)) => Ok(Some(self.attachment_view(&cut_off)?)),
            Some(Held::Here(octets)) => {
                let new = NewAttachment {
                    name: attachment.name.text.clone(),
                    media_type: attachment.media_type.clone(),
                };
                Ok(Some(self.attach(&octets[..], &new, &()).await?))
            }
            None => Ok(None),
        }
    }
}

fn forward(message: &ParsedMessage) -> Draft {
    Draft {
        subject: forward_subject(&message.subject),
        text: format!("\n\n{}\n\n{}", header(message), message.text.trim_end()),
        quote: formatted_quote(message, header(message), true),
        ..Draft::default()
    }
}

fn forward_subject(subject: &str) -> String {
    let subject = subject.trim();
    let says_so = |prefix: &str| {
        let start = subject.get(..prefix.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(prefix))
    };
    if says_so("fwd:") || says_so("fw:") {
        subject.to_owned()
    } else {
        format!("Fwd: {subject}").trim_end().to_owned()
    }
}

/// The header as text, a line for each field that has something in it.
fn header(message: &ParsedMessage) -> String {
    let date = message.date_s.map(date_text).unwrap_or_default();
    let fields = [
        ("From", people(std::slice::from_ref(&message.from))),
        ("Date", date),
        ("Subject", message.subject.clone()),
        ("To", people(&message.to)),
        ("Cc", people(&message.cc)),
    ];
    let lines = fields
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{name}: {value}"));
    std::iter::once(FORWARDED_RULE.to_owned())
        .chain(lines)
        .collect::<Vec<_>>()
        .join("\n")
}

fn people(people: &[Person]) -> String {
    let written =
        people.iter().map(
            |Person { name, address }| match (name.is_empty(), address.is_empty()) {
                (true, _) => address.clone(),
                (false, true) => name.clone(),
                (false, false) => format!("{name} <{address}>"),
            },
        );
    written
        .filter(|person| !person.is_empty())
        .collect::<Vec<_>>()
        .join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::{Outer, Outgoing, build, parse};

    fn message(subject: &str) -> ParsedMessage {
        let person = |name: &str, address: &str| Person {
            name: name.to_owned(),
            address: address.to_owned(),
        };
        let outgoing = Outgoing {
            from: person("Alice A.", "alice@localhost"),
            to: vec![person("", "bob@localhost"), person("", "carol@localhost")],
            cc: Vec::new(),
            bcc: vec![person("", "hidden@localhost")],
            subject: subject.to_owned(),
            text: "Hello\n\n> before\n".to_owned(),
            date_s: 1_795_324_800,
            message_id: "m1@localhost".to_owned(),
            in_reply_to: None,
            references: Vec::new(),
        };
        parse(&build(&outgoing, Outer::None).unwrap()).unwrap()
    }

    #[test]
    fn the_message_is_below_its_header_and_bcc_is_not_told() {
        let draft = forward(&message("Dinner"));
        assert_eq!(draft.subject, "Fwd: Dinner");
        assert_eq!(
            draft.text,
            "\n\n---------- Forwarded message ----------\nFrom: Alice A. <alice@localhost>\nDate: 2026-11-22 05:20 UTC\nSubject: Dinner\nTo: bob@localhost, carol@localhost\n\nHello\n\n> before"
        );
        assert_eq!((draft.in_reply_to, draft.to.len()), (None, 0));
    }

    #[test]
    fn fwd_is_said_once() {
        for subject in ["FWD: Dinner", "Fw: Dinner"] {
            assert_eq!(forward(&message(subject)).subject, subject);
        }
        assert_eq!(forward(&message("")).subject, "Fwd:");
    }
}
