//! Answering a message: recipients, subject, threading fields (RFC 5322, section 3.6.4) and the quoted text. Nothing of
//! an answer is taken from Bcc.

use crate::client::Client;
use crate::env::Randomness;
use crate::items::ItemError;
use crate::message::ParsedMessage;
use crate::read::{ReadError, body_view};
use crate::transport::Transport;
use crate::views::{Draft, Person, Quote, QuoteWords};
use std::collections::BTreeSet;

/// Most ids in References; the oldest is kept, so that the thread's root stays known.
const MAX_REFERENCES: usize = 50;
/// Longest text that is quoted, in characters.
const MAX_QUOTE_CHARS: usize = 20_000;

impl<T: Transport, R: Randomness> Client<T, R> {
    /// A draft that answers this message. Nothing is saved yet.
    ///
    /// # Errors
    /// [`ReadError`].
    pub async fn reply_draft(&self, item_id: &str, words: &QuoteWords) -> Result<Draft, ReadError> {
        let item_id = item_id.parse().map_err(ItemError::from)?;
        let (_, mail) = self.open_item_mail(item_id, &|_| {}).await?;
        Ok(reply(&mail.message, &self.account.address(), words))
    }

    /// A draft that answers this message to everybody who is seen to have it. Nothing is saved yet.
    ///
    /// # Errors
    /// [`ReadError`].
    pub async fn reply_all_draft(
        &self,
        item_id: &str,
        words: &QuoteWords,
    ) -> Result<Draft, ReadError> {
        let item_id = item_id.parse().map_err(ItemError::from)?;
        let (_, mail) = self.open_item_mail(item_id, &|_| {}).await?;
        Ok(reply_all(&mail.message, &self.account.address(), words))
    }
}

fn reply(message: &ParsedMessage, own_address: &str, words: &QuoteWords) -> Draft {
    Draft {
        to: recipients(message, own_address)
            .iter()
            .map(|person| person.address.clone())
            .filter(|address| !address.is_empty())
            .collect(),
        subject: reply_subject(&message.subject),
        text: format!("\n\n{}", quote(message, words)),
        quote: formatted_quote(message, words.wrote.clone(), false),
        in_reply_to: Some(message.message_id.clone()).filter(|id| !id.is_empty()),
        references: references(message),
        ..Draft::default()
    }
}

