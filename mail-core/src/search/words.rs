//! Words of any language, folded so that what a person types finds what another has written: compatibility forms
//! (NFKC), case and accents make no difference.
//!
//! Where words stand apart, a word is a run of letters, digits and marks, as Unicode Standard Annex 29 has it but for
//! the punctuation inside a word (`invoice.pdf`, `l'avion`), which parts words here. Scripts that are written without
//! spaces have no words to find without a dictionary: their text is taken as overlapping pairs of characters.

use super::script::{is_accent, is_mark, is_pictograph, is_unspaced, plain_letter};
use std::ops::Range;
use unicode_normalization::UnicodeNormalization;

/// Longest word kept, in characters. What goes on longer is no word, and is found by its beginning.
const MAX_WORD_CHARS: usize = 40;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TokenKind {
    /// A word of a script with spaces, or a pictograph.
    Word,
    /// Two characters of a script without, beside one another.
    Pair,
    /// The last character of a run of these: so that each character of the text begins a token.
    Last {
        /// Whether the run has no other.
        alone: bool,
    },
}

/// A token of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Token<'a> {
    /// The token, folded. Never empty.
    pub(crate) folded: &'a str,
    pub(crate) kind: TokenKind,
    /// Where it stands, in bytes of the text.
    pub(crate) range: Range<usize>,
}

/// Hands each token of the text over, in the order of the text.
pub(crate) fn each_token(text: &str, take: &mut dyn FnMut(Token<'_>)) {
    let mut scanner = Scanner {
        text,
        word: None,
        run: Vec::new(),
        take,
        folded: String::new(),
    };
    for (at, character) in text.char_indices() {
        scanner.next(at, character);
    }
    scanner.end_word();
    scanner.end_run();
}

/// The tokens of a text, folded.
#[cfg(test)]
pub(crate) fn tokens(text: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    each_token(text, &mut |token| tokens.push(token.folded.to_owned()));
    tokens
}

struct Scanner<'a> {
    text: &'a str,
    /// The word under way.
    word: Option<Range<usize>>,
    /// The run of a script without spaces under way: each character with its marks, folded.
    run: Vec<(String, Range<usize>)>,
    take: &'a mut dyn FnMut(Token<'_>),
    folded: String,
}

impl Scanner<'_> {
    fn next(&mut self, at: usize, character: char) {
        let end = at + character.len_utf8();
        if is_mark(character) {
            self.lengthen_what_is_open(end);
        } else if is_unspaced(character) {
            self.end_word();
            self.lengthen_run(at..end);
        } else if character.is_alphanumeric() {
            self.end_run();
            self.lengthen_word(at..end);
        } else {
            self.end_word();
            self.end_run();
            if is_pictograph(character) {
                self.lengthen_word(at..end);
                self.end_word();
            }
        }
    }

    fn lengthen_word(&mut self, range: Range<usize>) {
        match &mut self.word {
            Some(word) => word.end = range.end,
            None => self.word = Some(range),
        }
    }

    /// A mark belongs to the character before it.
    fn lengthen_what_is_open(&mut self, end: usize) {
        if let Some(word) = &mut self.word {
            word.end = end;
        } else if let Some((_, range)) = self.run.last_mut() {
            range.end = end;
        }
    }

    fn lengthen_run(&mut self, range: Range<usize>) {
        self.run.push((String::new(), range));
    }

    fn end_word(&mut self) {
        let Some(range) = self.word.take() else {
            return;
        };
        self.folded.clear();
        fold_into(
            self.text.get(range.clone()).unwrap_or_default(),
            &mut self.folded,
        );
        if !self.folded.is_empty() {
            (self.take)(Token {
                folded: &self.folded,
                kind: TokenKind::Word,
                range,
            });
        }
    }

    fn end_run(&mut self) {
        if self.run.is_empty() {
            return;
        }
        let mut run = std::mem::take(&mut self.run);
        for (folded, range) in &mut run {
            fold_into(self.text.get(range.clone()).unwrap_or_default(), folded);
        }
        run.retain(|(folded, _)| !folded.is_empty());
        for pair in run.windows(2) {
            if let [(first, from), (second, to)] = pair {
                self.folded.clear();
                self.folded.push_str(first);
                self.folded.push_str(second);
                (self.take)(Token {
                    folded: &self.folded,
                    kind: TokenKind::Pair,
                    range: from.start..to.end,
                });
            }
        }
        if let Some((folded, range)) = run.last() {
            (self.take)(Token {
                folded,
                kind: TokenKind::Last {
                    alone: run.len() == 1,
                },
                range: range.clone(),
            });
        }
        run.clear();
        self.run = run;
    }
}

