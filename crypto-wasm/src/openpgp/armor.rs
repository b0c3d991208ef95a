//! ASCII armor: OpenPGP data as text.

use crate::error::Thrown;
use js_sys::Uint8Array;
use smail_crypto_core::openpgp::{self, ArmorKind};
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen(typescript_custom_section)]
const KINDS: &str = "
/** What an armored block holds. */
export type ArmorKind = \"message\" | \"signature\" | \"certificate\" | \"secret-key\";
";

const NAMES: [(&str, ArmorKind); 4] = [
    ("message", ArmorKind::Message),
    ("signature", ArmorKind::Signature),
    ("certificate", ArmorKind::Certificate),
    ("secret-key", ArmorKind::SecretKey),
];

/// Writes binary OpenPGP data as text (RFC 9580, section 6).
///
/// # Errors
/// An unknown kind.
#[wasm_bindgen]
pub fn armor(
    #[wasm_bindgen(unchecked_param_type = "ArmorKind")] kind: &str,
    bytes: &[u8],
) -> Result<String, Thrown> {
    let (_, kind) = NAMES
        .iter()
        .find(|(name, _)| *name == kind)
        .ok_or_else(|| Thrown::new("invalid-argument", "there is no such kind of armored block"))?;
    Ok(openpgp::armor(*kind, bytes))
}

/// Reads an armored block. What reads OpenPGP data here takes armored ones as they are: this is for who wants to know what a
/// block holds.
///
/// # Errors
/// Text that is no armored block of a known kind.
#[wasm_bindgen]
pub fn dearmor(text: &str) -> Result<Dearmored, Thrown> {
    let (kind, bytes) = openpgp::dearmor(text.as_bytes())?;
    Ok(Dearmored { kind, bytes })
}

/// An armored block, read.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Dearmored {
    kind: ArmorKind,
    bytes: Vec<u8>,
}

#[wasm_bindgen]
impl Dearmored {
    /// What it says that it holds.
    #[wasm_bindgen(getter, unchecked_return_type = "ArmorKind")]
    #[must_use]
    pub fn kind(&self) -> String {
        let name = NAMES.iter().find(|(_, kind)| *kind == self.kind);
        name.map_or_else(String::new, |(name, _)| (*name).to_owned())
    }

    /// The binary data.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn bytes(&self) -> Uint8Array {
        Uint8Array::from(&self.bytes[..])
    }
}
