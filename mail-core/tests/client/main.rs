//! The whole client against a server in memory: what people do, and what goes wrong on the way.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    unreachable_pub
)]

mod support;

mod attachments;
mod contacts;
mod corpus;
mod credentials;
mod drafts;
mod ending;
mod export;
mod folders;
mod harmful;
mod hostile_server;
mod import;
mod keys;
mod labels;
mod lists;
mod mail;
mod organise;
mod packed;
mod passkeys;
mod reading;
mod scheduled;
mod search;
mod second_factor;
mod settings;
mod snooze;
mod sync;
mod twice_sealed;
mod weather;
