//! The operators and their names.

use crate::search::field::{Field, FieldSet};

/// What stands before a colon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Words(FieldSet),
    Has,
    Is,
    Before,
    After,
    In,
    Label,
}

/// Each operator by the names it goes by.
const OPERATORS: [(&str, Operator); 13] = [
    ("from", Operator::Words(FieldSet::of(Field::From))),
    ("to", Operator::Words(FieldSet::of(Field::To))),
    ("cc", Operator::Words(FieldSet::of(Field::To))),
    ("bcc", Operator::Words(FieldSet::of(Field::To))),
    ("subject", Operator::Words(FieldSet::of(Field::Subject))),
    ("filename", Operator::Words(FieldSet::of(Field::File))),
    ("file", Operator::Words(FieldSet::of(Field::File))),
    ("has", Operator::Has),
    ("is", Operator::Is),
    ("before", Operator::Before),
    ("after", Operator::After),
    ("in", Operator::In),
    ("label", Operator::Label),
];

/// The operator of this name, in either case.
pub(super) fn operator(name: &str) -> Option<Operator> {
    OPERATORS
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(name))
        .map(|(_, operator)| *operator)
}

/// The operator that was probably meant: one letter wrong, missing, too many, or two in the wrong order. Short names
/// are near to too much else.
pub(super) fn meant(name: &str) -> Option<&'static str> {
    let name = name.to_ascii_lowercase();
    OPERATORS
        .iter()
        .map(|(known, _)| *known)
        .filter(|known| known.len() > 3)
        .find(|known| is_near(known.as_bytes(), name.as_bytes()))
}

fn is_near(one: &[u8], other: &[u8]) -> bool {
    let same_start = one.iter().zip(other).take_while(|(a, b)| a == b).count();
    let (one, other) = (tail(one, same_start), tail(other, same_start));
    match (one, other) {
        ([a, b, one @ ..], [c, d, other @ ..]) if (a, b) == (d, c) => one == other,
        _ => tail(one, 1) == tail(other, 1) || one == tail(other, 1) || tail(one, 1) == other,
    }
}

fn tail(bytes: &[u8], from: usize) -> &[u8] {
    bytes.get(from..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_noticed_and_a_word_is_not_taken_for_one() {
        for (typed, operator) in [
            ("form", "from"),
            ("fron", "from"),
            ("frm", "from"),
            ("fromm", "from"),
            ("Subjct", "subject"),
            ("lable", "label"),
        ] {
            assert_eq!(meant(typed), Some(operator));
        }
        for word in ["re", "note", "http", "ps", "urgent", "too", "info"] {
            assert_eq!(meant(word), None);
        }
    }
}
