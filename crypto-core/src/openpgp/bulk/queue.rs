//! Octets that come at one end and are taken at the other.

use crate::Plaintext;

/// What was taken keeps its room until there is so much of it.
const MOST_TAKEN_BYTES: usize = 1024 * 1024;

/// A queue of octets. Wiped when dropped.
#[derive(Default)]
pub(super) struct Queue {
    octets: Plaintext,
    taken_bytes: usize,
}

impl Queue {
    pub(super) fn len(&self) -> usize {
        self.octets.len() - self.taken_bytes
    }

    /// Where more is added.
    pub(super) fn back(&mut self) -> &mut Vec<u8> {
        &mut self.octets
    }

    /// All that is there.
    pub(super) fn front(&self) -> &[u8] {
        self.octets.get(self.taken_bytes..).unwrap_or_default()
    }

    /// Takes so many octets away.
    pub(super) fn pass(&mut self, bytes: usize) {
        self.taken_bytes += bytes.min(self.len());
        if self.len() == 0 {
            self.octets.clear();
            self.taken_bytes = 0;
        } else if self.taken_bytes >= MOST_TAKEN_BYTES {
            self.octets.drain(..self.taken_bytes);
            self.taken_bytes = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn what_comes_out_is_what_went_in(steps in proptest::collection::vec((0..900_000_usize, 0..900_000_usize), 1..12)) {
            let (mut queue, mut went_in, mut came_out) = (Queue::default(), Vec::new(), Vec::new());
            for (pushed, taken) in steps {
                let octets: Vec<u8> = (0..pushed).map(|at| (at + went_in.len()) as u8).collect();
                queue.back().extend_from_slice(&octets);
                went_in.extend_from_slice(&octets);
                let out = &queue.front()[..taken.min(queue.len())];
                came_out.extend_from_slice(out);
                let out_bytes = out.len();
                queue.pass(out_bytes);
            }
            prop_assert_eq!(queue.len(), went_in.len() - came_out.len());
            came_out.extend_from_slice(queue.front());
            prop_assert!(came_out == went_in);
        }
    }
}
