//! The real server from outside, in one program because linking takes longer than running.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod api_abuse;
mod canary;
mod crash;
mod disk_faults;
mod durability;
mod flow;
mod scanner;
