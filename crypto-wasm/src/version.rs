//! Which version this is.

use wasm_bindgen::prelude::wasm_bindgen;

/// The version of the cryptographic core, as `1.2.3`.
#[wasm_bindgen]
#[must_use]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}
