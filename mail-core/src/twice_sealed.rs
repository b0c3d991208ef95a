//! Mail that was brought in and is encrypted once more, as it was where it came from. It is kept as it came, and opened with
//! every key that is here, those from other programs too, each time it is read: a key may come after the mail.

use crate::client::Client;
use crate::env::Randomness;
use crate::message::{Note, ParsedMessage, parse, unwrap, with_outer_fields};
use crate::open::limits;
use crate::transport::Transport;
use smail_crypto_core::openpgp::{DecryptError, OpenedMessage};

/// Stands before a text that is encrypted, in place of the fields of its own that it does not have.
const TEXT_HEADER: &[u8] = b"Content-Type: text/plain; charset=utf-8\r\n\r\n";
const BEGIN: &str = "-----BEGIN PGP MESSAGE-----";
const END: &str = "-----END PGP MESSAGE-----";

impl<T: Transport, R: Randomness> Client<T, R> {
    /// What was brought in, opened if it is encrypted and a key for it is here; else it says why not. `octets` are what
    /// `message` was read from. Beside it stands what was opened, when the parts of the message are in that.
    pub(crate) fn look_inside(
        &self,
        octets: &[u8],
        message: ParsedMessage,
    ) -> (Option<OpenedMessage>, ParsedMessage) {
        if let Some(ciphertext) = pgp_mime(octets, &message) {
            return match self.read_inside(&ciphertext, &[]) {
                Ok((opened, inner)) => (Some(opened), with_outer_fields(inner, message)),
                Err(note) => (None, closed(message, note)),
            };
        }
        if !is_armored(&message.text) {
            return (None, message);
        }
        match self.read_inside(message.text.trim().as_bytes(), TEXT_HEADER) {
            // Files beside the text are where they were.
            Ok((_, inner)) => {
                let attachments = message.attachments.clone();
                let message = ParsedMessage {
                    attachments,
                    ..with_outer_fields(inner, message)
                };
                (None, message)
            }
            Err(note) => (None, closed(message, note)),
        }
    }

    /// Decrypts, and reads what is in it, below this header.
    fn read_inside(
        &self,
        ciphertext: &[u8],
        header: &[u8],
    ) -> Result<(OpenedMessage, ParsedMessage), Note> {
        let opened = self.account.keyring().decrypt(ciphertext, &limits());
        let opened = opened.map_err(|error| match error {
            DecryptError::NoMatchingKey => Note::OtherKey,
            _ => Note::Unopened,
        })?;
        let entity = [header, opened.plaintext()].concat();
        let inner = parse(&entity).map_err(|_| Note::Unopened)?;
        Ok((opened, inner))
    }
}

/// The encrypted part (RFC 3156, section 4), which stands behind one that says so.
fn pgp_mime(octets: &[u8], message: &ParsedMessage) -> Option<Vec<u8>> {
    let first = message.attachments.first()?;
    if first.media_type != "application/pgp-encrypted" {
        return None;
    }
    Some(unwrap(octets).ok()??.ciphertext)
}

/// RFC 9580, section 6.2: one encrypted message as text, and nothing else.
fn is_armored(text: &str) -> bool {
    let text = text.trim();
    text.starts_with(BEGIN) && text.ends_with(END) && text.matches(BEGIN).count() == 1
}

/// One that is not opened here.
fn closed(mut message: ParsedMessage, why: Note) -> ParsedMessage {
    message.notes.retain(|note| *note != Note::NoText);
    message.notes.push(why);
    message
}
