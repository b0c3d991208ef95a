//! What any S-Mail client must know, whatever it runs on.
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing
    )
)]
#![warn(missing_docs)]

mod api;
mod env;

pub mod message;
pub mod transport;
pub mod views;

pub use api::ApiError;
pub use env::{Env, Randomness};
