//! The S-Mail server: accounts, key directory, mailboxes and opaque blobs over HTTP.
//!
//! It cannot decrypt anything that it keeps: it knows neither OpenPGP nor the envelopes' cipher, and no password ever
//! reaches it. [`serve`] runs it; [`app`] is every path of it over one [`app_state::AppState`]; `handlers` holds one
//! file a concept; [`store`] is everything that is kept.

#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing
    )
)]

pub mod api_error;
pub mod app;
pub mod app_state;
mod assets;
pub mod cli;
mod client_label;
pub mod clock;
pub mod commands;
pub mod config;
mod content_digest;
pub mod control;
pub mod event_streams;
mod extract;
pub mod forwarded;
mod handlers;
pub mod logging;
pub mod middleware;
pub mod opaque;
pub mod openapi;
pub mod pending_logins;
pub mod progress;
pub mod rate_limit;
mod second_factor;
pub mod serve;
mod session_cookie;
pub mod short_lived;
pub mod store;
pub mod tls;
pub mod uploads;
