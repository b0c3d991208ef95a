//! Phrases, and the marking of what was found. Both look at a text as the index does.

use super::words::{Token, TokenKind, each_token};
use crate::views::Piece;
use std::ops::Range;

/// Whether these tokens stand beside one another in the text.
pub(crate) fn has_phrase(text: &str, tokens: &[String]) -> bool {
    // How far each beginning of the phrase has come.
    let mut begun: Vec<usize> = Vec::new();
    let mut is_there = false;
    each_token(text, &mut |token| {
        if is_there || token.kind == (TokenKind::Last { alone: false }) {
            return;
        }
        begun.push(0);
        begun.retain_mut(|come| {
            let goes_on = tokens
                .get(*come)
                .is_some_and(|wanted| wanted == token.folded);
            *come += 1;
            goes_on
        });
        is_there = begun.contains(&tokens.len());
    });
    is_there
}

/// A word that is marked where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mark {
    pub(crate) token: String,
    pub(crate) prefix: bool,
}

impl Mark {
    fn fits(&self, token: &Token<'_>) -> bool {
        token.folded == self.token || (self.prefix && token.folded.starts_with(&self.token))
    }
}

/// The text in pieces: what is marked and what stands between.
pub(crate) fn marked(text: &str, marks: &[Mark]) -> Vec<Piece> {
    let mut places: Vec<Range<usize>> = Vec::new();
    each_token(text, &mut |token| {
        if !marks.iter().any(|mark| mark.fits(&token)) {
            return;
        }
        match places.last_mut() {
            Some(last) if token.range.start <= last.end => last.end = last.end.max(token.range.end),
            _ => places.push(token.range),
        }
    });
    let mut pieces = Vec::new();
    let mut at = 0;
    for place in places {
        push(&mut pieces, text, at..place.start, false);
        at = place.end;
        push(&mut pieces, text, place, true);
    }
    push(&mut pieces, text, at..text.len(), false);
    pieces
}

fn push(pieces: &mut Vec<Piece>, text: &str, range: Range<usize>, hit: bool) {
    if let Some(text) = text.get(range).filter(|text| !text.is_empty()) {
        pieces.push(Piece {
            text: text.to_owned(),
            hit,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::words::tokens;
    use proptest::prelude::*;

    fn phrase(words: &[&str]) -> Vec<String> {
        words.iter().map(|&word| word.to_owned()).collect()
    }

    fn mark(token: &str, prefix: bool) -> Mark {
        Mark {
            token: token.to_owned(),
            prefix,
        }
    }

    #[test]
    fn a_phrase_is_words_beside_one_another() {
        let text = "The terms, the Terms of use.";
        assert!(has_phrase(text, &phrase(&["terms", "of", "use"])));
        assert!(has_phrase(text, &phrase(&["the", "terms", "the", "terms"])));
        assert!(!has_phrase(text, &phrase(&["terms", "use"])));
        assert!(!has_phrase(text, &phrase(&["use", "terms"])));
        assert!(has_phrase("a a b", &phrase(&["a", "b"])));
        assert!(has_phrase("東京都庁へ", &phrase(&["東京", "京都"])));
        assert!(!has_phrase("", &phrase(&["a"])));
    }

    #[test]
    fn marks_keep_the_text_as_it_was_written() {
        let pieces = marked(
            "Crème BRÛLÉE, crèmes",
            &[mark("creme", false), mark("brul", true)],
        );
        let shown: Vec<(&str, bool)> = pieces
            .iter()
            .map(|piece| (piece.text.as_str(), piece.hit))
            .collect();
        assert_eq!(
            shown,
            [
                ("Crème", true),
                (" ", false),
                ("BRÛLÉE", true),
                (", crèmes", false)
            ]
        );
        let pieces = marked("在東京都", &[mark("東京", false), mark("京都", false)]);
        assert_eq!((pieces.len(), pieces[1].text.as_str()), (2, "東京都"));
        assert_eq!(marked("", &[mark("a", true)]), []);
    }

    proptest! {
        #[test]
        fn the_pieces_are_the_text(text in any::<String>(), token in "[a-z]", other in any::<String>()) {
            let mut marks = vec![mark(&token, true)];
            marks.extend(tokens(&other).into_iter().map(|token| mark(&token, false)));
            let pieces = marked(&text, &marks);
            prop_assert_eq!(pieces.iter().map(|piece| piece.text.as_str()).collect::<String>(), text);
            prop_assert!(pieces.iter().all(|piece| !piece.text.is_empty()));
        }
    }
}
