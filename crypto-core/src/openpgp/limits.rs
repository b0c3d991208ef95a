//! How much a message that someone else made may cost.

use std::fmt;

/// Longest armored input, in bytes.
pub(super) const MAX_ARMORED_BYTES: usize = 512 * 1024 * 1024;
/// Longest certificate or transferable secret key, in bytes.
pub(super) const MAX_KEY_BYTES: usize = 1024 * 1024;
/// Longest detached signature block, in bytes.
pub(super) const MAX_SIGNATURE_BYTES: usize = 256 * 1024;

/// Output up to this length, in bytes, is never called a decompression bomb by its ratio alone.
pub(super) const UNSUSPICIOUS_OUTPUT_BYTES: usize = 1024 * 1024;

/// Bounds on work and memory. The defaults suit a mail client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Longest plaintext, in bytes.
    pub plaintext_bytes: usize,
    /// Most layers of compression around the literal data.
    pub compression_layers: u32,
    /// Most bytes that one byte of the encrypted content may decompress to, through all layers.
    pub expansion_ratio: usize,
    /// Most session-key packets tried.
    pub session_key_packets: usize,
    /// Most signatures looked at.
    pub signatures: usize,
    /// Most memory for a string-to-key function (S2K), in KiB.
    pub s2k_memory_kib: u32,
    /// Most passes of Argon2 for an S2K.
    pub s2k_passes: u32,
}

impl Limits {
    /// 128 MiB of plaintext, two layers of compression of at most 1:1,000 together, 1,000 session-key packets, 16 signatures and
    /// an S2K of 256 MiB and 10 passes.
    pub const DEFAULT: Self = Self {
        plaintext_bytes: 128 * 1024 * 1024,
        compression_layers: 2,
        expansion_ratio: 1_000,
        session_key_packets: 1_000,
        signatures: 16,
        s2k_memory_kib: 256 * 1024,
        s2k_passes: 10,
    };
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// Which bound of [`Limits`] was hit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Limit {
    /// [`Limits::plaintext_bytes`].
    PlaintextBytes,
    /// [`Limits::compression_layers`].
    CompressionLayers,
    /// [`Limits::expansion_ratio`].
    ExpansionRatio,
    /// [`Limits::session_key_packets`].
    SessionKeyPackets,
    /// [`Limits::signatures`].
    Signatures,
    /// [`Limits::s2k_memory_kib`].
    S2kMemoryKib,
    /// [`Limits::s2k_passes`].
    S2kPasses,
    /// The length of a chunk in OCB, in bytes, where memory is addressed in 32 bits.
    ChunkBytes,
    /// The length of a certificate, secret key or signature block, in bytes.
    InputBytes,
}

/// In words: `Debug` is nothing for those who use a program.
impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::PlaintextBytes => "bytes of plaintext",
            Self::CompressionLayers => "layers of compression",
            Self::ExpansionRatio => "times the size it came in",
            Self::SessionKeyPackets => "encrypted session keys",
            Self::Signatures => "signatures",
            Self::S2kMemoryKib => "KiB of memory for the passphrase",
            Self::S2kPasses => "passes for the passphrase",
            Self::ChunkBytes => "bytes in a chunk",
            Self::InputBytes => "bytes of keys or signatures",
        })
    }
}

/// Something would cost more than the caller allows. Nothing was spent on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this asks for more work or memory than allowed ({limit}: at most {allowed})")]
pub struct LimitExceeded {
    /// Which bound.
    pub limit: Limit,
    /// Its value, in the bound's own unit.
    pub allowed: u64,
}

impl LimitExceeded {
    pub(super) fn new(limit: Limit, allowed: usize) -> Self {
        Self {
            limit,
            allowed: u64::try_from(allowed).unwrap_or(u64::MAX),
        }
    }

    /// Stable name of the fault.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        "limit-exceeded"
    }
}
