//! Octets that are read where they lie.

use std::ops::Range;

/// A run of octets, in this program's memory or in a platform's, from where each is copied at most once.
pub trait Octets {
    /// How many there are.
    fn count(&self) -> usize;

    /// Appends those of a range, which is within them.
    fn append_to(&self, range: Range<usize>, into: &mut Vec<u8>);
}

impl<T: AsRef<[u8]> + ?Sized> Octets for T {
    fn count(&self) -> usize {
        self.as_ref().len()
    }

    fn append_to(&self, range: Range<usize>, into: &mut Vec<u8>) {
        into.extend_from_slice(self.as_ref().get(range).unwrap_or_default());
    }
}

/// Octets that can be cut in two without being copied, where that is possible.
pub trait Piece: Octets + Sized {
    /// Keeps those before `at`, and gives the rest.
    #[must_use]
    fn split_off(&mut self, at: usize) -> Self;
}

impl Piece for Vec<u8> {
    fn split_off(&mut self, at: usize) -> Self {
        Self::split_off(self, at.min(self.len()))
    }
}

/// A piece of a message that is being written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Written<P> {
    /// What frames the ciphertext.
    Frame(Vec<u8>),
    /// Ciphertext: a call's output, or a piece of it.
    Sealed(P),
}
