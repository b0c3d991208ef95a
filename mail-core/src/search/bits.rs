//! A set of the messages of one segment.

const WORD_BITS: usize = 64;

/// A set of numbers below a limit.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Bits {
    words: Vec<u64>,
    len: usize,
}

impl Bits {
    /// The empty set.
    pub(crate) fn none(len: usize) -> Self {
        Self {
            words: vec![0; len.div_ceil(WORD_BITS)],
            len,
        }
    }

    /// All numbers below the limit.
    pub(crate) fn all(len: usize) -> Self {
        let mut bits = Self::none(len);
        bits.words.fill(u64::MAX);
        bits.trim();
        bits
    }

    /// Raises the limit by one; whether the number that becomes possible is in.
    pub(crate) fn push(&mut self, is_in: bool) {
        let number = self.len;
        self.len += 1;
        self.words.resize(self.len.div_ceil(WORD_BITS), 0);
        self.set(number, is_in);
    }

    /// Puts a number in or takes it out. What is not below the limit is passed over.
    pub(crate) fn set(&mut self, number: usize, is_in: bool) {
        if number >= self.len {
            return;
        }
        if let Some(word) = self.words.get_mut(number / WORD_BITS) {
            let bit = 1 << (number % WORD_BITS);
            *word = if is_in { *word | bit } else { *word & !bit };
        }
    }

    pub(crate) fn has(&self, number: usize) -> bool {
        self.words
            .get(number / WORD_BITS)
            .is_some_and(|word| word & (1 << (number % WORD_BITS)) != 0)
    }

    pub(crate) fn count(&self) -> usize {
        self.words
            .iter()
            .map(|word| word.count_ones() as usize)
            .sum()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.words.iter().enumerate().flat_map(|(at, word)| {
            let mut rest = *word;
            std::iter::from_fn(move || {
                let bit = (rest != 0).then_some(rest.trailing_zeros() as usize)?;
                rest &= rest - 1;
                Some(at * WORD_BITS + bit)
            })
        })
    }

    /// Keeps what the other set has too.
    pub(crate) fn meet(&mut self, other: &Self) {
        self.words
            .iter_mut()
            .zip(&other.words)
            .for_each(|(word, other)| *word &= other);
    }

    /// Adds what the other set has.
    pub(crate) fn join(&mut self, other: &Self) {
        self.words
            .iter_mut()
            .zip(&other.words)
            .for_each(|(word, other)| *word |= other);
    }

    /// What is not in.
    pub(crate) fn complement(mut self) -> Self {
        self.words.iter_mut().for_each(|word| *word = !*word);
        self.trim();
        self
    }

    fn trim(&mut self) {
        let used = self.len % WORD_BITS;
        if used > 0
            && let Some(last) = self.words.last_mut()
        {
            *last &= (1 << used) - 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn bits(len: usize, numbers: &BTreeSet<usize>) -> Bits {
        let mut bits = Bits::none(len);
        numbers.iter().for_each(|number| bits.set(*number, true));
        bits
    }

    proptest! {
        #[test]
        fn it_is_a_set(
            len in 0_usize..200,
            one in prop::collection::btree_set(0_usize..200, 0..40),
            other in prop::collection::btree_set(0_usize..200, 0..40),
        ) {
            let below = |set: &BTreeSet<usize>| set.iter().copied().filter(|n| *n < len).collect::<BTreeSet<_>>();
            let (one_set, other_set) = (below(&one), below(&other));
            let (one, other) = (bits(len, &one), bits(len, &other));
            let same = |bits: &Bits, set: Vec<usize>| bits.iter().collect::<Vec<_>>() == set && bits.count() == set.len();
            let mut met = one.clone();
            met.meet(&other);
            prop_assert!(same(&met, one_set.intersection(&other_set).copied().collect()));
            let mut joined = one.clone();
            joined.join(&other);
            prop_assert!(same(&joined, one_set.union(&other_set).copied().collect()));
            prop_assert!(same(&one.complement(), (0..len).filter(|n| !one_set.contains(n)).collect()));
            let mut pushed = Bits::none(0);
            (0..len).for_each(|n| pushed.push(other_set.contains(&n)));
            prop_assert_eq!(&pushed, &other);
            prop_assert!((0..200).all(|n| other.has(n) == other_set.contains(&n)));
        }
    }
}
