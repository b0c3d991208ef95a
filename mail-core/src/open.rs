//! Opening a message: download, check, decrypt, read, and judge who wrote it.

use crate::address::local_username;
use crate::api::ApiError;
use crate::blob::BlobError;
use crate::client::Client;
use crate::directory::Found;
use crate::env::Randomness;
use crate::message::{ParseError, ParsedMessage, parse, unwrap, with_outer_fields};
use crate::security::{Standing, security};
use crate::state::StateError;
use crate::transport::Transport;
use crate::views::{KeyChangeInfo, Security, SignatureState, Step};
use smail_crypto_core::UnixSeconds;
use smail_crypto_core::openpgp::{
    Certificate, DecryptError, Limits, OpenedMessage, describe_encryption,
};
use smail_protocol::{Item, ItemId, ProblemCode, limits::MAX_BLOB_BYTES};

/// Why a message could not be opened.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum OpenMessageError {
    /// Its octets are not there.
    #[error(transparent)]
    Blob(#[from] BlobError),
    /// It does not decrypt.
    #[error("{}", decrypt_sentence(.0))]
    Decrypt(#[source] DecryptError),
    /// What was inside is not a message that can be read.
    #[error(transparent)]
    Message(#[from] ParseError),
    /// The author's key could not be looked up.
    #[error(transparent)]
    Author(#[from] StateError),
}

impl OpenMessageError {
    /// Stable word for this error.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Blob(error) => error.code(),
            Self::Decrypt(error) => error.code(),
            Self::Message(error) => error.code(),
            Self::Author(error) => crate::CodedError::code(error),
        }
    }

    /// The server's part, when that is what failed.
    pub(crate) const fn server(&self) -> Option<&ApiError> {
        match self {
            Self::Blob(BlobError::Server(error)) | Self::Author(StateError::Server(error)) => {
                Some(error)
            }
            _ => None,
        }
    }

    /// Whether trying again may help: the message itself is not at fault.
    pub(crate) fn is_passing(&self) -> bool {
        match self {
            // Cut short or exchanged on its way: the blob with this name is another.
            Self::Blob(BlobError::Altered) => true,
            _ => self
                .server()
                .is_some_and(|error| !error.is(ProblemCode::NotFound)),
        }
    }
}

fn decrypt_sentence(error: &DecryptError) -> String {
    match error {
        DecryptError::NoMatchingKey => {
            "This message is not encrypted to you, so it cannot be opened."
        }
        DecryptError::Tampered => {
            "This message was altered or cut short on its way. It is not shown."
        }
        DecryptError::NotEncrypted => "This message is not encrypted. It is not shown.",
        DecryptError::Unprotected => {
            "This message is encrypted in an old, unsafe way. It is not shown."
        }
        DecryptError::LimitExceeded(_) => {
            "This message asks for more work than any honest one. It is not opened."
        }
        _ => "What came is not an encrypted message, or is damaged. It is not shown.",
    }
    .to_owned()
}

/// A message, opened and judged.
#[derive(Debug)]
pub(crate) struct OpenedMail {
    pub(crate) message: ParsedMessage,
    pub(crate) security: Security,
    /// What it was read from.
    pub(crate) opened: OpenedMessage,
    /// What was encrypted in that once more, if anything was: its parts are those of the message.
    pub(crate) inside: Option<OpenedMessage>,
}

impl OpenedMail {
    /// About how many octets it keeps in memory.
    pub(crate) fn size_bytes(&self) -> usize {
        // The text, and its parts as they were formatted, are copies.
        2 * self.opened.plaintext().len() + self.innermost().plaintext().len() + 4_096
    }

    /// What its text and its parts stand in.
    pub(crate) fn innermost(&self) -> &OpenedMessage {
        self.inside.as_ref().unwrap_or(&self.opened)
    }
}

/// Bounds on decryption: no honest message is larger inside than a blob may be outside.
pub(crate) const fn limits() -> Limits {
    let mut limits = Limits::DEFAULT;
    limits.plaintext_bytes = MAX_BLOB_BYTES as usize;
    limits
}

impl<T: Transport, R: Randomness> Client<T, R> {
    /// Opens an item's message.
    pub(crate) async fn open_mail(
        &self,
        item: &Item,
        progress: &dyn Fn(Step),
    ) -> Result<OpenedMail, OpenMessageError> {
        progress(Step::Downloading);
        let octets = self.fetch_blob(item.blob_id).await?;
        progress(Step::Decrypting);
        let apart = self.watched(item.item_id, || self.take_apart(item, &octets))?;
        let (opened, inside, mut message) = apart;
        message.settle_date(item.arrival_ms / 1_000);
        self.index_message(item, &message);
        let author = self.author(&message.from.address).await?;
        let security = self.watched(item.item_id, || Security {
            encrypted_with: description(&octets),
            ..self.judge_signature(inside.as_ref().unwrap_or(&opened), &author)
        });
        self.pin_author(&author, &security).await;
        Ok(OpenedMail {
            message,
            security,
            opened,
            inside,
        })
    }

    /// What a message says, whoever wrote it.
    pub(crate) async fn look_at_message(
        &self,
        item: &Item,
    ) -> Result<ParsedMessage, OpenMessageError> {
        let octets = self.fetch_blob(item.blob_id).await?;
        let apart = self.watched(item.item_id, || self.take_apart(item, &octets))?;
        let (.., mut message) = apart;
        message.settle_date(item.arrival_ms / 1_000);
        Ok(message)
    }

    /// Does work that a hostile message may not let come to its end.
    pub(crate) fn watched<V>(&self, item_id: ItemId, work: impl FnOnce() -> V) -> V {
        let transport = self.env.transport();
        transport.opening(item_id);
        let outcome = work();
        transport.opened(item_id);
        outcome
    }

    /// Decrypts and parses.
    fn take_apart(
        &self,
        item: &Item,
        octets: &[u8],
    ) -> Result<(OpenedMessage, Option<OpenedMessage>, ParsedMessage), OpenMessageError> {
        let (opened, outer) = self.decrypt(octets)?;
        let inner = parse(opened.plaintext())?;
        let message = match outer {
            Some(outer) => with_outer_fields(inner, outer),
            None => inner,
        };
        // Of what others send no second layer is opened: they could have what is encrypted to this account sent back to them
        // by an answer that quotes it.
        if !self.was_brought(item) {
            return Ok((opened, None, message));
        }
        let (inside, message) = self.look_inside(opened.plaintext(), message);
        Ok((opened, inside, message))
    }

    /// Whether the person brought it in from a file, as its summary says.
    fn was_brought(&self, item: &Item) -> bool {
        self.summary_of(item)
            .is_some_and(|content| content.was_brought())
    }

    /// Decrypts a bare OpenPGP message, or one in PGP/MIME with the fields that stand outside.
    fn decrypt(
        &self,
        octets: &[u8],
    ) -> Result<(OpenedMessage, Option<ParsedMessage>), OpenMessageError> {
        let keyring = self.account.keyring();
        let decrypted = |ciphertext: &[u8]| {
            let opened = keyring.decrypt(ciphertext, &limits());
            opened.map_err(OpenMessageError::Decrypt)
        };
        // Every OpenPGP packet begins with a set bit 7 (RFC 9580, section 4.2); no header field does.
        let is_text = octets.first().is_some_and(u8::is_ascii);
        match if is_text { unwrap(octets)? } else { None } {
            Some(mail) => Ok((decrypted(&mail.ciphertext)?, Some(mail.outer))),
            None => Ok((decrypted(octets)?, None)),
        }
    }

    /// Whether the message is signed by who its From names.
    fn judge_signature(&self, opened: &OpenedMessage, author: &Author) -> Security {
        let signers = author.certificate.as_slice();
        let verdict = opened.verify(signers, UnixSeconds::from_ms(self.env.now_ms()));
        let algorithms = opened.signature_algorithms();
        let judged = security(&verdict, &author.address, author.standing);
        Security {
            signed_with: (!algorithms.is_empty()).then(|| algorithms.join(", ")),
            sender_verified: author.is_verified && judged.signature == SignatureState::Verified,
            key_change: author.key_change.clone(),
            ..judged
        }
    }

    /// Pins the key of an author who is verified for the first time.
    async fn pin_author(&self, author: &Author, security: &Security) {
        if let (SignatureState::Verified, false, Some(fingerprint)) = (
            security.signature,
            author.seen_before,
            &security.signer_fingerprint,
        ) {
            // A pin that is not kept now is kept at the next message.
            drop(self.pin_first(&author.address, fingerprint).await);
        }
    }

    /// What is known of the address in From.
    async fn author(&self, address: &str) -> Result<Author, StateError> {
        let Some(username) = local_username(address, &self.account.domain) else {
            let standing = if address.is_empty() {
                Standing::Nobody
            } else {
                Standing::Outside
            };
            return Ok(Author::without_key(address.to_owned(), standing));
        };
        // What is said and pinned names the account that was looked up, never the text that led to it.
        let address = format!("{username}@{}", self.account.domain);
        let mut found = self.find(std::slice::from_ref(&username)).await?;
        Ok(match found.remove(&username) {
            None | Some(Found::Nobody) => Author::without_key(address, Standing::NoAccount),
            Some(Found::Unusable { .. }) => Author::without_key(address, Standing::UnusableKey),
            Some(Found::Changed {
                fingerprint,
                pinned,
                was_verified,
                ..
            }) => Author {
                key_change: Some(KeyChangeInfo {
                    address: address.clone(),
                    fingerprint,
                    pinned_fingerprint: pinned,
                    was_verified,
                }),
                ..Author::without_key(address, Standing::ChangedKey)
            },
            Some(Found::Certificate {
                certificate,
                pinned,
                verified,
            }) => Author {
                certificate: Some(certificate.certificate().clone()),
                seen_before: pinned,
                // Nobody compares a key of their own.
                is_verified: verified && username != self.account.username,
                ..Author::without_key(address, Standing::Known)
            },
        })
    }
}

/// What the message is encrypted with, whether it is bare or in PGP/MIME.
fn description(octets: &[u8]) -> Option<String> {
    if octets.first().is_some_and(u8::is_ascii) {
        let mail = unwrap(octets).ok().flatten()?;
        describe_encryption(&mail.ciphertext)
    } else {
        describe_encryption(octets)
    }
}

/// Who a message says it is from.
struct Author {
    /// addr-spec; empty when there is none.
    address: String,
    standing: Standing,
    /// What a signature is checked against.
    certificate: Option<Certificate>,
    /// Whether the certificate is pinned.
    seen_before: bool,
    /// Whether the person has compared it with its owner.
    is_verified: bool,
    /// It is another than the one that is pinned.
    key_change: Option<KeyChangeInfo>,
}

impl Author {
    const fn without_key(address: String, standing: Standing) -> Self {
        Self {
            address,
            standing,
            certificate: None,
            seen_before: false,
            is_verified: false,
            key_change: None,
        }
    }
}
