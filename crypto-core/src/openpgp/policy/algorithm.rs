//! The algorithm floor.

use pgp::crypto::hash::HashAlgorithm;
use pgp::ser::Serialize as _;
use pgp::types::{EcdhPublicParams, EcdsaPublicParams, EddsaLegacyPublicParams, PublicParams};

/// Smallest RSA modulus accepted, in bits.
const MIN_RSA_BITS: u16 = 2_048;

/// Whether this program has what the key is used with. Not of algorithms and curves that rPGP does not know, or knows by
/// name alone; nor, in a reduced build, of those that only a stand-in is there for (crypto-wasm/module/absent).
pub(in crate::openpgp) const fn is_known_key(params: &PublicParams) -> bool {
    match params {
        PublicParams::Unknown { .. }
        | PublicParams::ECDSA(EcdsaPublicParams::Unsupported { .. })
        | PublicParams::EdDSALegacy(EddsaLegacyPublicParams::Unsupported { .. }) => false,
        PublicParams::DSA(_)
        | PublicParams::ECDSA(EcdsaPublicParams::Secp256k1 { .. })
        | PublicParams::MlDsa65Ed25519(_)
        | PublicParams::MlDsa87Ed448(_)
        | PublicParams::SlhDsaShake128s(_)
        | PublicParams::SlhDsaShake128f(_)
        | PublicParams::SlhDsaShake256s(_) => !cfg!(feature = "reduced"),
        _ => true,
    }
}

/// Whether a key may be used at all. DSA and Elgamal are out, as is what is not known.
pub(super) fn is_strong_key(params: &PublicParams) -> bool {
    is_known_key(params) && is_strong_algorithm(params)
}

fn is_strong_algorithm(params: &PublicParams) -> bool {
    match params {
        PublicParams::RSA(rsa) => rsa
            .to_bytes()
            .is_ok_and(|bytes| modulus_bits(&bytes) >= MIN_RSA_BITS),
        PublicParams::ECDSA(params) => !matches!(params, EcdsaPublicParams::Unsupported { .. }),
        PublicParams::ECDH(params) => matches!(
            params,
            EcdhPublicParams::Curve25519Legacy { .. }
                | EcdhPublicParams::P256 { .. }
                | EcdhPublicParams::P384 { .. }
                | EcdhPublicParams::P521 { .. }
        ),
        PublicParams::EdDSALegacy(params) => {
            matches!(params, EddsaLegacyPublicParams::Ed25519 { .. })
        }
        PublicParams::Ed25519(_)
        | PublicParams::Ed448(_)
        | PublicParams::X25519(_)
        | PublicParams::X448(_)
        | PublicParams::MlKem768X25519(_)
        | PublicParams::MlKem1024X448(_)
        | PublicParams::MlDsa65Ed25519(_)
        | PublicParams::MlDsa87Ed448(_)
        | PublicParams::SlhDsaShake128s(_)
        | PublicParams::SlhDsaShake128f(_)
        | PublicParams::SlhDsaShake256s(_) => true,
        _ => false,
    }
}

/// Whether a signature made with this hash is worth anything. MD5, SHA-1, RIPEMD-160 and SHA-224 are out.
pub(in crate::openpgp) const fn is_strong_hash(hash: HashAlgorithm) -> bool {
    matches!(
        hash,
        HashAlgorithm::Sha256
            | HashAlgorithm::Sha384
            | HashAlgorithm::Sha512
            | HashAlgorithm::Sha3_256
            | HashAlgorithm::Sha3_512
    )
}

/// The first MPI of an RSA key is its modulus; an MPI begins with its length in bits (RFC 9580, section 3.2).
fn modulus_bits(params: &[u8]) -> u16 {
    params
        .first_chunk()
        .map_or(0, |length| u16::from_be_bytes(*length))
}
