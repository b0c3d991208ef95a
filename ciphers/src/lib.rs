//! The modes that OpenPGP messages are sealed in, on AES: which blocks go where, many at a time. The modes and AES are
//! RustCrypto's.
//!
//! Most of that is generic code, which is compiled where it is used. So it is used in a crate of its own: the one that
//! is compiled for speed in WebAssembly, where all around it is compiled for size (docs/decisions/0021).

#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing
    )
)]

mod aead;
mod cfb;
mod ocb;
mod plaintext;

pub use aead::{Mode, Refused, Sealed, TAG_BYTES};
pub use cfb::{AES_BLOCK_BYTES, decrypt_cfb, is_digest};
pub use ocb::OcbBlocks;
pub use plaintext::Plaintext;
