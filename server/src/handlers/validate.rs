//! What the server checks of values that it cannot read.

use crate::api_error::{ApiError, ApiResult};
use smail_protocol::limits::{
    KSF_CEILING_ITERATIONS, KSF_CEILING_MEMORY_KIB, KSF_FLOOR_ITERATIONS, KSF_FLOOR_MEMORY_KIB,
    MAX_ITEM_PARTS, MAX_SEALED_BYTES,
};
use smail_protocol::{BlobId, Bytes, KsfParameters, WrappedCredential};

/// Most lanes a key stretching function may have.
const KSF_CEILING_PARALLELISM: u32 = 16;

/// A sealed envelope: there, and no larger than [`MAX_SEALED_BYTES`].
pub(super) fn sealed(field: &str, envelope: &Bytes) -> ApiResult<()> {
    octets(field, envelope, MAX_SEALED_BYTES)
}

/// Octets: at least one, at most `limit_bytes`.
pub(super) fn octets(field: &str, octets: &Bytes, limit_bytes: usize) -> ApiResult<()> {
    match octets.as_slice().len() {
        0 => Err(ApiError::invalid(field, "This must not be empty.")),
        length if length > limit_bytes => Err(ApiError::too_large(limit_bytes as u64).field(field)),
        _ => Ok(()),
    }
}

/// Parts of an item: no more than [`MAX_ITEM_PARTS`].
pub(super) fn parts(parts: &[BlobId]) -> ApiResult<()> {
    if parts.len() > MAX_ITEM_PARTS {
        let detail = format!("An item has at most {MAX_ITEM_PARTS} parts.");
        return Err(ApiError::invalid("parts", &detail));
    }
    Ok(())
}

/// A credential: within limits, with key stretching that a client will accept at login.
pub(super) fn credential(prefix: &str, credential: &WrappedCredential) -> ApiResult<()> {
    sealed(
        &format!("{prefix}wrapped_account_key"),
        &credential.wrapped_account_key,
    )?;
    ksf(&format!("{prefix}ksf"), credential.ksf)
}

fn ksf(field: &str, ksf: KsfParameters) -> ApiResult<()> {
    let fits = (KSF_FLOOR_MEMORY_KIB..=KSF_CEILING_MEMORY_KIB).contains(&ksf.memory_kib)
        && (KSF_FLOOR_ITERATIONS..=KSF_CEILING_ITERATIONS).contains(&ksf.iterations)
        && (1..=KSF_CEILING_PARALLELISM).contains(&ksf.parallelism);
    if fits {
        Ok(())
    } else {
        Err(ApiError::invalid(
            field,
            "These parameters are outside of what is allowed.",
        ))
    }
}