/// Appends the folded form, up to the longest word.
fn fold_into(text: &str, folded: &mut String) {
    if text.is_ascii() {
        let kept = text.chars().take(MAX_WORD_CHARS);
        folded.extend(kept.map(|character| character.to_ascii_lowercase()));
        return;
    }
    // Whoever writes a word of ten thousand marks is not made to wait for their sorting.
    let start = text.chars().take(4 * MAX_WORD_CHARS);
    let letters = start
        .nfkd()
        .filter(|character| !is_accent(*character))
        .flat_map(char::to_uppercase)
        .flat_map(char::to_lowercase)
        .nfc()
        .filter(|character| {
            character.is_alphanumeric() || is_mark(*character) || is_pictograph(*character)
        });
    for letter in letters.take(MAX_WORD_CHARS) {
        match plain_letter(letter) {
            Some(plain) => folded.push_str(plain),
            None => folded.push(letter),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use unicode_segmentation::UnicodeSegmentation as _;

    #[test]
    fn case_accents_and_forms_make_no_difference() {
        for (one, other) in [
            ("Straße", "STRASSE"),
            ("Crème brûlée", "creme brulee"),
            ("Łódź", "lodz"),
            ("Ærø", "aero"),
            ("ΟΔΟΣ οδός", "οδος ΟΔΟΣ"),
            ("İstanbul ılık", "istanbul ilik"),
            ("ﬁnance ＡＢＣ１２", "finance abc12"),
            ("שָׁלוֹם", "שלום"),
            ("مُدَرِّسَة أحمد", "مدرسه احمد"),
            ("Ёлка", "елка"),
            ("e\u{301}te\u{301}", "été"),
            ("ｶﾞｷﾞ", "ガギ"),
            ("soft\u{ad}hyphen", "softhyphen"),
        ] {
            assert_eq!(tokens(one), tokens(other), "{one} {other}");
        }
    }

    #[test]
    fn punctuation_parts_words() {
        assert_eq!(tokens("l'avion-école"), ["l", "avion", "ecole"]);
        assert_eq!(tokens("alice@example.com"), ["alice", "example", "com"]);
        assert_eq!(
            tokens("Rechnung_2026-03.PDF"),
            ["rechnung", "2026", "03", "pdf"]
        );
        assert_eq!(tokens("  ,;— \u{0}"), Vec::<String>::new());
        assert_eq!(tokens("party 🎉 now"), ["party", "🎉", "now"]);
    }

    #[test]
    fn text_without_spaces_is_taken_in_pairs() {
        assert_eq!(tokens("東京都"), ["東京", "京都", "都"]);
        assert_eq!(tokens("我 like 東京"), ["我", "like", "東京", "京"]);
        assert_eq!(tokens("회의"), ["회의", "의"]);
        // A vowel or tone mark goes with its consonant.
        assert_eq!(
            tokens("ที่นี่"),
            ["ทีนี".replace("ที", "ที่").replace("นี", "นี่"), "นี่".to_owned()]
        );
    }

    #[test]
    fn what_is_too_long_is_found_by_its_beginning() {
        assert_eq!(tokens(&"a".repeat(5_000)), ["a".repeat(MAX_WORD_CHARS)]);
        let marks = format!("e{}", "\u{302}".repeat(100_000));
        assert_eq!(tokens(&marks), ["e"]);
    }

    proptest! {
        /// What is folded once is folded for good, so that a word from a result finds the result.
        #[test]
        fn folding_twice_is_folding_once(text in "[a-zA-ZÀ-ſά-ωА-яа-ё一-三가-깋ぁ-ゖァ-ヺא-תا-ي0-9 .'-]{0,40}") {
            let once = tokens(&text);
            for token in once {
                let again = tokens(&token);
                prop_assert_eq!(again.first(), Some(&token));
            }
        }

        #[test]
        fn tokens_stand_where_they_say(text in any::<String>()) {
            let mut last = 0;
            each_token(&text, &mut |token| {
                assert!(text.get(token.range.clone()).is_some_and(|at| !at.is_empty()));
                assert!(token.range.start >= last && !token.folded.is_empty());
                last = token.range.start;
            });
        }

        /// No word goes over a boundary of Unicode Standard Annex 29.
        #[test]
        fn words_keep_to_unicode_s_boundaries(text in "[a-zéßא-ת0-9а-яα-ω' .,\u{301}\u{5b4}-]{0,40}") {
            let bounds: Vec<usize> = text.split_word_bound_indices().map(|(at, _)| at).collect();
            each_token(&text, &mut |token| {
                let crossed = bounds.iter().find(|at| token.range.start < **at && **at < token.range.end);
                assert_eq!(crossed, None, "{text:?} {token:?}");
            });
        }
    }
}
