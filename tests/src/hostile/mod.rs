//! What mallory makes: messages and certificates that must be refused, each named for its fault.

mod certificate;
mod deliver;
mod message;

pub use certificate::{CertificateFault, certificate};
pub use deliver::deliver;
pub use message::{MessageFault, message, message_of, signer};
