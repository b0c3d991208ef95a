//! The crash suite: senders work against the real server, the server is torn away, and after each restart everything
//! that was acknowledged must be there as it was acknowledged.
//!
//! - [`cast`]: the people, each with a session that survives the crashes.
//! - [`sender`]: what one person does: uploads, deliveries, item and state writes, removals, at random.
//! - [`book`]: what each person knows to be true, and what a request without an answer may have made of it.
//! - [`inspect`]: what the server says after a restart, every octet of it.
//! - [`verdict`]: the two compared.
//! - [`history`]: the same for a copy of the store that was made while people went on; [`backup`] makes one.
//! - [`rounds`]: work, crash, restart, verdict, again.

pub mod backup;
pub mod book;
pub mod cast;
pub mod history;
pub mod inspect;
pub mod killed;
pub mod powerless;
pub mod rounds;
pub mod sender;
pub mod tally;
pub mod verdict;

pub use killed::Killed;
pub use powerless::Powerless;
pub use rounds::{Machine, Plan, run};
pub use tally::Tally;
