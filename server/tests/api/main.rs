//! The API from outside: the real application over a store in memory, spoken to by clients with a real OPAQUE half.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod account;
mod backup;
mod blobs;
mod credentials;
mod cross_site;
mod deliver;
mod events;
mod faults;
mod headers;
mod items;
mod keys;
mod login;
mod openapi;
mod passkeys;
mod problems;
mod program;
mod quota;
mod rate_limits;
mod register;
mod second_factor;
mod sessions;
mod stall;
mod state;
mod support;
mod tls;
