//! The store measured over HTTP, as `cargo xtask bench store` needs it: the real server, keep-alive connections, and
//! Debian's nginx and plain files beside it.

mod deliveries;
mod directory;
pub mod fill;
mod memory;
mod nginx;
mod reads;
mod row;
mod stored;
mod wire;

pub use deliveries::{Deliveries, deliveries};
pub use row::{Row, median};
pub use stored::{Stored, stored};
