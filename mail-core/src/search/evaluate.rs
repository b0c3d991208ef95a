//! A query, carried out on one segment: which messages it is in for certain, which it may be in, and, for one of
//! those, whether it is once more is known of the message.

use super::bits::Bits;
use super::field::FieldSet;
use super::query::{Condition, Query};
use super::segment::Words;

/// What the words of one segment say to each leaf of a query, in the order of the leaves. A phrase's tokens are all
/// there; whether they stand beside one another the words cannot say. Of what an item is like now they say nothing.
pub(crate) struct Sheet {
    leaves: Vec<Bits>,
    len: usize,
}

impl Sheet {
    pub(crate) fn of(query: &Query, words: &dyn Words) -> Self {
        let mut leaves = Vec::new();
        query.each_leaf(true, &mut |leaf, _| leaves.push(of_leaf(leaf, words)));
        Self {
            leaves,
            len: words.docs().len(),
        }
    }

    /// The messages that the query is in for certain, and those that it may be in.
    pub(crate) fn bounds(&self, query: &Query) -> Bounds {
        bounds(query, &mut self.leaves.iter(), self.len)
    }

    /// Whether the query is in this message, `None` when `ask` does not know of a leaf that it hangs on.
    pub(crate) fn decide(
        &self,
        query: &Query,
        message: usize,
        ask: &dyn Fn(Asked<'_>) -> Option<bool>,
    ) -> Option<bool> {
        decide(query, &mut self.leaves.iter(), message, ask)
    }
}

/// What the words do not say.
pub(crate) enum Asked<'a> {
    /// Whether these tokens, which are all there, stand beside one another.
    Phrase(FieldSet, &'a [String]),
    /// What the item is like now.
    Condition(&'a Condition),
}

/// Messages that a query is in.
pub(crate) struct Bounds {
    /// For certain.
    pub(crate) surely: Bits,
    /// Perhaps; what is certain is among them.
    pub(crate) maybe: Bits,
}

fn of_leaf(leaf: &Query, words: &dyn Words) -> Bits {
    let docs = words.docs();
    let mut bits = Bits::none(docs.len());
    let mut mark = |fits: &dyn Fn(usize) -> bool| {
        (0..docs.len()).for_each(|at| bits.set(at, fits(at)));
    };
    let date_ms = |at: usize| {
        docs.get(at)
            .map_or(0, |doc| doc.date_s.saturating_mul(1_000))
    };
    match leaf {
        Query::Word {
            fields,
            token,
            prefix,
        } => words.find(*fields, token, *prefix, &mut bits),
        Query::Phrase { fields, tokens } => bits = all_tokens(*fields, tokens, words),
        Query::Attachment => mark(&|at| docs.get(at).is_some_and(|doc| doc.attachment)),
        Query::Before(ms) => mark(&|at| date_ms(at) < *ms),
        Query::Since(ms) => mark(&|at| date_ms(at) >= *ms),
        Query::Now(_) | Query::All(_) | Query::Any(_) | Query::Not(_) => {}
    }
    bits
}

fn all_tokens(fields: FieldSet, tokens: &[String], words: &dyn Words) -> Bits {
    let len = words.docs().len();
    let mut all = Bits::all(len);
    for token in tokens {
        let mut found = Bits::none(len);
        words.find(fields, token, false, &mut found);
        all.meet(&found);
    }
    all
}

fn bounds(query: &Query, leaves: &mut std::slice::Iter<'_, Bits>, len: usize) -> Bounds {
    match query {
        Query::All(parts) => {
            let mut all = Bounds {
                surely: Bits::all(len),
                maybe: Bits::all(len),
            };
            for part in parts {
                let part = bounds(part, leaves, len);
                all.surely.meet(&part.surely);
                all.maybe.meet(&part.maybe);
            }
            all
        }
        Query::Any(parts) => {
            let mut any = Bounds {
                surely: Bits::none(len),
                maybe: Bits::none(len),
            };
            for part in parts {
                let part = bounds(part, leaves, len);
                any.surely.join(&part.surely);
                any.maybe.join(&part.maybe);
            }
            any
        }
        Query::Not(part) => {
            let part = bounds(part, leaves, len);
            Bounds {
                surely: part.maybe.complement(),
                maybe: part.surely.complement(),
            }
        }
        leaf => {
            let said = leaves.next().cloned().unwrap_or_default();
            match leaf {
                Query::Phrase { .. } => Bounds {
                    surely: Bits::none(len),
                    maybe: said,
                },
                Query::Now(_) => Bounds {
                    surely: Bits::none(len),
                    maybe: Bits::all(len),
                },
                _ => Bounds {
                    surely: said.clone(),
                    maybe: said,
                },
            }
        }
    }
}

fn decide(
    query: &Query,
    leaves: &mut std::slice::Iter<'_, Bits>,
    message: usize,
    ask: &dyn Fn(Asked<'_>) -> Option<bool>,
) -> Option<bool> {
    // Every leaf is passed, so that those behind it keep their places.
    let mut each = |parts: &[Query], settles: bool| {
        let outcomes: Vec<Option<bool>> = parts
            .iter()
            .map(|part| decide(part, leaves, message, ask))
            .collect();
        if outcomes.contains(&Some(settles)) {
            Some(settles)
        } else if outcomes.contains(&None) {
            None
        } else {
            Some(!settles)
        }
    };
    match query {
        Query::All(parts) => each(parts, false),
        Query::Any(parts) => each(parts, true),
        Query::Not(part) => decide(part, leaves, message, ask).map(|is_in| !is_in),
        leaf => {
            let said = leaves.next().is_some_and(|bits| bits.has(message));
            match leaf {
                Query::Phrase { fields, tokens } if said => ask(Asked::Phrase(*fields, tokens)),
                Query::Now(condition) => ask(Asked::Condition(condition)),
                _ => Some(said),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::field::MessageFields;
    use crate::search::query::{Today, parse};
    use crate::search::segment::{Doc, Growing};
    use proptest::prelude::*;
    use smail_protocol::ItemId;

    const TODAY: Today = Today {
        now_ms: 1_774_958_400_000,
        utc_offset_min: 0,
    };

    fn query(text: &str) -> Query {
        parse(text, TODAY).unwrap().query
    }

    fn mail(texts: &[&str]) -> Growing {
        let mut growing = Growing::default();
        for (at, text) in texts.iter().enumerate() {
            let doc = Doc {
                item: ItemId::from_bytes([at as u8; 16]),
                date_s: 1_767_225_600 + at as u64 * 86_400, // 2026-01-01 and on
                attachment: at % 2 == 1,
                draft_version: 0,
            };
            let fields = MessageFields {
                body: (*text).to_owned(),
                ..MessageFields::default()
            };
            growing.add(doc, &fields);
        }
        growing
    }

    fn surely(text: &str, mail: &Growing) -> Vec<usize> {
        let query = query(text);
        let bounds = Sheet::of(&query, mail).bounds(&query);
        assert_eq!(
            bounds.surely, bounds.maybe,
            "nothing is left open by {text}"
        );
        bounds.surely.iter().collect()
    }

    #[test]
    fn words_filters_and_their_opposites() {
        let mail = mail(&["red wine", "white wine", "red beer", "tea"]);
        for (text, hits) in [
            ("wine", &[0, 1][..]),
            ("red wine", &[0]),
            ("red OR white wine", &[0, 1]),
            ("-wine", &[2, 3]),
            ("-wine -tea", &[2]),
            ("wi", &[0, 1]),
            ("wi ", &[]),
            ("has:attachment", &[1, 3]),
            ("-has:attachment red", &[0, 2]),
            ("before:2026-01-03", &[0, 1]),
            ("after:2026-01-03", &[2, 3]),
            ("subject:wine", &[]),
        ] {
            assert_eq!(surely(text, &mail), hits, "{text}");
        }
    }

    #[test]
    fn what_is_not_known_is_asked() {
        let mail = mail(&["red wine", "wine red", "tea"]);
        let query = query("\"red wine\" OR is:unread ");
        let sheet = Sheet::of(&query, &mail);
        let bounds = sheet.bounds(&query);
        assert_eq!((bounds.surely.count(), bounds.maybe.count()), (0, 3));
        let known = |phrase, unread| {
            move |asked: Asked<'_>| match asked {
                Asked::Phrase(..) => phrase,
                Asked::Condition(_) => unread,
            }
        };
        let decide = |at, phrase, unread| sheet.decide(&query, at, &known(phrase, unread));
        assert_eq!(decide(0, Some(true), None), Some(true));
        assert_eq!(decide(0, Some(false), None), None);
        assert_eq!(decide(0, Some(false), Some(false)), Some(false));
        // The words are not there: nobody is asked of the phrase.
        assert_eq!(decide(2, None, Some(false)), Some(false));
    }

    proptest! {
        /// Whatever becomes known, what was certain stays so and what was ruled out stays out.
        #[test]
        fn what_is_decided_lies_within_the_bounds(
            parts in prop::collection::vec(prop::sample::select(vec![
                "a", "b", "-a", "OR", "\"a b\"", "-\"b a\"", "is:unread", "-is:starred", "has:attachment", "in:x", "OR c",
            ]), 1..8),
            answers in any::<[Option<bool>; 3]>(),
        ) {
            let Ok(parsed) = parse(&parts.join(" "), TODAY) else {
                return Ok(());
            };
            let query = parsed.query;
            let mail = mail(&["a b", "b a", "a", "c", ""]);
            let sheet = Sheet::of(&query, &mail);
            let bounds = sheet.bounds(&query);
            let ask = |asked: Asked<'_>| match asked {
                Asked::Phrase(..) => answers[0],
                Asked::Condition(Condition::Unread) => answers[1],
                Asked::Condition(_) => answers[2],
            };
            for at in 0..5 {
                match sheet.decide(&query, at, &ask) {
                    Some(true) => prop_assert!(bounds.maybe.has(at)),
                    Some(false) => prop_assert!(!bounds.surely.has(at)),
                    None => prop_assert!(bounds.maybe.has(at) && !bounds.surely.has(at)),
                }
            }
        }
    }
}
