//! Queries as people type them, wrong ones, and anything at all.

use super::*;
use crate::search::field::Field;
use proptest::prelude::*;

const TODAY: Today = Today {
    now_ms: 1_774_958_400_000,
    utc_offset_min: 0,
};

fn read(text: &str) -> Query {
    parse(text, TODAY).unwrap().query
}

fn word(token: &str) -> Query {
    word_in(FieldSet::ALL, token)
}

fn word_in(fields: FieldSet, token: &str) -> Query {
    Query::Word {
        fields,
        token: token.to_owned(),
        prefix: false,
    }
}

fn begun(token: &str) -> Query {
    Query::Word {
        fields: FieldSet::ALL,
        token: token.to_owned(),
        prefix: true,
    }
}

fn not(part: Query) -> Query {
    Query::Not(Box::new(part))
}

fn phrase(fields: FieldSet, tokens: &[&str]) -> Query {
    Query::Phrase {
        fields,
        tokens: tokens.iter().map(|&token| token.to_owned()).collect(),
    }
}

#[test]
fn words_are_all_wanted_and_the_last_may_be_unfinished() {
    assert_eq!(
        read("Crème invo"),
        Query::All(vec![word("creme"), begun("invo")])
    );
    assert_eq!(read("invo "), Query::All(vec![word("invo")]));
    assert_eq!(read("\"invo\""), Query::All(vec![word("invo")]));
    assert_eq!(
        read("invoice.pdf"),
        Query::All(vec![Query::All(vec![word("invoice"), begun("pdf")])])
    );
    assert_eq!(
        read("東京都 "),
        Query::All(vec![Query::All(vec![word("東京"), word("京都")])])
    );
    assert_eq!(read("東 "), Query::All(vec![begun("東")]));
    assert!(parse("  — ", TODAY).unwrap().is_empty());
}

#[test]
fn or_binds_closer_than_standing_side_by_side() {
    assert_eq!(
        read("alice OR bob OR -eve dinner "),
        Query::All(vec![
            Query::Any(vec![word("alice"), word("bob"), not(word("eve"))]),
            word("dinner"),
        ])
    );
    assert_eq!(
        read("this or that "),
        Query::All(vec![word("this"), word("or"), word("that")])
    );
}

#[test]
fn operators_and_quotes() {
    let subject = FieldSet::of(Field::Subject);
    assert_eq!(
        read("from:alice -subject:\"Terms of use\" filename:pdf "),
        Query::All(vec![
            word_in(FieldSet::of(Field::From), "alice"),
            not(phrase(subject, &["terms", "of", "use"])),
            word_in(FieldSet::of(Field::File), "pdf"),
        ])
    );
    assert_eq!(
        read("has:attachment is:UNREAD is:read in:Archive label:\"To do\" in:anywhere"),
        Query::All(vec![
            Query::Attachment,
            Query::Now(Condition::Unread),
            not(Query::Now(Condition::Unread)),
            Query::Now(Condition::In("Archive".to_owned())),
            Query::Now(Condition::Label("To do".to_owned())),
            Query::Now(Condition::Anywhere),
        ])
    );
    assert_eq!(
        read("before:2026-03-31 after:2026"),
        Query::All(vec![
            Query::Before(1_774_915_200_000),
            Query::Since(1_767_225_600_000)
        ])
    );
    // As phones write quotes, and one that is still open.
    assert_eq!(
        read("“a b” \"c d"),
        Query::All(vec![
            phrase(FieldSet::ALL, &["a", "b"]),
            phrase(FieldSet::ALL, &["c", "d"]),
        ])
    );
}

#[test]
fn a_colon_alone_makes_no_operator() {
    assert_eq!(
        read("re:lunch 12:30 http://x.org "),
        Query::All(vec![
            Query::All(vec![word("re"), word("lunch")]),
            Query::All(vec![word("12"), word("30")]),
            Query::All(vec![word("http"), word("x"), word("org")]),
        ])
    );
}

#[test]
fn filters_say_where_they_stand() {
    let text = "é from:\"Bob B\" x -is:starred";
    let filters = parse(text, TODAY).unwrap().filters;
    let shown: Vec<&str> = filters.into_iter().map(|range| &text[range]).collect();
    assert_eq!(shown, ["from:\"Bob B\"", "-is:starred"]);
}

#[test]
fn what_is_wrong_is_said_where_it_is() {
    for (text, place, sentence) in [
        (
            "a form:bob",
            "form:",
            "There is no filter “form:”. Did you mean “from:”?",
        ),
        (
            "-Lable:x",
            "Lable:",
            "There is no filter “Lable:”. Did you mean “label:”?",
        ),
        (
            "x from: bob",
            "from:",
            "Say what to look for after “from:”, without a space.",
        ),
        (
            "subject:—",
            "subject:—",
            "Say what to look for after “subject:”, without a space.",
        ),
        (
            "è before:soon b",
            "soon",
            "“before:” takes a date such as 2026-03-31, 2026-03 or 2026, “today” or “yesterday”.",
        ),
        (
            "is:blue",
            "blue",
            "“is:” takes “unread”, “read” or “starred”.",
        ),
        ("has:\"a lot\"", "a lot", "“has:” takes “attachment”."),
        (
            "a OR",
            "OR",
            "“OR” stands between two words. Write it small to search for the word itself.",
        ),
        (
            "OR a",
            "OR",
            "“OR” stands between two words. Write it small to search for the word itself.",
        ),
        (
            "a OR OR b",
            "OR",
            "“OR” stands between two words. Write it small to search for the word itself.",
        ),
    ] {
        let problem = parse(text, TODAY).unwrap_err();
        assert_eq!(&text[problem.range.clone()], place, "{text}");
        assert_eq!(problem.kind.to_string(), sentence);
    }
    let long = "word ".repeat(2_000);
    let problem = parse(&long, TODAY).unwrap_err();
    assert_eq!(problem.range, 5 * MAX_TERMS..long.len());
}

proptest! {
    /// Anything may be typed or pasted.
    #[test]
    fn anything_is_read_or_refused(text in any::<String>()) {
        check(&text);
    }

    /// What is nearly a query.
    #[test]
    fn what_is_nearly_a_query_is_read_or_refused(
        parts in prop::collection::vec(
            prop::sample::select(vec![
                "from:", "to:", "in:", "is:unread", "has:", "before:", "2026-02-30", "\"", "“", "-", " ", "  ", "OR",
                "OR ", "é", "東京", "🎉", "a", ":", "//", "x\u{301}", "\u{202e}", "label:\"",
            ]),
            0..24,
        )
    ) {
        check(&parts.concat());
    }

    /// A filter that is taken out leaves the other ones.
    #[test]
    fn a_filter_can_be_cut_out(before in "[a-z ]{0,8}", after in "[a-z]{1,8}") {
        let text = format!("{before} from:bob {after}");
        let filters = parse(&text, TODAY).unwrap().filters;
        prop_assert_eq!(filters.len(), 1);
        let rest = format!("{}{}", &text[..filters[0].start], &text[filters[0].end..]);
        prop_assert_eq!(parse(&rest, TODAY).unwrap().filters.len(), 0);
    }
}

fn check(text: &str) {
    match parse(text, TODAY) {
        Ok(parsed) => {
            assert!(
                parsed
                    .filters
                    .iter()
                    .all(|range| text.get(range.clone()).is_some())
            );
        }
        Err(problem) => {
            assert!(
                text.get(problem.range.clone())
                    .is_some_and(|place| !place.is_empty())
            );
            assert!(!problem.kind.to_string().is_empty());
        }
    }
}
