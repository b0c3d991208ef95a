//! What a search shows of what it found.

use super::field::{Field, FieldSet};
use super::phrase::{Mark, marked};
use super::query::{Problem, Query};
use crate::memory::Known;
use crate::views::{Person, QueryFilter, QueryProblem, SearchHit};
use std::ops::Range;

/// The words to mark, by where they are looked for.
#[derive(Debug, Default)]
pub(super) struct Marks {
    people: Vec<Mark>,
    subject: Vec<Mark>,
    body: Vec<Mark>,
    /// Whether words are looked for at all.
    any: bool,
}

impl Marks {
    pub(super) fn of(query: &Query) -> Self {
        let mut marks = Self::default();
        query.each_leaf(true, &mut |leaf, wanted| match leaf {
            Query::Word {
                fields,
                token,
                prefix,
            } if wanted => marks.add(*fields, token, *prefix),
            Query::Phrase { fields, tokens } if wanted => {
                tokens
                    .iter()
                    .for_each(|token| marks.add(*fields, token, false));
            }
            _ => {}
        });
        marks
    }

    fn add(&mut self, fields: FieldSet, token: &str, prefix: bool) {
        self.any = true;
        let mark = Mark {
            token: token.to_owned(),
            prefix,
        };
        let people = FieldSet::of(Field::From).with(FieldSet::of(Field::To));
        if fields.meets(people) {
            self.people.push(mark.clone());
        }
        if fields.meets(FieldSet::of(Field::Subject)) {
            self.subject.push(mark.clone());
        }
        if fields.meets(FieldSet::BODY) {
            self.body.push(mark);
        }
    }
}

/// A message that was found, with what was looked for marked.
pub(super) fn shown(known: &Known, own_address: &str, marks: &Marks) -> SearchHit {
    let row = known.row();
    let outgoing = row.from.address == own_address && !row.to.is_empty();
    let names = if outgoing {
        row.to.iter().map(name).collect::<Vec<_>>().join(", ")
    } else {
        name(&row.from).to_owned()
    };
    let people = marked(&names, &marks.people);
    let subject = marked(&row.subject, &marks.subject);
    let snippet = marked(&row.snippet, &marks.body);
    let seen = [&people, &subject, &snippet];
    let is_seen = seen.into_iter().flatten().any(|piece| piece.hit);
    SearchHit {
        hidden: marks.any && !is_seen,
        row,
        outgoing,
        people,
        subject,
        snippet,
    }
}

fn name(person: &Person) -> &str {
    if person.name.is_empty() {
        &person.address
    } else {
        &person.name
    }
}

/// The operators of a query, for a person to take out.
pub(super) fn filters(text: &str, ranges: &[Range<usize>]) -> Vec<QueryFilter> {
    let filter = |range: &Range<usize>| QueryFilter {
        text: text.get(range.clone()).unwrap_or_default().to_owned(),
        start: utf16(text, range.start),
        end: utf16(text, range.end),
    };
    ranges.iter().map(filter).collect()
}

/// A problem, for a person.
pub(super) fn problem(text: &str, problem: &Problem) -> QueryProblem {
    QueryProblem {
        text: problem.kind.to_string(),
        start: utf16(text, problem.range.start),
        end: utf16(text, problem.range.end),
    }
}

/// A place in bytes, in UTF-16 code units.
fn utf16(text: &str, at: usize) -> u32 {
    let before = text.get(..at).unwrap_or_default();
    u32::try_from(before.encode_utf16().count()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::query::{Today, parse};

    const TODAY: Today = Today {
        now_ms: 0,
        utc_offset_min: 0,
    };

    #[test]
    fn places_count_as_javascript_does() {
        let text = "é🎉 in:x is:y";
        let error = parse(text, TODAY).unwrap_err();
        let problem = problem(text, &error);
        let units: Vec<u16> = text.encode_utf16().collect();
        let place = &units[problem.start as usize..problem.end as usize];
        assert_eq!(String::from_utf16(place).unwrap(), "y");
    }

    #[test]
    fn what_is_excluded_is_not_marked() {
        let query = parse("from:ali -subject:dinner lunch", TODAY)
            .unwrap()
            .query;
        let marks = Marks::of(&query);
        let tokens = |marks: &[Mark]| {
            marks
                .iter()
                .map(|mark| mark.token.clone())
                .collect::<Vec<_>>()
        };
        assert_eq!(tokens(&marks.people), ["ali", "lunch"]);
        assert_eq!(tokens(&marks.subject), ["lunch"]);
        assert_eq!(tokens(&marks.body), ["lunch"]);
    }
}
