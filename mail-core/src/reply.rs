//! Answering a message: recipients, subject, threading fields (RFC 5322, section 3.6.4) and the quoted text.

use crate::client::Client;
use crate::env::Randomness;
use crate::items::ItemError;
use crate::message::{ParsedMessage, date_text};
use crate::read::ReadError;
use crate::transport::Transport;
use crate::views::{Draft, Person};

/// Most ids in References; the oldest is kept, so that the thread's root stays known.
const MAX_REFERENCES: usize = 50;
/// Longest text that is quoted, in characters.
const MAX_QUOTE_CHARS: usize = 20_000;

impl<T: Transport, R: Randomness> Client<T, R> {
    /// A draft that answers this message. Nothing is saved yet.
    ///
    /// # Errors
    /// [`ReadError`].
    pub async fn reply_draft(&self, item_id: &str) -> Result<Draft, ReadError> {
        let item_id = item_id.parse().map_err(ItemError::from)?;
        let (_, mail) = self.open_item_mail(item_id, &|_| {}).await?;
        Ok(reply(&mail.message, &self.account.address()))
    }
}

fn reply(message: &ParsedMessage, own_address: &str) -> Draft {
    Draft {
        id: None,
        version: None,
        to: recipients(message, own_address)
            .iter()
            .map(|person| person.address.clone())
            .filter(|address| !address.is_empty())
            .collect(),
        cc: Vec::new(),
        bcc: Vec::new(),
        subject: reply_subject(&message.subject),
        text: format!("\n\n{}", quote(message)),
        in_reply_to: Some(message.message_id.clone()).filter(|id| !id.is_empty()),
        references: references(message),
    }
}

/// Reply-To, else From; for a message of one's own, its recipients again.
fn recipients<'a>(message: &'a ParsedMessage, own_address: &str) -> &'a [Person] {
    if message.from.address.eq_ignore_ascii_case(own_address) && !message.to.is_empty() {
        &message.to
    } else if message.reply_to.is_empty() {
        std::slice::from_ref(&message.from)
    } else {
        &message.reply_to
    }
}

fn reply_subject(subject: &str) -> String {
    let subject = subject.trim();
    match subject.get(..3) {
        Some(prefix) if prefix.eq_ignore_ascii_case("re:") => subject.to_owned(),
        _ => format!("Re: {subject}").trim_end().to_owned(),
    }
}

fn references(message: &ParsedMessage) -> Vec<String> {
    let parents = if message.references.is_empty() {
        message.in_reply_to.as_slice()
    } else {
        &message.references
    };
    let own = Some(message.message_id.clone()).filter(|id| !id.is_empty());
    let mut ids: Vec<String> = parents.iter().cloned().chain(own).collect();
    if ids.len() > MAX_REFERENCES {
        ids.drain(1..=ids.len() - MAX_REFERENCES);
    }
    ids
}

fn quote(message: &ParsedMessage) -> String {
    let author = if message.from.name.is_empty() {
        &message.from.address
    } else {
        &message.from.name
    };
    let opening = match message.date_s {
        Some(date_s) => format!("On {}, {author} wrote:", date_text(date_s)),
        None => format!("{author} wrote:"),
    };
    let text: String = message.text.chars().take(MAX_QUOTE_CHARS).collect();
    let lines = text.trim_end().lines().map(|line| match line {
        "" => ">".to_owned(),
        quoted if quoted.starts_with('>') => format!(">{quoted}"),
        own => format!("> {own}"),
    });
    std::iter::once(opening)
        .chain(lines)
        .collect::<Vec<_>>()
        .join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::{Outer, Outgoing, build, parse};

    fn person(address: &str) -> Person {
        Person {
            name: String::new(),
            address: address.to_owned(),
        }
    }

    fn message(subject: &str, references: Vec<String>) -> ParsedMessage {
        let outgoing = Outgoing {
            from: person("alice@localhost"),
            to: vec![person("bob@localhost")],
            cc: Vec::new(),
            bcc: Vec::new(),
            subject: subject.to_owned(),
            text: "Hello\n\n> before".to_owned(),
            date_s: 1_795_324_800,
            message_id: "m1@localhost".to_owned(),
            in_reply_to: None,
            references,
        };
        parse(&build(&outgoing, Outer::None).unwrap()).unwrap()
    }

    #[test]
    fn the_author_is_answered_and_quoted() {
        let draft = reply(&message("Dinner", Vec::new()), "bob@localhost");
        assert_eq!(draft.to, ["alice@localhost"]);
        assert_eq!(draft.subject, "Re: Dinner");
        assert_eq!(
            draft.text,
            "\n\nOn 2026-11-22 05:20 UTC, alice@localhost wrote:\n> Hello\n>\n>> before"
        );
        assert_eq!(
            (draft.in_reply_to.as_deref(), draft.references),
            (Some("m1@localhost"), vec!["m1@localhost".into()])
        );
    }

    #[test]
    fn a_message_of_one_s_own_goes_to_its_recipients_again() {
        assert_eq!(
            reply(&message("x", Vec::new()), "alice@localhost").to,
            ["bob@localhost"]
        );
    }

    #[test]
    fn re_is_said_once_and_references_stay_bounded() {
        let many = (0..80).map(|n| format!("{n}@localhost")).collect();
        let draft = reply(&message("RE: Dinner", many), "bob@localhost");
        assert_eq!(draft.subject, "RE: Dinner");
        assert_eq!(draft.references.len(), MAX_REFERENCES);
        assert_eq!(
            draft.references.first().map(String::as_str),
            Some("0@localhost")
        );
        assert_eq!(
            draft.references.last().map(String::as_str),
            Some("m1@localhost")
        );
    }
}
