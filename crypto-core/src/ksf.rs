//! Parameters of the key stretching function (KSF): Argon2id, RFC 9106.

/// Argon2id parameters within the bounds this client accepts. A server that offers weaker ones is refused, because a
/// weaker record is easier to guess from; one that offers more than the ceiling would only stall the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KsfParameters {
    memory_kib: u32,
    iterations: u32,
    parallelism: u32,
}

/// Parameters out of bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KsfError {
    /// The server offers weaker stretching than this client accepts.
    #[error("the server asks for a weaker password protection than this program accepts")]
    BelowFloor,
    /// The server asks for more than this client is ready to spend.
    #[error(
        "the server asks for a more expensive password protection than this program can afford"
    )]
    AboveCeiling,
}

impl KsfError {
    /// Stable name of the fault.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::BelowFloor => "ksf-below-floor",
            Self::AboveCeiling => "ksf-above-ceiling",
        }
    }
}

impl KsfParameters {
    /// Least memory accepted, in KiB (64 MiB).
    pub const MIN_MEMORY_KIB: u32 = 64 * 1024;
    /// Fewest passes accepted.
    pub const MIN_ITERATIONS: u32 = 3;
    /// Most memory accepted, in KiB (256 MiB).
    pub const MAX_MEMORY_KIB: u32 = 256 * 1024;
    /// Most passes accepted.
    pub const MAX_ITERATIONS: u32 = 16;
    /// Most lanes accepted.
    pub const MAX_PARALLELISM: u32 = 16;

    /// What new credentials are stretched with: 64 MiB, 3 passes, 4 lanes (the second recommendation of RFC 9106,
    /// section 4).
    pub const DEFAULT: Self = Self {
        memory_kib: Self::MIN_MEMORY_KIB,
        iterations: Self::MIN_ITERATIONS,
        parallelism: 4,
    };

    /// Takes parameters that lie within the bounds.
    ///
    /// # Errors
    /// [`KsfError`].
    pub const fn checked(
        memory_kib: u32,
        iterations: u32,
        parallelism: u32,
    ) -> Result<Self, KsfError> {
        if memory_kib < Self::MIN_MEMORY_KIB
            || iterations < Self::MIN_ITERATIONS
            || parallelism == 0
        {
            return Err(KsfError::BelowFloor);
        }
        if memory_kib > Self::MAX_MEMORY_KIB
            || iterations > Self::MAX_ITERATIONS
            || parallelism > Self::MAX_PARALLELISM
        {
            return Err(KsfError::AboveCeiling);
        }
        Ok(Self {
            memory_kib,
            iterations,
            parallelism,
        })
    }

    /// Memory, in KiB.
    #[must_use]
    pub const fn memory_kib(&self) -> u32 {
        self.memory_kib
    }

    /// Passes over the memory.
    #[must_use]
    pub const fn iterations(&self) -> u32 {
        self.iterations
    }

    /// Lanes.
    #[must_use]
    pub const fn parallelism(&self) -> u32 {
        self.parallelism
    }
}

impl Default for KsfParameters {
    fn default() -> Self {
        Self::DEFAULT
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weaker_than_the_floor_is_refused() {
        for (memory_kib, iterations, parallelism) in
            [(65_535, 3, 4), (65_536, 2, 4), (65_536, 3, 0)]
        {
            assert_eq!(
                KsfParameters::checked(memory_kib, iterations, parallelism),
                Err(KsfError::BelowFloor)
            );
        }
    }

    #[test]
    fn dearer_than_the_ceiling_is_refused() {
        for (memory_kib, iterations, parallelism) in
            [(256 * 1024 + 1, 3, 4), (65_536, 17, 4), (65_536, 3, 17)]
        {
            assert_eq!(
                KsfParameters::checked(memory_kib, iterations, parallelism),
                Err(KsfError::AboveCeiling)
            );
        }
    }

    #[test]
    fn the_default_is_within_the_bounds() {
        assert_eq!(
            KsfParameters::checked(65_536, 3, 4),
            Ok(KsfParameters::DEFAULT)
        );
    }
}
