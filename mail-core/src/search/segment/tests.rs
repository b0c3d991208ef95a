//! Segments against a model that is plainly right, and against octets that are plainly wrong.

use super::*;
use crate::search::field::{Field, MessageFields};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

fn doc(number: u8) -> Doc {
    Doc {
        item: ItemId::from_bytes([number; 16]),
        date_s: 1_774_000_000 - u64::from(number) * 1_000,
        attachment: number.is_multiple_of(3),
        draft_version: u64::from(number % 2) * 7,
    }
}

fn fields(subject: &str, body: &str) -> MessageFields {
    MessageFields {
        subject: subject.to_owned(),
        body: body.to_owned(),
        ..MessageFields::default()
    }
}

fn found(words: &dyn Words, set: FieldSet, token: &str, prefix: bool) -> Vec<ItemId> {
    let mut bits = Bits::none(words.docs().len());
    words.find(set, token, prefix, &mut bits);
    bits.iter().map(|at| words.docs()[at].item).collect()
}

fn segment(octets: Vec<u8>) -> Segment {
    Segment::from_octets(octets).unwrap()
}

/// Subject and body of each message.
type Mail = Vec<(String, String)>;

fn grown(mail: &Mail, first: u8) -> Growing {
    let mut growing = Growing::default();
    for (at, (subject, body)) in mail.iter().enumerate() {
        growing.add(doc(first + at as u8), &fields(subject, body));
    }
    growing
}

/// Which messages a word is in, worked out in the plainest way.
fn expected(
    mail: &[(u8, &(String, String))],
    set: FieldSet,
    token: &str,
    prefix: bool,
) -> BTreeSet<ItemId> {
    let fits = |text: &str| {
        text.split(' ')
            .any(|word| word == token || (prefix && word.starts_with(token)))
    };
    mail.iter()
        .filter(|(_, (subject, body))| {
            (set.meets(FieldSet::of(Field::Subject)) && fits(subject))
                || (set.meets(FieldSet::BODY) && fits(body))
        })
        .map(|(number, _)| doc(*number).item)
        .collect()
}

fn mail() -> impl Strategy<Value = Mail> {
    let text = || prop::collection::vec("[ab]{1,4}", 1..12).prop_map(|words| words.join(" "));
    prop::collection::vec((text(), text()), 0..30)
}

proptest! {
    /// Growing, written, merged: the same messages are found.
    #[test]
    fn what_is_found_is_what_was_put_in(
        one in mail(),
        two in mail(),
        dead in prop::collection::btree_set(0_usize..30, 0..6),
        token in "[ab]{1,4}",
        prefix in any::<bool>(),
        bits in 1_u8..32,
    ) {
        let set = FieldSet::from_bits(bits);
        let (first, second) = (grown(&one, 0), grown(&two, 100));
        let mut live = Bits::all(one.len());
        dead.iter().for_each(|at| live.set(*at, false));
        let numbered: Vec<(u8, &(String, String))> = (0..).zip(&one).collect();
        let all = expected(&numbered, set, &token, prefix);
        prop_assert_eq!(found(&first, set, &token, prefix), all.iter().copied().collect::<Vec<_>>());

        let written = segment(first.written(&Bits::all(one.len()), &[]));
        prop_assert_eq!(found(&written, set, &token, prefix), all.into_iter().collect::<Vec<_>>());
        prop_assert_eq!(written.docs(), first.docs());

        let gone = [doc(7).item];
        let other = segment(second.written(&Bits::all(two.len()), &[]));
        let both = segment(merged(&[(&written, &live), (&other, &Bits::all(two.len()))], &gone));
        let left: Vec<(u8, &(String, String))> = numbered
            .into_iter()
            .filter(|(number, _)| live.has(usize::from(*number)))
            .chain((100..).zip(&two))
            .collect();
        let wanted = expected(&left, set, &token, prefix);
        prop_assert_eq!(found(&both, set, &token, prefix).into_iter().collect::<BTreeSet<_>>(), wanted);
        prop_assert_eq!(both.docs().len(), left.len());
        prop_assert_eq!(both.gone(), gone);
        // A merge of everything is what would have been written at once.
        let of_first = segment(first.written(&live, &[]));
        prop_assert_eq!(merged(&[(&of_first, &Bits::all(of_first.docs().len()))], &[]), of_first.octets());
    }

    /// Octets that were changed, cut or made up are refused or read to some end.
    #[test]
    fn no_octets_are_too_strange(
        mail in mail(),
        at in any::<prop::sample::Index>(),
        byte in any::<u8>(),
        cut in any::<prop::sample::Index>(),
        made_up in prop::collection::vec(any::<u8>(), 0..80),
    ) {
        let octets = grown(&mail, 0).written(&Bits::all(mail.len()), &[]);
        let mut changed = octets.clone();
        changed[at.index(octets.len())] = byte;
        let short = octets[..cut.index(octets.len())].to_vec();
        let mut strange = vec![SEGMENT_VERSION];
        strange.extend(made_up);
        for octets in [changed, short, strange] {
            if let Ok(segment) = Segment::from_octets(octets) {
                found(&segment, FieldSet::ALL, "a", true);
                merged(&[(&segment, &Bits::all(segment.docs().len()))], &[]);
            }
        }
    }
}

#[test]
fn a_newer_version_is_told_from_damage() {
    let mut octets = grown(&vec![("a".to_owned(), "b".to_owned())], 0).written(&Bits::all(1), &[]);
    octets[0] = SEGMENT_VERSION + 1;
    assert_eq!(
        Segment::from_octets(octets).unwrap_err(),
        MalformedSegment::Newer
    );
    assert_eq!(
        Segment::from_octets(Vec::new()).unwrap_err(),
        MalformedSegment::Damaged
    );
    assert_eq!(
        Segment::from_octets(vec![0]).unwrap_err(),
        MalformedSegment::Damaged
    );
}

/// Frozen: what version 1 wrote must be read for ever.
#[test]
fn the_first_version_reads() {
    let mail: Mail = vec![
        ("dinner".to_owned(), "tonight at eight".to_owned()),
        ("re dinner".to_owned(), "tonight".to_owned()),
    ];
    let octets = grown(&mail, 3).written(&Bits::all(2), &[doc(9).item]);
    let frozen = "010201052304030303030303030303030303030303030404040404040404040404040404040490afe89b0d0fcf0f000909090909090909090909090909090904026174020664696e6e6572050205656967687402027265030107746f6e696768740440102100";
    let hex: String = octets.iter().map(|octet| format!("{octet:02x}")).collect();
    assert_eq!(hex, frozen);
    let counts: BTreeMap<&str, usize> = ["dinner", "tonight", "eight"]
        .map(|word| {
            (
                word,
                found(&segment(octets.clone()), FieldSet::ALL, word, false).len(),
            )
        })
        .into();
    assert_eq!(counts, [("dinner", 2), ("tonight", 2), ("eight", 1)].into());
}
