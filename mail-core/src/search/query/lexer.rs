//! What was typed, taken apart into terms.

use std::ops::Range;

/// One term, or `OR`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    Or(Range<usize>),
    Term(Term<'a>),
}

/// A word, a phrase, or an operator with its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Term<'a> {
    pub(super) minus: bool,
    /// What stands before a colon, when that is letters alone.
    pub(super) operator: Option<&'a str>,
    pub(super) value: &'a str,
    pub(super) quoted: bool,
    /// The whole term, in bytes of what was typed.
    pub(super) range: Range<usize>,
    /// The value without its quotes.
    pub(super) value_range: Range<usize>,
}

const fn is_quote(character: char) -> bool {
    matches!(character, '"' | '“' | '”' | '„' | '«' | '»' | '「' | '」')
}

/// The terms, in order.
pub(super) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..) {
        let Some(skipped) = rest.find(|character: char| !character.is_whitespace()) else {
            break;
        };
        let piece = piece(text, at + skipped);
        at = end_of(&piece);
        pieces.push(piece);
    }
    pieces
}

const fn end_of(piece: &Piece<'_>) -> usize {
    match piece {
        Piece::Or(range) => range.end,
        Piece::Term(term) => term.range.end,
    }
}

/// The piece that begins here. Something always begins here, so that it has an end further on.
fn piece(text: &str, start: usize) -> Piece<'_> {
    let rest = text.get(start..).unwrap_or_default();
    let word_end = start + word_length(rest);
    if text.get(start..word_end) == Some("OR") {
        return Piece::Or(start..word_end);
    }
    let minus = rest.starts_with('-') && word_end > start + 1;
    let body = start + usize::from(minus);
    let operator = operator_at(text.get(body..).unwrap_or_default());
    let value_start = body + operator.map_or(0, |name| name.len() + 1);
    let value_text = text.get(value_start..).unwrap_or_default();
    let first = value_text.chars().next().filter(|first| is_quote(*first));
    let (value_range, end) = match first {
        Some(quote) => quoted(value_text, value_start, quote),
        None => {
            let end = value_start + word_length(value_text);
            (value_start..end, end)
        }
    };
    Piece::Term(Term {
        minus,
        operator,
        value: text.get(value_range.clone()).unwrap_or_default(),
        quoted: first.is_some(),
        range: start..end,
        value_range,
    })
}

/// Length of what stands before the next white space or quote. A quote ends a word, so that `said"hello"` is two terms.
fn word_length(rest: &str) -> usize {
    let mut end = rest.len();
    for (at, character) in rest.char_indices() {
        if character.is_whitespace() || (at > 0 && is_quote(character)) {
            end = at;
            break;
        }
    }
    end
}

/// From behind the opening quote to the closing one; to the end when there is none.
fn quoted(rest: &str, start: usize, quote: char) -> (Range<usize>, usize) {
    let inside = quote.len_utf8();
    let after = rest.get(inside..).unwrap_or_default();
    match after
        .char_indices()
        .find(|(_, character)| is_quote(*character))
    {
        Some((at, closing)) => {
            let end = start + inside + at;
            (start + inside..end, end + closing.len_utf8())
        }
        None => (start + inside..start + rest.len(), start + rest.len()),
    }
}

/// The letters before a colon, unless an address of the web begins so.
fn operator_at(term: &str) -> Option<&str> {
    let letters = term
        .find(|character: char| !character.is_ascii_alphabetic())
        .filter(|letters| *letters > 0)?;
    let after = term.get(letters..)?.strip_prefix(':')?;
    if after.starts_with("//") {
        return None;
    }
    term.get(..letters)
}
