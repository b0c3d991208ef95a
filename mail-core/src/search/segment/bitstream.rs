//! Bits, and numbers of as few of them as their size warrants (Rice codes): a parameter's low bits as they are, the rest
//! as that many ones and a zero.

/// Longest run of ones. What is larger follows in full.
const MAX_ONES: u32 = 24;
/// Bits of a number in full.
const FULL_BITS: u32 = 32;

/// Writes bits, the low ones first.
#[derive(Debug, Default)]
pub(super) struct BitWriter {
    octets: Vec<u8>,
    open: u64,
    open_bits: u32,
}

impl BitWriter {
    /// Appends the low bits of a number; at most 32.
    pub(super) fn bits(&mut self, number: u64, count: u32) {
        self.open |= (number & ((1 << count) - 1)) << self.open_bits;
        self.open_bits += count;
        while self.open_bits >= 8 {
            self.octets.push(self.open as u8);
            self.open >>= 8;
            self.open_bits -= 8;
        }
    }

    /// Appends a number by its Rice code.
    pub(super) fn rice(&mut self, number: u32, parameter: u32) {
        let ones = number >> parameter;
        if ones >= MAX_ONES {
            self.bits(u64::MAX, MAX_ONES);
            self.bits(u64::from(number), FULL_BITS);
            return;
        }
        self.bits((1 << ones) - 1, ones + 1);
        self.bits(u64::from(number), parameter);
    }

    /// The octets up to here; what comes next begins a new one.
    pub(super) fn take(&mut self) -> Vec<u8> {
        if self.open_bits > 0 {
            self.octets.push(self.open as u8);
        }
        (self.open, self.open_bits) = (0, 0);
        std::mem::take(&mut self.octets)
    }
}

/// Reads what a [`BitWriter`] wrote. Past the end there is nothing.
#[derive(Debug, Clone, Copy)]
pub(super) struct BitReader<'a> {
    octets: &'a [u8],
    at: usize,
}

impl<'a> BitReader<'a> {
    pub(super) const fn new(octets: &'a [u8]) -> Self {
        Self { octets, at: 0 }
    }

    /// The next bits, at least 56 of them when there are so many; zeros follow the last one.
    fn window(&self) -> u64 {
        let rest = self.octets.get(self.at / 8..).unwrap_or_default();
        let octets = match rest.first_chunk::<8>() {
            Some(octets) => *octets,
            None => {
                let mut octets = [0; 8];
                octets
                    .iter_mut()
                    .zip(rest)
                    .for_each(|(to, from)| *to = *from);
                octets
            }
        };
        u64::from_le_bytes(octets) >> (self.at % 8)
    }

    fn pass(&mut self, count: u32) -> Option<()> {
        self.at += count as usize;
        (self.at <= self.octets.len() * 8).then_some(())
    }

    /// So many bits as a number; at most 32.
    pub(super) fn bits(&mut self, count: u32) -> Option<u64> {
        let bits = self.window() & ((1 << count) - 1);
        self.pass(count)?;
        Some(bits)
    }

    /// A number from its Rice code.
    pub(super) fn rice(&mut self, parameter: u32) -> Option<u32> {
        let window = self.window();
        let ones = window.trailing_ones();
        if ones >= MAX_ONES {
            self.pass(MAX_ONES)?;
            return u32::try_from(self.bits(FULL_BITS)?).ok();
        }
        let low = (window >> (ones + 1)) & ((1 << parameter) - 1);
        self.pass(ones + 1 + parameter)?;
        u32::try_from(u64::from(ones) << parameter | low).ok()
    }
}

/// The parameter for numbers whose sum is this, as they are when they are spread at random.
pub(super) fn rice_parameter(sum: usize, count: usize) -> u32 {
    let mean = sum / count.max(1);
    // The shortest codes are those of the power of two at 0.69 of the mean.
    (mean * 69 / 100).checked_ilog2().unwrap_or(0).min(31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn numbers_read_back(numbers in prop::collection::vec((any::<u32>(), 0_u32..32, 0_u32..20), 0..40)) {
            let mut writer = BitWriter::default();
            for (number, parameter, shift) in &numbers {
                writer.rice(number >> shift, *parameter);
                writer.bits(u64::from(*number), 5);
            }
            let octets = writer.take();
            let mut reader = BitReader::new(&octets);
            for (number, parameter, shift) in &numbers {
                prop_assert_eq!(reader.rice(*parameter), Some(number >> shift));
                prop_assert_eq!(reader.bits(5), Some(u64::from(number % 32)));
            }
            prop_assert_eq!(reader.bits(8), None);
        }

        #[test]
        fn no_octets_are_too_strange(octets in any::<Vec<u8>>(), parameter in 0_u32..32) {
            let mut reader = BitReader::new(&octets);
            let most = octets.len() * 8;
            prop_assert!((0..=most).any(|_| reader.rice(parameter).is_none()));
        }
    }
}
