//! Every dialect, and what no program should have written.

use super::*;
use proptest::prelude::*;

const LINE: &str = "From alice@example.org Wed Jan  3 01:05:34 1996\n";

fn split_in(mbox: &[u8], step: usize) -> Vec<Piece> {
    let mut splitter = Splitter::new(0);
    let mut pieces = Vec::new();
    for octets in mbox.chunks(step.max(1)) {
        splitter.push(octets);
        while let Some(piece) = splitter.next_piece() {
            pieces.push(piece);
        }
    }
    splitter.end();
    while let Some(piece) = splitter.next_piece() {
        pieces.push(piece);
    }
    pieces
}

/// The messages, the same however the file comes.
#[track_caller]
fn messages(mbox: &str) -> Vec<String> {
    let whole = split_in(mbox.as_bytes(), usize::MAX);
    for step in [1, 2, 7, 64] {
        assert_eq!(split_in(mbox.as_bytes(), step), whole, "steps of {step}");
    }
    let texts = whole.into_iter().map(|piece| piece.octets);
    texts
        .map(|octets| String::from_utf8(octets).unwrap())
        .collect()
}

#[test]
fn messages_lie_between_their_lines() {
    let mbox = format!("{LINE}A: 1\n\none\n\n{LINE}A: 2\n\ntwo\n\n\n{LINE}A: 3\n\nthree");
    assert_eq!(
        messages(&mbox),
        ["A: 1\n\none\n", "A: 2\n\ntwo\n\n", "A: 3\n\nthree"]
    );
    let pieces = split_in(mbox.as_bytes(), usize::MAX);
    let places: Vec<_> = pieces.iter().map(|piece| (piece.at, piece.end)).collect();
    assert_eq!(places[0].0, 0);
    assert!(places.windows(2).all(|pair| pair[0].1 == pair[1].0));
    assert_eq!(places[2].1, mbox.len() as u64);
    assert_eq!(pieces[0].came_ms, Some(820_631_134_000));
}

#[test]
fn line_ends_of_the_other_kind() {
    let mbox = format!("{LINE}A: 1\n\none\n\n{LINE}A: 2\n\ntwo\n\n").replace('\n', "\r\n");
    assert_eq!(
        messages(&mbox),
        ["A: 1\r\n\r\none\r\n", "A: 2\r\n\r\ntwo\r\n"]
    );
}

#[test]
fn quoting_is_taken_away_once() {
    let mbox = format!("{LINE}A: 1\n\n>From here\n>>From there\n> From afar\n>Fromage\n\n");
    assert_eq!(
        messages(&mbox),
        ["A: 1\n\nFrom here\n>From there\n> From afar\n>Fromage\n"]
    );
}

#[test]
fn words_that_begin_so_are_no_message() {
    let text =
        "A: 1\n\nFrom here on it rained.\n\nFrom now on:\nit is dry.\nFrom alice\nNote: wet\n";
    assert_eq!(messages(&format!("{LINE}{text}\n")), [text]);
}

#[test]
fn lines_without_a_date_and_without_an_empty_line_before() {
    assert_eq!(
        messages("From \nA: 1\n\none\n\nFrom -\nA: 2\n\ntwo\n"),
        ["A: 1\n\none\n", "A: 2\n\ntwo\n"]
    );
    assert_eq!(
        messages(&format!("{LINE}A: 1\n\none\n{LINE}A: 2\n\ntwo\n")),
        ["A: 1\n\none\n", "A: 2\n\ntwo\n"]
    );
}

#[test]
fn a_content_length_that_lies_is_not_believed() {
    let mbox = format!("{LINE}Content-Length: 999\n\none\n\n{LINE}Content-Length: 0\n\ntwo\n\n");
    assert_eq!(messages(&mbox).len(), 2);
}

#[test]
fn empty_messages_and_what_stands_before_the_first() {
    assert_eq!(
        messages(&format!("{LINE}\n{LINE}\n{LINE}A: 3\n")),
        ["", "", "A: 3\n"]
    );
    assert_eq!(messages(&format!("\n\n{LINE}A: 1\n")), ["A: 1\n"]);
    assert_eq!(
        messages(&format!("what\n\n{LINE}A: 1\n")),
        ["what\n", "A: 1\n"]
    );
    assert_eq!(messages(""), [""; 0]);
    assert_eq!(messages("\n\n"), [""; 0]);
}

#[test]
fn what_is_too_large_is_passed_over_in_little_memory() {
    let mut splitter = Splitter::new(0);
    let mut pieces = Vec::new();
    let long_line = vec![b'x'; 1024 * 1024];
    splitter.push(format!("{LINE}A: 1\n\n").as_bytes());
    for _ in 0..40 {
        splitter.push(&long_line);
        pieces.extend(splitter.next_piece());
        assert!(splitter.ahead.len() < 3 * 1024 * 1024);
    }
    splitter.push(format!("\n\n{LINE}A: 2\n\ntwo\n").as_bytes());
    pieces.extend(splitter.next_piece());
    splitter.end();
    pieces.extend(splitter.next_piece());
    let [large, two] = &pieces[..] else {
        panic!("{} pieces", pieces.len())
    };
    assert!(large.is_too_large && large.octets.starts_with(b"A: 1\n\nxxx"));
    assert_eq!(large.octets.len(), KEPT_BYTES);
    assert!(!two.is_too_large && two.octets == b"A: 2\n\ntwo\n");
}

#[test]
fn a_from_within_a_long_line_is_none() {
    let line = "x".repeat(MAX_LINE_BYTES);
    let text = format!("A: 1\n\n{line}From a Wed Jan  3 01:05:34 1996\n>From b\n");
    let unquoted = text.replace(">From", "From");
    assert_eq!(messages(&format!("{LINE}{text}")), [unquoted]);
}

proptest! {
    /// Whatever is in it: pieces lie one after another, and do not depend on how the file comes.
    #[test]
    fn nothing_is_lost_between_pieces(
        parts in prop::collection::vec(
            prop_oneof![
                Just(LINE.to_owned()),
                Just("\n".to_owned()),
                Just("\r\n".to_owned()),
                Just("From ".to_owned()),
                Just(">From x\n".to_owned()),
                Just("A: b\n".to_owned()),
                "[ -~]{0,9}\n?",
            ],
            0..40,
        ),
        step in 1_usize..50,
    ) {
        let mbox = parts.concat();
        let pieces = split_in(mbox.as_bytes(), step);
        prop_assert_eq!(&pieces, &split_in(mbox.as_bytes(), usize::MAX));
        for pair in pieces.windows(2) {
            prop_assert_eq!(pair[0].end, pair[1].at);
        }
        if let Some(last) = pieces.last() {
            prop_assert_eq!(last.end, mbox.len() as u64);
        }
    }
}