/// To whom it was addressed stays in To, after its author, and Cc in Cc; each is named once, and the person who answers
/// only when there is nobody else.
fn reply_all(message: &ParsedMessage, own_address: &str, words: &QuoteWords) -> Draft {
    let answer = reply(message, own_address, words);
    let mut seen = BTreeSet::from([own_address.to_lowercase()]);
    let mut others = |addresses: Vec<String>| -> Vec<String> {
        addresses
            .into_iter()
            .filter(|address| !address.is_empty() && seen.insert(address.to_lowercase()))
            .collect()
    };
    let addresses =
        |people: &[Person]| people.iter().map(|person| person.address.clone()).collect();
    let first: Vec<String> = answer
        .to
        .iter()
        .cloned()
        .chain::<Vec<String>>(addresses(&message.to))
        .collect();
    let to = others(first);
    let cc = others(addresses(&message.cc));
    match (to.is_empty(), cc.is_empty()) {
        (true, true) => answer,
        (true, false) => Draft { to: cc, ..answer },
        _ => Draft { to, cc, ..answer },
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

/// The message as its author formatted it, below these lines; none that has no formatting.
pub(crate) fn formatted_quote(
    message: &ParsedMessage,
    opening: String,
    forwarded: bool,
) -> Option<Quote> {
    let bodies: Vec<_> = message.formatted.iter().cloned().map(body_view).collect();
    (!bodies.is_empty()).then_some(Quote {
        opening,
        forwarded,
        bodies,
    })
}

fn quote(message: &ParsedMessage, words: &QuoteWords) -> String {
    let text: String = message.text.chars().take(MAX_QUOTE_CHARS).collect();
    let lines = text.trim_end().lines().map(|line| match line {
        "" => ">".to_owned(),
        quoted if quoted.starts_with('>') => format!(">{quoted}"),
        own => format!("> {own}"),
    });
    std::iter::once(words.wrote.clone())
        .chain(lines)
        .collect::<Vec<_>>()
        .join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::{Outer, Outgoing, build, parse};
    use crate::views::BodyView;

    fn words() -> QuoteWords {
        QuoteWords {
            wrote: "On Sunday, Alice wrote:".to_owned(),
            ..QuoteWords::default()
        }
    }

    fn person(address: &str) -> Person {
        Person {
            name: String::new(),
            address: address.to_owned(),
        }
    }

    fn message(subject: &str, references: Vec<String>) -> ParsedMessage {
        message_to(&["bob@localhost"], &[], subject, references)
    }

    fn message_to(
        to: &[&str],
        cc: &[&str],
        subject: &str,
        references: Vec<String>,
    ) -> ParsedMessage {
        let people = |addresses: &[&str]| addresses.iter().map(|it| person(it)).collect();
        let outgoing = Outgoing {
            from: person("alice@localhost"),
            to: people(to),
            cc: people(cc),
            bcc: vec![person("hidden@localhost")],
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
        let draft = reply(&message("Dinner", Vec::new()), "bob@localhost", &words());
        assert_eq!(draft.to, ["alice@localhost"]);
        assert_eq!(draft.subject, "Re: Dinner");
        assert_eq!(
            draft.text,
            "\n\nOn Sunday, Alice wrote:\n> Hello\n>\n>> before"
        );
        assert_eq!(
            (draft.in_reply_to.as_deref(), draft.references),
            (Some("m1@localhost"), vec!["m1@localhost".into()])
        );
    }

    #[test]
    fn a_formatted_message_is_quoted_as_its_author_formatted_it() {
        let formatted = b"From: a@b\r\nContent-Type: text/html\r\n\r\n<b>Hello</b>";
        let quote = reply(&parse(formatted).unwrap(), "bob@localhost", &words())
            .quote
            .unwrap();
        let html = "<b>Hello</b>".to_owned();
        assert_eq!(
            (quote.opening.as_str(), quote.forwarded),
            ("On Sunday, Alice wrote:", false)
        );
        assert_eq!(quote.bodies, [BodyView::Html { html }]);
        assert_eq!(
            reply(&message("x", Vec::new()), "bob@localhost", &words()).quote,
            None
        );
    }

    #[test]
    fn a_message_of_one_s_own_goes_to_its_recipients_again() {
        assert_eq!(
            reply(&message("x", Vec::new()), "alice@localhost", &words()).to,
            ["bob@localhost"]
        );
    }

    #[test]
    fn all_are_answered_once_and_in_their_field() {
        let to = ["Bob@localhost", "carol@localhost", "ALICE@localhost"];
        let cc = ["dave@localhost", "carol@localhost"];
        let draft = reply_all(
            &message_to(&to, &cc, "x", Vec::new()),
            "bob@localhost",
            &words(),
        );
        assert_eq!(draft.to, ["alice@localhost", "carol@localhost"]);
        assert_eq!(draft.cc, ["dave@localhost"]);
        assert!(draft.bcc.is_empty());
    }

    #[test]
    fn all_who_have_a_message_of_one_s_own_get_its_answer_and_no_hidden_one_does() {
        let message = message_to(&["bob@localhost"], &["carol@localhost"], "x", Vec::new());
        let draft = reply_all(&message, "alice@localhost", &words());
        assert_eq!(
            (draft.to, draft.cc),
            (vec!["bob@localhost".into()], vec!["carol@localhost".into()])
        );
        assert!(!draft.text.contains("hidden"));
    }

    #[test]
    fn a_note_to_oneself_is_answered_to_oneself() {
        let message = message_to(&["alice@localhost"], &[], "x", Vec::new());
        assert_eq!(
            reply_all(&message, "alice@localhost", &words()).to,
            ["alice@localhost"]
        );
        let message = message_to(&["alice@localhost"], &["bob@localhost"], "x", Vec::new());
        assert_eq!(
            reply_all(&message, "alice@localhost", &words()).to,
            ["bob@localhost"]
        );
    }

    #[test]
    fn re_is_said_once_and_references_stay_bounded() {
        let many = (0..80).map(|n| format!("{n}@localhost")).collect();
        let draft = reply(&message("RE: Dinner", many), "bob@localhost", &words());
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
