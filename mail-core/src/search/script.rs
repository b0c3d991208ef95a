//! What folding has to know of scripts and the standard library does not say.

use unicode_normalization::char::is_combining_mark;

/// Whether the character belongs to a script that is written without spaces between words, or, as Korean, with
/// particles that cling to them.
pub(super) const fn is_unspaced(character: char) -> bool {
    matches!(character,
        '\u{0e01}'..='\u{0e30}' | '\u{0e32}'..='\u{0e33}' | '\u{0e40}'..='\u{0e46}' // Thai
        | '\u{0e81}'..='\u{0eb0}' | '\u{0eb2}'..='\u{0eb3}' | '\u{0ebd}'..='\u{0ec6}' | '\u{0edc}'..='\u{0edf}' // Lao
        | '\u{1000}'..='\u{102a}' | '\u{103f}' | '\u{1050}'..='\u{1055}' // Myanmar
        | '\u{1780}'..='\u{17b3}' | '\u{17d7}' | '\u{17dc}' // Khmer
        | '\u{1100}'..='\u{11ff}' | '\u{3131}'..='\u{318e}' | '\u{ac00}'..='\u{d7a3}' | '\u{ffa1}'..='\u{ffdc}' // Hangul
        | '\u{3005}'..='\u{3007}' | '\u{3041}'..='\u{3096}' | '\u{309d}'..='\u{309f}' // Hiragana
        | '\u{30a1}'..='\u{30fa}' | '\u{30fc}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' | '\u{ff66}'..='\u{ff9d}' // Katakana
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}' // Han
    )
}

/// Whether the character only goes with the one before it: a combining mark, a joiner, a soft hyphen, the voiced sound
/// marks of half-width Katakana.
pub(super) fn is_mark(character: char) -> bool {
    !character.is_ascii()
        && (is_combining_mark(character)
            || matches!(
                character,
                '\u{ad}' | '\u{200c}' | '\u{200d}' | '\u{ff9e}' | '\u{ff9f}'
            ))
}

/// Marks that people leave out when they type, and characters that are there for the looks alone. Vowel signs of
/// Indic scripts and tone marks of Thai are not among them: without those it is another word.
pub(super) const fn is_accent(character: char) -> bool {
    matches!(character,
        '\u{0300}'..='\u{036f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}'
        | '\u{fe20}'..='\u{fe2f}' | '\u{0483}'..='\u{0489}' // Latin, Greek, Cyrillic
        | '\u{0591}'..='\u{05c7}' // Hebrew points
        | '\u{0610}'..='\u{061a}' | '\u{0640}' | '\u{064b}'..='\u{065f}' | '\u{0670}' | '\u{06d6}'..='\u{06ed}' // Arabic
        | '\u{0711}' | '\u{0730}'..='\u{074a}' // Syriac
        | '\u{ad}' | '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}'
    )
}

/// Pictographs, of which each is a word.
pub(super) const fn is_pictograph(character: char) -> bool {
    matches!(character, '\u{2600}'..='\u{27bf}' | '\u{1f1e6}'..='\u{1f1ff}' | '\u{1f300}'..='\u{1f64f}' | '\u{1f680}'..='\u{1faff}')
}

/// Letters that look like another with an accent and do not decompose, or are typed as another.
pub(super) const fn plain_letter(letter: char) -> Option<&'static str> {
    Some(match letter {
        'ł' => "l",
        'ø' => "o",
        'đ' | 'ð' => "d",
        'ħ' => "h",
        'ŧ' => "t",
        'æ' => "ae",
        'œ' => "oe",
        'þ' => "th",
        'ة' => "ه",
        'ى' => "ي",
        _ => return None,
    })
}
