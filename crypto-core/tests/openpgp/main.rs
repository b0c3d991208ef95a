//! OpenPGP as a whole: what policy lets pass, what messages survive, what hostile input comes to.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod accounts;
mod altered;
#[path = "../common/mod.rs"]
mod common;
mod costly;
mod forge;
mod forged_message;
mod hostile;
mod keys;
mod messages;
mod policy;
mod samples;
mod signatures;
mod subkeys;
