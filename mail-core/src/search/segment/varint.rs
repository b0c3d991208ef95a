//! Numbers of one octet or more (LEB128), and a reader that never reads past the end.

/// Appends a number.
pub(super) fn put(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// A difference as a number that is small when the difference is.
pub(super) const fn zigzag(difference: i64) -> u64 {
    ((difference << 1) ^ (difference >> 63)) as u64
}

/// The difference that [`zigzag`] made this number of.
pub(super) const fn unzigzag(number: u64) -> i64 {
    (number >> 1) as i64 ^ -((number & 1) as i64)
}

/// Reads octets from the front.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reader<'a>(pub(super) &'a [u8]);

impl<'a> Reader<'a> {
    pub(super) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    pub(super) fn take(&mut self, len: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        Some(taken)
    }

    pub(super) fn number(&mut self) -> Option<u64> {
        let mut number = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            if shift == 63 && bits > 1 {
                return None;
            }
            number |= bits << shift;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }

    /// A number that counts octets, or things of at least one octet each, of which there are at most this many.
    pub(super) fn count(&mut self, limit: usize) -> Option<usize> {
        usize::try_from(self.number()?)
            .ok()
            .filter(|count| *count <= limit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn numbers_read_back(number in any::<u64>(), difference in any::<i64>()) {
            let mut octets = Vec::new();
            put(&mut octets, number);
            prop_assert_eq!(Reader(&octets).number(), Some(number));
            prop_assert_eq!(Reader(&octets[1..]).count(usize::MAX).is_some(), octets.len() > 1);
            prop_assert_eq!(unzigzag(zigzag(difference)), difference);
        }

        #[test]
        fn no_octets_are_too_strange(octets in any::<Vec<u8>>()) {
            let mut reader = Reader(&octets);
            while reader.number().is_some() {}
            prop_assert_eq!(reader.take(octets.len() + 1), None);
        }
    }
}
