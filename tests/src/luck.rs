//! Random choices, all from one seed.

use rand::rngs::StdRng;
use rand::{Rng as _, RngCore as _, SeedableRng as _};
use std::ops::Range;

/// A source of choices: the same seed and purpose give the same choices. What threads make of them in time is not
/// repeated.
#[derive(Debug)]
pub struct Luck(StdRng);

impl Luck {
    /// The choices of this seed for one purpose of one round.
    #[must_use]
    pub fn of(seed: u64, round: u64, purpose: u64) -> Self {
        let mixed = seed
            ^ round.wrapping_mul(0x9e37_79b9_7f4a_7c15)
            ^ purpose.wrapping_mul(0xc2b2_ae3d_27d4_eb4f);
        Self(StdRng::seed_from_u64(mixed))
    }

    /// A number of the range.
    pub fn number(&mut self, range: Range<usize>) -> usize {
        self.0.gen_range(range)
    }

    /// Whether something happens that happens once in `times`.
    pub fn once_in(&mut self, times: usize) -> bool {
        self.number(0..times) == 0
    }

    /// Octets like no others.
    pub fn octets(&mut self, len: usize) -> Vec<u8> {
        let mut octets = vec![0; len];
        self.0.fill_bytes(&mut octets);
        octets
    }

    /// 16 bytes for an id.
    pub fn id(&mut self) -> [u8; 16] {
        self.0.r#gen()
    }

    /// One of some; none of none.
    pub fn one_of<T: Clone>(&mut self, of: impl ExactSizeIterator<Item = T>) -> Option<T> {
        let count = of.len();
        if count == 0 {
            return None;
        }
        let at = self.number(0..count);
        let mut of = of;
        of.nth(at)
    }

    /// The seed of something else.
    pub fn seed(&mut self) -> u64 {
        self.0.next_u64()
    }
}
