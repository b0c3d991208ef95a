//! The crate from outside, in one program because linking takes longer than running: OpenPGP (what policy lets pass, what
//! messages survive, what hostile input comes to), OPAQUE with its RFC's vectors, stored formats, GnuPG.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod accounts;
mod altered;
mod bulk;
mod common;
mod containers;
mod costly;
mod digests;
mod endless;
mod forge;
mod forged_message;
mod formats;
mod given_key;
mod gnupg;
mod hostile;
mod keys;
mod lengths;
mod leniency;
mod matrix;
mod messages;
mod opaque;
mod policy;
mod rfc9106;
mod rfc9807;
mod samples;
mod signatures;
mod subkeys;
mod truncated;
mod wycheproof;
