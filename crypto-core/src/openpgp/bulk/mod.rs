//! Large messages, whose ciphers and digests are computed by somebody faster: in a browser AES-GCM and SHA-2 are many times as
//! fast as in WebAssembly, and so is AES, of which OCB is made. Here is what remains: packets, session keys, signatures, and which
//! call seals or opens what.
//!
//! [`Sealing`] makes the same messages as [`encrypt_and_sign`](super::encrypt_and_sign) does for readers of SEIPD
//! version 2 (RFC 9580, section 5.13.2), and [`Opening`] reads those that [`decrypt`](super::decrypt()) reads. Each is a
//! list of calls that do not depend on each other, so that several can be under way. [`SealingStream`] and
//! [`OpeningStream`] do the same for what comes bit by bit, of any length.

mod cipher;
mod content;
mod framing;
mod given_key;
mod here;
mod octets;
mod open;
mod queue;
mod seal;
mod signed_data;
mod stream_open;
mod stream_seal;
mod trials;

pub use cipher::{AeadCall, ContainerCipher};
pub use given_key::SessionKey;
pub use octets::{Octets, Piece, Written};
pub use open::Opening;
pub use seal::{DIGEST, Sealing};
pub(super) use seal::{LITERAL_FIELDS, LITERAL_TAG, wrap, write_length};
pub use signed_data::DigestCall;
pub use smail_ciphers::{Mode, OcbBlocks, TAG_BYTES};
pub use stream_open::OpeningStream;
pub use stream_seal::SealingStream;
