//! The mail client, for the webmail's worker.

mod answers;
mod attachments;
mod client;
mod contacts;
mod factor;
mod keys;
mod lists;
mod offline;
mod opening;
mod organise;
mod passkeys;
mod progress;
mod reader;
mod records;
mod scheduled;
mod search;
mod settings;
mod transfer;
mod transport;

pub use client::MailClient;
pub use opening::MailLogIn;

use crate::error::Thrown;
use smail_mail_core::CodedError;

/// An error of the mail client, on its way to JavaScript.
fn thrown(error: impl CodedError) -> Thrown {
    Thrown::new(error.code(), &error)
        .with_field(error.field())
        .with_retry_after_s(error.retry_after_s())
}
