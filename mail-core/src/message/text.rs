//! Text in its one form: what a person typed, and what a reader gets back.

/// The text with line feeds alone as line ends, without control characters but the tab, and without byte order marks
/// before it. Building and parsing a message give this form back unchanged.
#[must_use]
pub fn canonical_text(text: &str) -> String {
    let mut canonical = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\r' => {
                characters.next_if_eq(&'\n');
                canonical.push('\n');
            }
            '\n' | '\t' => canonical.push(character),
            '\u{feff}' if canonical.is_empty() => {} // a byte order mark, and not of the text
            other if other.is_control() => {}
            other => canonical.push(other),
        }
    }
    canonical
}

/// The text with CRLF line ends, as MIME wants text (RFC 2046, section 4.1.1).
pub(super) fn with_crlf(canonical: &str) -> String {
    canonical.replace('\n', "\r\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_end_becomes_one() {
        assert_eq!(canonical_text("a\r\nb\rc\nd\n\re"), "a\nb\nc\nd\n\ne");
    }

    #[test]
    fn the_form_is_its_own_form() {
        for text in [
            "\u{feff}a",
            "\u{feff}\u{feff}a",
            "\u{0}\u{feff}a",
            "\r\u{0}\na",
        ] {
            let canonical = canonical_text(text);
            assert_eq!(canonical_text(&canonical), canonical, "{text:?}");
        }
        assert_eq!(canonical_text("\u{feff}\u{feff}a\u{feff}b"), "a\u{feff}b");
    }

    #[test]
    fn controls_go_and_tabs_stay() {
        assert_eq!(canonical_text("a\u{0}b\tc\u{1b}[31m\u{85}d"), "ab\tc[31md");
    }
}
