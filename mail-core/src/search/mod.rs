//! Finding messages: words of any language, a query language, and an index that is built here, kept sealed on the
//! server in parts, and shared by all sessions of the account.
//!
//! The joint to the rest of the client is narrow: [`Client::index_message`](crate::Client) takes what was opened,
//! [`Client::index_hears_of`](crate::Client) what the server tells of, [`Client::index_step`](crate::Client::index_step)
//! does the rest of the work a little at a time, and [`Client::search`](crate::Client::search) answers.

mod bits;
mod build;
mod error;
mod evaluate;
mod field;
mod find;
mod index;
#[cfg(feature = "bench")]
pub mod measure;
mod merge_plan;
mod message_fields;
mod parts;
mod phrase;
mod places;
mod query;
mod saved;
mod script;
mod segment;
mod show;
mod store;
mod walk;
mod words;
mod work;

pub use error::SearchError;
pub use find::SearchRequest;
pub(crate) use message_fields::draft_version;
pub(crate) use phrase::{Mark, marked};
pub(crate) use words::each_token;
pub(crate) use work::Work;

/// Messages that are indexed before they are written into a part.
const FLUSH_MESSAGES: usize = 1_000;
