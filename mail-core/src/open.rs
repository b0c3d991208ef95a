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
use crate::views::{Security, SignatureState, Step};
use smail_crypto_core::UnixSeconds;
use smail_crypto_core::openpgp::{Certificate, DecryptError, Limits, OpenedMessage, decrypt};
use smail_protocol::{BlobId, ProblemCode, Username, limits::MAX_BLOB_BYTES};

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
}

/// Bounds on decryption: no honest message is larger inside than a blob may be outside.
const fn limits() -> Limits {
    let mut limits = Limits::DEFAULT;
    limits.plaintext_bytes = MAX_BLOB_BYTES as usize;
    limits
}

impl<T: Transport, R: Randomness> Client<T, R> {
    /// Opens the message in this blob.
    pub(crate) async fn open_mail(
        &self,
        blob_id: BlobId,
        progress: &dyn Fn(Step),
    ) -> Result<OpenedMail, OpenMessageError> {
        progress(Step::Downloading);
        let octets = self.fetch_blob(blob_id).await?;
        progress(Step::Decrypting);
        let (opened, outer) = self.decrypt(&octets)?;
        let inner = parse(opened.plaintext())?;
        let message = match outer {
            Some(outer) => with_outer_fields(inner, outer),
            None => inner,
        };
        let security = self.judge_author(&opened, &message.from.address).await?;
        Ok(OpenedMail { message, security })
    }

    /// Decrypts a bare OpenPGP message, or one in PGP/MIME with the fields that stand outside.
    fn decrypt(
        &self,
        octets: &[u8],
    ) -> Result<(OpenedMessage, Option<ParsedMessage>), OpenMessageError> {
        let decrypted = |ciphertext: &[u8]| {
            decrypt(ciphertext, &self.account.secret_key, &limits())
                .map_err(OpenMessageError::Decrypt)
        };
        // Every OpenPGP packet begins with a set bit 7 (RFC 9580, section 4.2); no header field does.
        let is_text = octets.first().is_some_and(u8::is_ascii);
        match if is_text { unwrap(octets)? } else { None } {
            Some(mail) => Ok((decrypted(&mail.ciphertext)?, Some(mail.outer))),
            None => Ok((decrypted(octets)?, None)),
        }
    }

    async fn judge_author(
        &self,
        opened: &OpenedMessage,
        address: &str,
    ) -> Result<Security, OpenMessageError> {
        let author = local_username(address, &self.account.domain);
        // What is said and pinned names the account that was looked up, never the text that led to it.
        let canonical = author
            .as_ref()
            .map(|username| format!("{username}@{}", self.account.domain));
        let address = canonical.as_deref().unwrap_or(address);
        let (standing, certificate, seen_before) = self.standing(address, author).await?;
        let signers: Vec<Certificate> = certificate.into_iter().collect();
        let verdict = opened.verify(&signers, UnixSeconds::from_ms(self.env.now_ms()));
        let security = security(&verdict, address, standing);
        if let (SignatureState::Verified, false, Some(fingerprint)) = (
            security.signature,
            seen_before,
            &security.signer_fingerprint,
        ) {
            // A pin that is not kept now is kept at the next message.
            drop(self.pin_first(address, fingerprint).await);
        }
        Ok(security)
    }

    /// What is known of the address in From, the certificate to check a signature against, and whether it is pinned.
    async fn standing(
        &self,
        address: &str,
        author: Option<Username>,
    ) -> Result<(Standing, Option<Certificate>, bool), StateError> {
        let Some(username) = author else {
            let standing = if address.is_empty() {
                Standing::Nobody
            } else {
                Standing::Outside
            };
            return Ok((standing, None, false));
        };
        let mut found = self.find(std::slice::from_ref(&username)).await?;
        Ok(match found.remove(&username) {
            None | Some(Found::Nobody) => (Standing::NoAccount, None, false),
            Some(Found::Unusable { .. }) => (Standing::UnusableKey, None, false),
            Some(Found::Changed { .. }) => (Standing::ChangedKey, None, true),
            Some(Found::Certificate {
                certificate,
                pinned,
            }) => (
                Standing::Known,
                Some(certificate.certificate().clone()),
                pinned,
            ),
        })
    }
}
