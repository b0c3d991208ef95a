//! The API's handlers, one file a concept. Each extracts, authorises, acts through the store's verbs, and responds.

pub(crate) mod account;
pub(crate) mod blobs;
pub(crate) mod changes;
pub(crate) mod credentials;
pub(crate) mod deliver;
pub(crate) mod directory;
pub(crate) mod events;
pub(crate) mod health;
pub(crate) mod items;
pub(crate) mod keys;
pub(crate) mod login;
pub(crate) mod mailboxes;
pub(crate) mod passkeys;
pub(crate) mod register;
pub(crate) mod scheduled;
pub(crate) mod second_factor;
pub(crate) mod second_step;
pub(crate) mod server_info;
pub(crate) mod sessions;
pub(crate) mod state;
mod validate;
