//! Passing a message on: its text below a header that says whose it was. Bcc is not said.

use crate::attachment::NewAttachment;
use crate::client::Client;
use crate::env::Randomness;
use crate::items::ItemError;
use crate::message::{Attachment, Body, Held, ParsedMessage, held};
use crate::open::{OpenMessageError, OpenedMail};
use crate::read::ReadError;
use crate::reply::formatted_quote;
use crate::send::is_content_id;
use crate::transport::Transport;
use crate::views::{Draft, DraftAttachment, Person, QuoteWords};

/// What the line above a message that is passed on begins and ends with.
const DASHES: &str = "----------";

/// Whether this is the line above what is passed on, in any language.
pub(crate) fn is_forwarded_rule(line: &str) -> bool {
    line.len() > 2 * DASHES.len() && line.starts_with(DASHES) && line.ends_with(DASHES)
}

impl<T: Transport, R: Randomness> Client<T, R> {
    /// A draft that passes this message on, with what is attached; files beside it are not fetched for that. Nothing is saved yet.
    ///
    /// # Errors
    /// [`ReadError`].
    pub async fn forward_draft(
        &self,
        item_id: &str,
        words: &QuoteWords,
    ) -> Result<Draft, ReadError> {
        let item_id = item_id.parse().map_err(ItemError::from)?;
        let (_, mail) = self.open_item_mail(item_id, &|_| {}).await?;
        let mut draft = forward(&mail.message, words);
        for (place, attachment) in mail.message.attachments.iter().enumerate() {
            draft
                .attachments
                .extend(self.passed_on(&mail, place, attachment).await?);
        }
        Ok(draft)
    }
}

impl<T: Transport, R: Randomness> Client<T, R> {
    /// An attachment for a new message: as a picture in the text if it is one, else as a file. One that is in the message
    /// itself is sealed and brought up; of an empty one nothing is left to pass on.
    async fn passed_on(
        &self,
        mail: &OpenedMail,
        place: usize,
        attachment: &Attachment,
    ) -> Result<Option<DraftAttachment>, ReadError> {
        if attachment.size_bytes == 0 {
            return Ok(None);
        }
        let held = held(mail.innermost().plaintext(), place).map_err(OpenMessageError::Message)?;
        let passed_on = match held {
            Some(Held::Beside(cut_off)) => self.attachment_view(&cut_off)?,
            Some(Held::Here(octets)) => {
                let new = NewAttachment {
                    name: attachment.name.text.clone(),
                    media_type: attachment.media_type.clone(),
                };
                self.attach(&octets[..], &new, &()).await?
            }
            None => return Ok(None),
        };
        let content_id = shown_as(&mail.message, attachment).map(str::to_owned);
        Ok(Some(DraftAttachment {
            content_id,
            ..passed_on
        }))
    }
}

/// The Content-ID by which the formatted text shows a picture (RFC 2392); none of what is a file.
fn shown_as<'a>(message: &ParsedMessage, attachment: &'a Attachment) -> Option<&'a str> {
    let content_id = attachment.content_id.as_deref()?;
    let address = format!("cid:{content_id}");
    let is_shown = message
        .formatted
        .iter()
        .any(|body| matches!(body, Body::Html(html) if is_source_in(html, &address)));
    let is_picture = attachment.media_type.starts_with("image/");
    (is_shown && is_picture && is_content_id(content_id)).then_some(content_id)
}

/// Whether it is the whole address of an image. What is behind the text is none.
fn is_source_in(html: &str, address: &str) -> bool {
    html.match_indices(address).any(|(at, _)| {
        let (before, after) = (&html[..at], &html[at + address.len()..]);
        before.trim_end_matches(['"', '\'']).ends_with("src=")
            && after.starts_with(|next: char| "\"'>".contains(next) || next.is_ascii_whitespace())
    })
}

fn forward(message: &ParsedMessage, words: &QuoteWords) -> Draft {
    let header = header(message, words);
    Draft {
        subject: forward_subject(&message.subject),
        text: format!("\n\n{header}\n\n{}", message.text.trim_end()),
        quote: formatted_quote(message, header, true),
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
fn header(message: &ParsedMessage, words: &QuoteWords) -> String {
    let names = &words.fields;
    let fields = [
        (&names.from, people(std::slice::from_ref(&message.from))),
        (&names.date, words.date.clone()),
        (&names.subject, message.subject.clone()),
        (&names.to, people(&message.to)),
        (&names.cc, people(&message.cc)),
    ];
    let lines = fields
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{name}: {value}"));
    std::iter::once(format!("{DASHES} {} {DASHES}", words.forwarded))
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
    use crate::views::FieldNames;

    fn words() -> QuoteWords {
        QuoteWords {
            wrote: String::new(),
            forwarded: "Weitergeleitet".to_owned(),
            date: "Sonntag".to_owned(),
            fields: FieldNames {
                from: "Von".to_owned(),
                date: "Datum".to_owned(),
                subject: "Betreff".to_owned(),
                to: "An".to_owned(),
                cc: "Kopie".to_owned(),
            },
        }
    }

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
        let draft = forward(&message("Dinner"), &words());
        assert_eq!(draft.subject, "Fwd: Dinner");
        assert_eq!(
            draft.text,
            "\n\n---------- Weitergeleitet ----------\nVon: Alice A. <alice@localhost>\nDatum: Sonntag\nBetreff: Dinner\nAn: bob@localhost, carol@localhost\n\nHello\n\n> before"
        );
        assert_eq!((draft.in_reply_to, draft.to.len()), (None, 0));
    }

    #[test]
    fn a_picture_of_the_text_is_one_that_an_image_names_in_full() {
        for (html, is_one) in [
            ("<img src=\"cid:a@x\">", true),
            ("<img alt=b src='cid:a@x' width=1>", true),
            ("<img src=cid:a@x>", true),
            ("<img src=\"cid:a@xy\"><img src=\"cid:ba@x\">", false),
            ("<td background=\"cid:a@x\">cid:a@x", false),
            ("", false),
        ] {
            assert_eq!(is_source_in(html, "cid:a@x"), is_one, "{html}");
        }
    }

    #[test]
    fn fwd_is_said_once() {
        for subject in ["FWD: Dinner", "Fw: Dinner"] {
            assert_eq!(forward(&message(subject), &words()).subject, subject);
        }
        assert_eq!(forward(&message(""), &words()).subject, "Fwd:");
    }
}
