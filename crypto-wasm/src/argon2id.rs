//! Argon2id (RFC 9106) by itself.

use crate::error::Thrown;
use serde::{Deserialize, Serialize};
use smail_crypto_core::Argon2idCost;
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::wasm_bindgen;

/// What a run of Argon2id costs.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StretchingCost {
    /// Memory, in KiB; at least 8 for each lane.
    pub memory_kib: u32,
    /// Passes over the memory; at least 1.
    pub iterations: u32,
    /// Lanes; at least 1.
    pub parallelism: u32,
}

/// Longest key that is made: more than any cipher takes.
const MAX_LENGTH_BYTES: f64 = 1_024.0;

/// Makes a key of this length, at most 1024 bytes, from a password and a salt of at least 8 bytes. The key is a copy, which is the caller's to
/// keep safe.
///
/// # Errors
/// Parameters that RFC 9106 forbids; more memory than 512 MiB; a longer key.
#[wasm_bindgen]
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // it is whole and in range
pub fn argon2id(
    password: &[u8],
    salt: &[u8],
    length_bytes: f64,
    cost: Ts<StretchingCost>,
) -> Result<Vec<u8>, Thrown> {
    // As an integer, it would be taken modulo 2 to the power of 32.
    if !(0.0..=MAX_LENGTH_BYTES).contains(&length_bytes) || length_bytes.fract() != 0.0 {
        let message = "a key has at most 1024 bytes, in a whole number";
        return Err(Thrown::new("invalid-argument", message));
    }
    let StretchingCost {
        memory_kib,
        iterations,
        parallelism,
    } = cost.to_rust()?;
    let cost = Argon2idCost {
        memory_kib,
        iterations,
        parallelism,
    };
    let key = smail_crypto_core::argon2id(password, salt, length_bytes as usize, cost)?;
    Ok(key.to_vec())
}
