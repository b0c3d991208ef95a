//! Mail in and out in ordinary files: mbox (RFC 4155) and single messages (RFC 5322). Files are read and written piece
//! by piece, and in the clear on this device alone: what comes in is sealed before it goes up.

mod digest;
mod export;
mod fields;
mod flags;
mod import;
mod mbox;

pub(crate) use digest::Digest;
pub use export::ExportError;
pub use import::{ImportError, ImportWatch};
