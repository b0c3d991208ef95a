//! An account's keys, as a person sees them.

use serde::{Deserialize, Serialize};

/// The account's own keys, and those that were brought along to read old mail.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct KeyringView {
    /// What the account signs with, and what others encrypt to.
    pub own: KeyView,
    /// From other programs: to read with alone.
    pub brought: Vec<KeyView>,
}

/// A certificate and the keys in it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct KeyView {
    /// Upper-case hexadecimal in groups of four.
    pub fingerprint: String,
    /// The addresses it names.
    pub addresses: Vec<String>,
    /// When its primary key was made, in milliseconds since 1970.
    pub created_ms: f64,
    /// When the newest key that others encrypt to was made, in milliseconds since 1970.
    pub encryption_created_ms: Option<f64>,
    /// Algorithms that it signs with.
    pub signs_with: Vec<String>,
    /// Algorithms that others encrypt to it with.
    pub encrypts_with: Vec<String>,
    /// How many of its keys serve for reading alone.
    pub retired: u32,
    /// Why nobody should write to it any more, as part of a sentence.
    pub fault: Option<String>,
}

/// Which programs are to open a locked key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum LockedFor {
    /// Every OpenPGP program, GnuPG too: without the post-quantum keys, which those do not know. The passphrase can be tried out
    /// fast.
    AnyProgram,
    /// Those that know RFC 9580: each try costs much time and memory.
    NewPrograms,
}
