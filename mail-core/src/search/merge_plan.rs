//! Which parts are to become one: some of a size, so that each message is written again a few times at most, however
//! many there are (a log-structured merge).

use super::index::{Index, Part};

/// Parts of a size that are merged.
const FEW: usize = 4;
/// Most parts merged at once.
const MANY: usize = 8;
/// The smallest parts are those below this.
const SMALL_BYTES: usize = 16 * 1024;
/// A part of this size is left as it is.
const LARGE_BYTES: usize = 4 * 1024 * 1024;
/// A part is written anew when at least this many of its messages were removed, and one in four.
const DEAD_MESSAGES: usize = 64;

/// The numbers of the parts that are to be merged next; a single one is to be written anew without its dead.
pub(crate) fn next_merge(index: &Index) -> Option<Vec<u32>> {
    let stored = || index.parts().filter(|(_, part)| part.stored.is_some());
    let mut tiers: std::collections::BTreeMap<u32, Vec<u32>> = std::collections::BTreeMap::new();
    for (number, part) in stored() {
        let len = part.segment.octets().len();
        if len < LARGE_BYTES {
            tiers.entry(tier(len)).or_default().push(number);
        }
    }
    if let Some(mut numbers) = tiers.into_values().find(|numbers| numbers.len() >= FEW) {
        numbers.truncate(MANY);
        return Some(numbers);
    }
    stored()
        .find(|(_, part)| is_worn(index, part))
        .map(|(number, _)| vec![number])
}

/// Each is four times the one before.
const fn tier(len: usize) -> u32 {
    match (len / SMALL_BYTES).checked_ilog(4) {
        Some(tier) => tier + 1,
        None => 0,
    }
}

fn is_worn(index: &Index, part: &Part) -> bool {
    use super::segment::Words as _;
    let all = part.segment.docs().len();
    // Counted only where there may be enough of them.
    let may_be = all - part.live.count();
    may_be >= DEAD_MESSAGES && may_be * 4 >= all && {
        let dead = index.outdated(part);
        dead >= DEAD_MESSAGES && dead * 4 >= all
    }
}
