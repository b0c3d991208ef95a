//! What the black-box tests stand on: the real server as a process, a client that runs natively, a recorder of raw
//! traffic, hostile messages, the canary scanner, the crash suite and the disk it runs on.

#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing
    )
)]

pub mod crash;
pub mod disk;
pub mod hostile;
pub mod http;
pub mod luck;
pub mod mailbox;
pub mod measure;
pub mod people;
pub mod recorder;
pub mod scan;
pub mod server;
