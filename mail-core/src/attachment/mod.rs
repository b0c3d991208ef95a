//! Attachments: files beside a message, not in it. Each is sealed under a session key of its own, cut into pieces that
//! are blobs, and named by the message: so it goes up while the message is still written, a lost connection costs one
//! piece, several recipients share it, and who reads the message fetches it only when they want it. The message's
//! signature covers what it names.

mod cut_off;
mod error;
mod fetch;
mod file;
mod handle;
mod part;
mod upload;

#[cfg(test)]
pub(crate) use cut_off::sample;
pub(crate) use cut_off::{CutOff, parts_of};
pub use error::TransferError;
pub use file::{FileSource, FileUnreadable, NewAttachment, TransferWatch};
pub(crate) use part::{cut_off, mime_parts, picture_part};
