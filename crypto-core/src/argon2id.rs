//! Argon2id (RFC 9106) by itself: a key from a password, without OPAQUE.

use argon2::{Algorithm, Argon2, Params, Version};
use zeroize::Zeroizing;

/// What a run of Argon2id costs. Unlike [`KsfParameters`](crate::KsfParameters) it knows no floor: it is the caller's own
/// choice, and nobody else's offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Argon2idCost {
    /// Memory, in KiB; at least 8 for each lane.
    pub memory_kib: u32,
    /// Passes over the memory; at least 1.
    pub iterations: u32,
    /// Lanes; at least 1.
    pub parallelism: u32,
}

/// Why a key was not made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Argon2idError {
    /// RFC 9106, section 3.1, allows no such parameters: a salt of fewer than 8 bytes, an output of fewer than 4, no pass,
    /// no lane, or fewer than 8 KiB for each lane.
    #[error("Argon2id does not work with these parameters")]
    Parameters,
    /// More memory than this program is ready to take.
    #[error("Argon2id may take at most {limit_kib} KiB of memory here")]
    AboveCeiling {
        /// The limit, in KiB.
        limit_kib: u32,
    },
}

impl Argon2idError {
    /// Stable name of the fault.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Parameters => "argon2id-parameters",
            Self::AboveCeiling { .. } => "argon2id-above-ceiling",
        }
    }
}

/// Most memory for one run: half of what a WebAssembly module of ours may have.
const MAX_MEMORY_KIB: u32 = 512 * 1024;

/// Makes a key of this length from a password. Secret: the output, wiped when dropped.
///
/// # Errors
/// [`Argon2idError`].
pub fn argon2id(
    password: &[u8],
    salt: &[u8],
    length_bytes: usize,
    cost: Argon2idCost,
) -> Result<Zeroizing<Vec<u8>>, Argon2idError> {
    if cost.memory_kib > MAX_MEMORY_KIB {
        return Err(Argon2idError::AboveCeiling {
            limit_kib: MAX_MEMORY_KIB,
        });
    }
    let parameters = Params::new(
        cost.memory_kib,
        cost.iterations,
        cost.parallelism,
        Some(length_bytes),
    );
    let parameters = parameters.map_err(|_| Argon2idError::Parameters)?;
    let mut output = Zeroizing::new(vec![0; length_bytes]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, parameters)
        .hash_password_into(password, salt, &mut output)
        .map_err(|_| Argon2idError::Parameters)?;
    Ok(output)
}

#[cfg(test)]
mod tests {
    use super::*;
    use hex_literal::hex;

    const COST: Argon2idCost = Argon2idCost {
        memory_kib: 64,
        iterations: 2,
        parallelism: 1,
    };

    /// The reference implementation's own test (`phc-winner-argon2`, `src/test.c`): 64 MiB would be slow here.
    #[test]
    fn it_is_the_reference_implementation_s() {
        let cost = Argon2idCost {
            memory_kib: 256,
            ..COST
        };
        assert_eq!(
            argon2id(b"password", b"somesalt", 32, cost)
                .unwrap()
                .as_slice(),
            hex!("9dfeb910e80bad0311fee20f9c0e2b12c17987b4cac90c2ef54d5b3021c68bfe")
        );
    }

    #[test]
    fn what_the_standard_forbids_is_refused() {
        let with =
            |salt: &[u8], length, cost| argon2id(b"password", salt, length, cost).unwrap_err();
        let salt = b"somesalt";
        assert_eq!(with(b"short", 32, COST), Argon2idError::Parameters);
        assert_eq!(with(salt, 3, COST), Argon2idError::Parameters);
        for cost in [
            Argon2idCost {
                memory_kib: 7,
                ..COST
            },
            Argon2idCost {
                iterations: 0,
                ..COST
            },
            Argon2idCost {
                parallelism: 0,
                ..COST
            },
        ] {
            assert_eq!(with(salt, 32, cost), Argon2idError::Parameters, "{cost:?}");
        }
        let too_much = Argon2idCost {
            memory_kib: MAX_MEMORY_KIB + 1,
            ..COST
        };
        assert_eq!(with(salt, 32, too_much).code(), "argon2id-above-ceiling");
    }
}
