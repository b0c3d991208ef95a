//! Signatures: what they are worth, and those that stand apart from what they sign.

use super::{Certificates, SecretKey};
use crate::error::Thrown;
use crate::time::at;
use rand::rngs::OsRng;
use serde::Serialize;
use smail_crypto_core::openpgp::{self, Fingerprint, SignatureVerdict, VerifiedSignature};
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::wasm_bindgen;

/// What the signatures over something say, after all checks. Fingerprints are upper-case hexadecimal in groups of four,
/// each of a primary key.
#[derive(Debug, Clone, Serialize, Tsify)]
#[serde(
    tag = "state",
    rename_all = "kebab-case",
    rename_all_fields = "camelCase"
)]
pub enum Signature {
    /// There is none.
    Unsigned,
    /// By none of the certificates given.
    UnknownSigner {
        /// Whose they say they are. Nobody has checked that.
        claimed: Vec<String>,
    },
    /// It does not fit.
    Invalid {
        /// Whose it says it is.
        signer: String,
    },
    /// It fits, by a key that may not be used to sign.
    UnusableSigner {
        /// Whose it is.
        signer: String,
        /// What is wrong with the key: an error code.
        #[tsify(type = "CryptoErrorCode")]
        fault: String,
    },
    /// It fits, and was made for other readers.
    OtherRecipient {
        /// Whose it is.
        signer: String,
        /// When it was made, in milliseconds since 1970.
        created_ms: f64,
    },
    /// It fits, by a key that may sign.
    Valid {
        /// Whose it is.
        signer: String,
        /// When it was made, in milliseconds since 1970.
        created_ms: f64,
    },
}

impl Signature {
    pub(super) fn of(verdict: &SignatureVerdict) -> Self {
        match verdict {
            SignatureVerdict::Unsigned => Self::Unsigned,
            SignatureVerdict::UnknownSigner { claimed } => Self::UnknownSigner {
                claimed: claimed.iter().map(Fingerprint::to_string).collect(),
            },
            SignatureVerdict::Invalid { signer } => Self::Invalid {
                signer: signer.to_string(),
            },
            SignatureVerdict::UnusableSigner { signer, fault } => Self::UnusableSigner {
                signer: signer.to_string(),
                fault: fault.code().to_owned(),
            },
            SignatureVerdict::OtherRecipient(verified) => Self::OtherRecipient {
                signer: verified.signer.to_string(),
                created_ms: created_ms(verified),
            },
            SignatureVerdict::Valid(verified) => Self::Valid {
                signer: verified.signer.to_string(),
                created_ms: created_ms(verified),
            },
            // A verdict this surface does not know yet proves nothing.
            _ => Self::UnknownSigner {
                claimed: Vec::new(),
            },
        }
    }
}

/// Signs data; gives a binary signature.
///
/// # Errors
/// A key that may not sign now.
#[wasm_bindgen(js_name = signDetached)]
pub fn sign_detached(
    data: &[u8],
    signer: &SecretKey,
    now_ms: Option<f64>,
) -> Result<Vec<u8>, Thrown> {
    let signer = signer.keys()?;
    Ok(openpgp::sign_detached(
        data,
        &signer,
        at(now_ms)?,
        &mut OsRng,
    )?)
}

/// Says what a signature, binary or armored, over data is worth.
///
/// # Errors
/// Something that is no signature.
#[wasm_bindgen(js_name = verifyDetached)]
pub fn verify_detached(
    data: &[u8],
    signature: &[u8],
    signers: &Certificates,
    now_ms: Option<f64>,
) -> Result<Ts<Signature>, Thrown> {
    let verdict = openpgp::verify_detached(data, signature, &signers.0.borrow(), at(now_ms)?)?;
    Ok(Signature::of(&verdict).into_ts()?)
}

#[allow(clippy::cast_precision_loss)] // OpenPGP's times have 32 bits
fn created_ms(signature: &VerifiedSignature) -> f64 {
    signature.created.get() as f64 * 1_000.0
}
