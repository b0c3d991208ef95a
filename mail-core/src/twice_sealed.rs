//! Mail that was brought in and is encrypted once more, as it was where it came from. It is opened with every key that is
//! here, those from other programs too, each time it is read: a key may come after the mail.

use crate::client::Client;
use crate::env::Randomness;
use crate::message::{Note, ParsedMessage, parse, unwrap, with_outer_fields};
use crate::open::limits;
use crate::transport::Transport;
use smail_crypto_core::openpgp::OpenedMessage;

/// Stands before a text that is encrypted, in place of the fields of its own that it does not have.
const TEXT_HEADER: &[u8] = b"Content-Type: text/plain; charset=utf-8\r\n\r\n";

impl<T: Transport, R: Randomness> Client<T, R> {
    /// What was brought in, opened if it is encrypted and a key for it is here; else it says that it is. `octets` are
    /// what `message` was read from. What was opened is given beside it when it is all that there is to see.
    pub(crate) fn look_inside(
        &self,
        octets: &[u8],
        message: ParsedMessage,
    ) -> (Option<OpenedMessage>, ParsedMessage) {
        if is_pgp_mime(&message) {
            let opened = unwrap(octets)
                .ok()
                .flatten()
                .and_then(|mail| self.open_again(&mail.ciphertext));
            let read = opened.and_then(|opened| Some((parse(opened.plaintext()).ok()?, opened)));
            return match read {
                Some((inner, opened)) => (Some(opened), with_outer_fields(inner, message)),
                None => (None, closed(message)),
            };
        }
        if !is_armored(&message.text) {
            return (None, message);
        }
        let opened = self.open_again(message.text.trim().as_bytes());
        let read = opened.and_then(|opened| {
            let entity = [TEXT_HEADER, opened.plaintext()].concat();
            Some((parse(&entity).ok()?, opened))
        });
        match read {
            // Files beside the text are where they were.
            Some((inner, opened)) => {
                let is_all = message.attachments.is_empty();
                let attachments = message.attachments.clone();
                let message = ParsedMessage {
                    attachments,
                    ..with_outer_fields(inner, message)
                };
                (is_all.then_some(opened), message)
            }
            None => (None, closed(message)),
        }
    }

    fn open_again(&self, ciphertext: &[u8]) -> Option<OpenedMessage> {
        self.account.keyring().decrypt(ciphertext, &limits()).ok()
    }
}

/// RFC 3156, section 4: its first part says so.
fn is_pgp_mime(message: &ParsedMessage) -> bool {
    let first = message.attachments.first();
    first.is_some_and(|part| part.media_type == "application/pgp-encrypted")
}

/// RFC 9580, section 6.2: nothing but an encrypted message as text.
fn is_armored(text: &str) -> bool {
    let text = text.trim();
    text.starts_with("-----BEGIN PGP MESSAGE-----") && text.ends_with("-----END PGP MESSAGE-----")
}

/// One that no key here opens.
fn closed(mut message: ParsedMessage) -> ParsedMessage {
    message.notes.retain(|note| *note != Note::NoText);
    message.notes.push(Note::OtherKey);
    message
}
