//! A copy of the store as of one moment while people went on: it must hold, of each person, exactly what they had done
//! by some point of their own order, and every delivery whole.

use super::book::{Posted, Shelf};
use super::cast::Actor;
use super::inspect::{Inspection, Octets};
use super::verdict::{Verdict, copies};
use smail_protocol::{BlobId, ItemId};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

/// The operations of a person that may be the first which the copy does not hold: those after `low`, up to `high`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Window {
    low: u64,
    high: u64,
}

impl Window {
    const WHOLE: Self = Self {
        low: 0,
        high: u64::MAX,
    };

    fn meet(self, other: Self) -> Self {
        Self {
            low: self.low.max(other.low),
            high: self.high.min(other.high),
        }
    }
}

/// Compares what a copy says with what people did since the books were last settled. Both slices are in the cast's
/// order.
#[must_use]
pub fn judge_copy(cast: &[Actor], found: &[Inspection]) -> Verdict {
    let mut verdict = Verdict::default();
    let mut arrived = vec![BTreeSet::new(); cast.len()];
    for actor in cast {
        for posted in &actor.book.posted {
            verdict.judge_whole(actor, posted, cast, found, &mut arrived);
        }
    }
    for ((actor, found), arrived) in cast.iter().zip(found).zip(&arrived) {
        let items = verdict.judge_past(&actor.book.items, &found.items, arrived);
        let states = verdict.judge_past(&actor.book.states, &found.states, &BTreeSet::new());
        let window = items.meet(states);
        verdict.fault(window.low >= window.high, || {
            format!(
                "{} has what came later and not what came before: {window:?}",
                actor.username
            )
        });
        verdict.judge_contents(found);
    }
    verdict
}

impl Verdict {
    fn fault(&mut self, is_fault: bool, what: impl FnOnce() -> String) {
        if is_fault {
            self.tally.corrupt += 1;
            self.faults.push(what());
        }
    }

    fn judge_whole(
        &mut self,
        sender: &Actor,
        posted: &Posted,
        cast: &[Actor],
        found: &[Inspection],
        arrived: &mut [BTreeSet<ItemId>],
    ) {
        let mut counts = BTreeSet::new();
        for (place, blob) in &posted.recipients {
            if let (Some(recipient), Some(found), Some(arrived)) =
                (cast.get(*place), found.get(*place), arrived.get_mut(*place))
            {
                let copies = copies(recipient, found, *blob);
                counts.insert(copies.len());
                arrived.extend(copies);
            }
        }
        let item = posted.request.sent.item_id;
        let has_sent = found
            .get(sender.number)
            .is_some_and(|found| found.items.contains_key(&item));
        // The sender may have removed their own copy before the moment of the store's copy: one is enough then.
        let is_whole = counts.len() == 1
            && counts
                .iter()
                .all(|count| *count == 1 || (*count == 0 && !has_sent));
        if !is_whole {
            self.tally.half_delivered += 1;
            self.faults.push(format!(
                "delivery of {item}: copies {counts:?}, sent copy {has_sent}"
            ));
        }
    }

    /// Each object is as it was at some point; returns between which operations that point was.
    fn judge_past<Id: Copy + Ord + Debug, T: Clone + PartialEq + Debug>(
        &mut self,
        shelf: &Shelf<Id, T>,
        found: &BTreeMap<Id, T>,
        arrived: &BTreeSet<Id>,
    ) -> Window {
        let mut window = Window::WHOLE;
        for (id, past) in &shelf.past {
            let found = found.get(id);
            match when(past, found) {
                Some(when) => window = window.meet(when),
                None => {
                    self.tally.lost += u64::from(found.is_none());
                    self.tally.corrupt += u64::from(found.is_some());
                    self.faults.push(format!("{id:?} never was {found:?}"));
                }
            }
        }
        let strangers = found
            .keys()
            .filter(|id| !shelf.past.contains_key(id) && !arrived.contains(id));
        for id in strangers {
            self.fault(true, || format!("{id:?} is nobody's doing"));
        }
        window
    }

    fn judge_contents(&mut self, found: &Inspection) {
        let named: BTreeSet<BlobId> = found.items.values().map(|item| item.blob).collect();
        for blob in named {
            let octets = found.blobs.get(&blob);
            self.fault(octets != Some(&Octets::Right), || {
                format!("{blob:?} is {octets:?}")
            });
        }
        self.tally.corrupt += found.disagreements.len() as u64;
        self.faults.extend(found.disagreements.iter().cloned());
        self.tally.lost += u64::from(!found.has_session);
    }
}

/// Between which operations an object was what was found; none when it never was. One that was made and removed since
/// was gone twice: that says nothing.
fn when<T: Clone + PartialEq>(past: &[(u64, Option<T>)], found: Option<&T>) -> Option<Window> {
    let from_nothing = past.first().is_none_or(|(operation, _)| *operation > 0);
    let mut timeline: Vec<(u64, Option<&T>)> = Vec::new();
    if from_nothing {
        timeline.push((0, None));
    }
    timeline.extend(
        past.iter()
            .map(|(operation, object)| (*operation, object.as_ref())),
    );
    let ends = timeline
        .iter()
        .skip(1)
        .map(|(operation, _)| *operation)
        .chain([u64::MAX]);
    let mut windows = timeline
        .iter()
        .zip(ends)
        .filter(|((_, object), _)| *object == found)
        .map(|((low, _), high)| Window { low: *low, high });
    let first = windows.next()?;
    Some(match windows.next() {
        None => first,
        Some(_) => Window::WHOLE,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_tells_when_the_copy_was_made() {
        let window = |low, high| Some(Window { low, high });
        let past = [(0, Some(1)), (4, Some(2)), (9, None)];
        assert_eq!(when(&past, Some(&1)), window(0, 4));
        assert_eq!(when(&past, Some(&2)), window(4, 9));
        assert_eq!(when(&past, None), window(9, u64::MAX));
        assert_eq!(when(&past, Some(&3)), None);
        let new = [(5, Some(1)), (7, None)];
        assert_eq!(when(&new, Some(&1)), window(5, 7));
        assert_eq!(when(&new, None), Some(Window::WHOLE));
        assert_eq!(when(&new[..1], None), window(0, 5));
    }

    #[test]
    fn later_without_earlier_is_found() {
        let mut verdict = Verdict::default();
        let mut shelf = Shelf::default();
        shelf.ask('a', 1, Some(1));
        shelf.ask('b', 2, Some(1));
        let none = BTreeSet::new();
        let window = |verdict: &mut Verdict, found: &[char]| {
            let found = found.iter().map(|id| (*id, 1)).collect();
            verdict.judge_past(&shelf, &found, &none)
        };
        assert_eq!(window(&mut verdict, &['a']), Window { low: 1, high: 2 });
        let torn = window(&mut verdict, &['b']);
        assert!(torn.low >= torn.high);
        assert!(verdict.tally.is_clean());
        window(&mut verdict, &['c']);
        assert_eq!(verdict.tally.corrupt, 1);
    }
}
