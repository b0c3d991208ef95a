//! The address book: people and groups in sealed state that all sessions share, what is suggested while a recipient is
//! typed, cards in files (vCard), and whose keys have been compared with their owners.

mod book;
mod complete;
mod correspondents;
mod entry;
mod error;
mod groups;
mod import;
mod key;
mod lookup;
mod shards;
mod vcard;

pub(crate) use correspondents::Correspondents;
pub use error::ContactError;
pub(crate) use lookup::Lookup;
