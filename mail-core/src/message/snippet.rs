//! The beginning of a text, for one line of a list.

/// Longest snippet, in characters.
const MAX_SNIPPET_CHARS: usize = 140;

/// The first words that the author wrote: quoted lines are left out, white space becomes single.
#[must_use]
pub fn snippet(text: &str) -> String {
    let own = text
        .lines()
        .filter(|line| !line.trim_start().starts_with('>'));
    let mut snippet = String::new();
    for word in own.flat_map(str::split_whitespace) {
        if !snippet.is_empty() {
            snippet.push(' ');
        }
        snippet.push_str(word);
        if snippet.len() > 8 * MAX_SNIPPET_CHARS {
            break;
        }
    }
    ellipsis(&super::display::neutral_text(&snippet), MAX_SNIPPET_CHARS)
}

/// The text cut to this many characters, with an ellipsis as the last one when something was cut.
pub(crate) fn ellipsis(text: &str, max_chars: usize) -> String {
    if text.chars().nth(max_chars).is_none() {
        return text.to_owned();
    }
    let kept: String = text.chars().take(max_chars.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_are_left_out_and_white_space_is_single() {
        assert_eq!(snippet("\n> quoted\n  Hello,\n\n\tworld "), "Hello, world");
    }

    #[test]
    fn what_is_cut_says_so() {
        let cut = snippet(&"word ".repeat(1_000));
        assert!(cut.ends_with('…') && cut.chars().count() <= MAX_SNIPPET_CHARS);
    }

    #[test]
    fn a_word_without_end_is_cut() {
        assert_eq!(
            snippet(&"ü".repeat(1_000_000)).chars().count(),
            MAX_SNIPPET_CHARS
        );
    }
}
