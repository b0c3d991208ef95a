//! Where messages count, as parts come and go.

use super::*;
use crate::search::query::{Today, parse};
use proptest::prelude::*;

fn item(number: u8) -> ItemId {
    ItemId::from_bytes([number; 16])
}

fn doc(number: u8, draft_version: u64) -> Doc {
    Doc {
        item: item(number),
        date_s: u64::from(number),
        attachment: false,
        draft_version,
    }
}

fn body(text: &str) -> MessageFields {
    MessageFields {
        body: text.to_owned(),
        ..MessageFields::default()
    }
}

fn found(index: &Index, text: &str) -> Vec<ItemId> {
    let today = Today {
        now_ms: 0,
        utc_offset_min: 0,
    };
    let query = parse(text, today).unwrap().query;
    let candidates = index.find(&query).candidates;
    candidates
        .iter()
        .map(|candidate| candidate.doc.item)
        .collect()
}

/// A part with these messages, each of one word.
fn part(docs: &[(Doc, &str)], gone: &[ItemId]) -> Segment {
    let mut growing = Growing::default();
    for (doc, text) in docs {
        growing.add(*doc, &body(text));
    }
    Segment::from_octets(growing.written(&Bits::all(docs.len()), gone)).unwrap()
}

#[test]
fn a_message_counts_once_however_often_it_is_indexed() {
    let mut index = Index::default();
    index.add_summary(doc(1, 0), &body("early"));
    assert_eq!((found(&index, "early "), index.whole()), (vec![item(1)], 0));
    index.add(doc(1, 0), &body("early bird"));
    index.add(doc(1, 0), &body("late"));
    assert_eq!(found(&index, "early "), [item(1)]);
    assert_eq!((found(&index, "late ").len(), index.whole()), (0, 1));
    // Another session has written it down: it need not be written once more.
    index.add_part(
        part(&[(doc(1, 0), "early bird")], &[]),
        Some((item(200), 1)),
    );
    assert_eq!(
        (found(&index, "bird "), index.whole(), index.unwritten()),
        (vec![item(1)], 1, 0)
    );
    // That part is lost.
    assert!(index.drop_part(item(200), 1));
    assert_eq!(
        (found(&index, "bird "), index.whole(), index.unwritten()),
        (vec![item(1)], 1, 1)
    );
}

#[test]
fn the_latest_of_a_draft_counts() {
    let mut index = Index::default();
    index.add(doc(1, 2), &body("second"));
    index.add_part(part(&[(doc(1, 1), "first")], &[]), Some((item(200), 1)));
    assert_eq!(
        (
            found(&index, "first ").len(),
            found(&index, "second ").len()
        ),
        (0, 1)
    );
    assert!(index.has(item(1), 2) && !index.has(item(1), 3));
    index.add(doc(1, 3), &body("third"));
    assert_eq!(
        (
            found(&index, "second ").len(),
            found(&index, "third ").len()
        ),
        (0, 1)
    );
    index.write_down();
    assert_eq!(
        (found(&index, "first ").len(), found(&index, "third ").len()),
        (0, 1)
    );
}

#[test]
fn what_is_removed_stays_away_and_is_told_of() {
    let mut index = Index::default();
    index.add_part(
        part(&[(doc(1, 0), "a"), (doc(2, 0), "a")], &[]),
        Some((item(200), 1)),
    );
    index.remove(item(1));
    assert_eq!((found(&index, "a "), index.untold()), (vec![item(2)], 1));
    index.add_part(part(&[(doc(1, 0), "a")], &[]), Some((item(201), 1)));
    assert_eq!(found(&index, "a "), [item(2)]);
    index.write_down();
    let (_, written) = index.unstored().unwrap();
    assert_eq!(
        (written.segment.gone(), index.untold()),
        (&[item(1)][..], 0)
    );
    // Another device, which has heard of no removal.
    let mut other = Index::default();
    other.add_part(
        part(&[(doc(1, 0), "a"), (doc(2, 0), "a")], &[]),
        Some((item(200), 1)),
    );
    other.add_part(part(&[], &[item(1)]), Some((item(202), 1)));
    assert_eq!(found(&other, "a "), [item(2)]);
}

proptest! {
    /// However messages are spread over parts, in whatever order these come: each is found once, in its latest form.
    #[test]
    fn the_order_of_parts_makes_no_difference(
        parts in prop::collection::vec(prop::collection::btree_map(0_u8..12, 0_u64..4, 0..8), 0..6),
        dropped in any::<prop::sample::Index>(),
        removed in prop::collection::btree_set(0_u8..12, 0..3),
    ) {
        let segment = |docs: &BTreeMap<u8, u64>| {
            let docs: Vec<(Doc, String)> = docs
                .iter()
                .map(|(number, version)| (doc(*number, *version), format!("v{version}")))
                .collect();
            let docs: Vec<(Doc, &str)> = docs.iter().map(|(doc, text)| (*doc, text.as_str())).collect();
            part(&docs, &[])
        };
        let mut index = Index::default();
        for (at, docs) in (100..).zip(&parts) {
            index.add_part(segment(docs), Some((item(at), 1)));
        }
        removed.iter().for_each(|number| index.remove(item(*number)));
        let mut left: Vec<&BTreeMap<u8, u64>> = parts.iter().collect();
        if !parts.is_empty() {
            let at = dropped.index(parts.len());
            prop_assert!(index.drop_part(item(100 + at as u8), 1));
            left.remove(at);
        }
        let mut latest: BTreeMap<u8, u64> = BTreeMap::new();
        for (number, version) in left.into_iter().flatten().filter(|(number, _)| !removed.contains(number)) {
            let known = latest.entry(*number).or_default();
            *known = (*known).max(*version);
        }
        for version in 0..4 {
            let wanted: Vec<ItemId> = latest.iter().rev().filter(|(_, at)| **at == version).map(|(n, _)| item(*n)).collect();
            prop_assert_eq!(found(&index, &format!("v{version} ")), wanted);
        }
        prop_assert_eq!(index.whole(), latest.len());
    }
}

/// Two sessions heard of the same parts in another order, and each merges one of them.
#[test]
fn a_message_that_stands_twice_is_let_go_of_by_nobody() {
    let parts = [200, 201].map(|id| (id, part(&[(doc(1, 0), "a")], &[])));
    let [first, second] = [[0, 1], [1, 0]].map(|order| {
        let mut index = Index::default();
        for at in order {
            let (id, segment) = &parts[at];
            let copy = Segment::from_octets(segment.octets().to_vec()).unwrap();
            index.add_part(copy, Some((item(*id), 1)));
        }
        index
    });
    // Numbers are given in the order of coming: 2 is part 201 to the one and part 200 to the other.
    assert_eq!(
        (
            first.part(2).unwrap().live.count(),
            second.part(2).unwrap().live.count()
        ),
        (0, 0)
    );
    assert_eq!(
        (first.kept(&[2])[0].count(), second.kept(&[2])[0].count()),
        (1, 1)
    );
    assert_eq!(
        first.kept(&[1, 2]).iter().map(Bits::count).sum::<usize>(),
        1
    );
}
