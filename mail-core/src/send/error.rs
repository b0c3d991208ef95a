//! Why a message was not sent.

use crate::api::ApiError;
use crate::attachment::TransferError;
use crate::blob::BlobError;
use crate::error::{CodedError, Typed};
use crate::message::BuildError;
use crate::recipients::sentence;
use crate::state::StateError;
use crate::views::{RecipientState, RecipientStatus};
use smail_crypto_core::envelope::SealError;
use smail_crypto_core::openpgp::{CertificateError, EncryptError};
use smail_protocol::ProblemCode;

/// Why a message was not sent. Nothing is lost: the draft is as it was.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum SendError {
    /// Nobody to send to.
    #[error("Add at least one recipient.")]
    NoRecipients,
    /// More recipients than one message may have.
    #[error("A message can have at most {limit} recipients. Remove some, or send it twice.")]
    TooManyRecipients {
        /// The limit.
        limit: usize,
    },
    /// A recipient cannot be written to.
    #[error("{}", sentence(*.state, .address))]
    Recipient {
        /// Which field names it: `to`, `cc` or `bcc`.
        field: &'static str,
        /// What is wrong.
        state: RecipientState,
        /// Its address, or what was typed.
        address: Typed,
    },
    /// A recipient's account has gone between look-up and delivery.
    #[error("A recipient's account is no longer there. Remove it and send again.")]
    RecipientGone,
    /// The message cannot be built.
    #[error(transparent)]
    Build(#[from] BuildError),
    /// The account's own certificate breaks policy.
    #[error("Your own key cannot be used: {0}.")]
    OwnKey(#[source] CertificateError),
    /// What is attached cannot be sent.
    #[error(transparent)]
    Attachment(#[from] TransferError),
    /// The message could not be encrypted.
    #[error(
        "The message could not be encrypted on this device. Reload the page and try again; the text is kept."
    )]
    Encrypt(#[source] EncryptError),
    /// The summary of the Sent copy could not be sealed.
    #[error(
        "The message could not be protected on this device. Reload the page and try again; the text is kept."
    )]
    Seal(#[source] SealError),
    /// The upload failed.
    #[error(transparent)]
    Upload(#[from] BlobError),
    /// The look-up failed.
    #[error(transparent)]
    LookUp(#[from] StateError),
    /// An earlier try got through, with the words it had then.
    #[error(
        "This message has gone out already, as it was before you changed it. It is in Sent; what you have written here is kept."
    )]
    WentOut,
    /// The draft that it was saved as could not be asked about.
    #[error(transparent)]
    Draft(ApiError),
    /// No answer to the delivery: it may have gone out.
    #[error(
        "It is not known yet whether the message went out: the server's answer was lost. You will see when the server is reached again; sending it once more will not make it arrive twice."
    )]
    Unconfirmed(#[source] ApiError),
    /// The server refused the delivery.
    #[error(transparent)]
    Delivery(ApiError),
}

impl SendError {
    pub(super) fn recipient(field: &'static str, status: &RecipientStatus) -> Self {
        let address = Typed::new(status.address.as_deref().unwrap_or(&status.typed));
        Self::Recipient {
            field,
            state: status.state,
            address,
        }
    }

    pub(super) fn of_delivery(error: ApiError) -> Self {
        if error.is_of_a_part() {
            Self::Attachment(TransferError::GivenUp)
        } else if error.is(ProblemCode::UnknownRecipient) {
            Self::RecipientGone
        } else {
            Self::Delivery(error)
        }
    }
}

impl CodedError for SendError {
    fn code(&self) -> &'static str {
        match self {
            Self::NoRecipients => "no-recipients",
            Self::TooManyRecipients { .. } => "too-many-recipients",
            Self::Recipient { state, .. } => match state {
                RecipientState::Malformed => "malformed-recipient",
                RecipientState::Outside => "outside-recipient",
                RecipientState::UnusableKey => "unusable-key",
                RecipientState::ChangedKey => "changed-key",
                RecipientState::Unknown | RecipientState::Ready => "unknown-recipient",
            },
            Self::RecipientGone => "unknown-recipient",
            Self::Build(error) => error.code(),
            Self::Attachment(error) => error.code(),
            Self::OwnKey(error) => error.code(),
            Self::Encrypt(error) => error.code(),
            Self::Seal(error) => error.code(),
            Self::Upload(error) => error.code(),
            Self::LookUp(error) => error.code(),
            Self::Unconfirmed(_) => "send-unconfirmed",
            Self::WentOut => "send-went-out",
            Self::Draft(error) | Self::Delivery(error) => error.code(),
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::NoRecipients | Self::TooManyRecipients { .. } | Self::RecipientGone => Some("to"),
            Self::Recipient { field, .. } => Some(field),
            Self::Build(BuildError::HeaderTooLarge { .. }) => Some("subject"),
            Self::Delivery(error) if error.is(ProblemCode::RecipientFull) => Some("to"),
            Self::Build(_) | Self::Upload(BlobError::TooLarge { .. }) => Some("text"),
            _ => None,
        }
    }

    fn retry_after_s(&self) -> Option<u64> {
        match self {
            Self::Upload(BlobError::Server(error))
            | Self::Draft(error)
            | Self::Unconfirmed(error)
            | Self::Delivery(error) => error.retry_after_s(),
            Self::LookUp(error) => error.retry_after_s(),
            _ => None,
        }
    }
}
