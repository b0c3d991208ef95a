//! S-Mail's WebAssembly module: all that `smail-crypto-wasm` exports.

#![allow(missing_docs)] // they are there

pub use smail_crypto_wasm::*;
