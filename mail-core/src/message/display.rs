//! Words that came from someone else, made safe to show on one line: no control characters, and no directional
//! characters (Unicode Standard Annex 9) that could make a name read as another.

/// Longest display name shown, in characters.
const MAX_NAME_CHARS: usize = 120;

/// A display name fit to stand beside an address. Empty when it only pretends to be an address.
#[must_use]
pub fn neutral_name(name: &str, address: &str) -> String {
    let name: String = neutral_text(name).chars().take(MAX_NAME_CHARS).collect();
    let pretends = name.contains('@') && !name.eq_ignore_ascii_case(address);
    if pretends || name.eq_ignore_ascii_case(address) {
        String::new()
    } else {
        name
    }
}

/// Text on one line: white space runs become one space, controls and directional characters are left out.
#[must_use]
pub fn neutral_text(text: &str) -> String {
    let kept: String = text
        .chars()
        .filter(|character| !is_hidden(*character))
        .collect();
    kept.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// An addr-spec to show: only what an address may be made of stays visible.
#[must_use]
pub fn neutral_address(address: &str) -> String {
    address
        .chars()
        .filter(|character| !is_hidden(*character) && !character.is_whitespace())
        .collect()
}

/// Controls other than white space, directional marks, embeddings, overrides and isolates, and invisible characters
/// that are of no use in a name. Joiners stay: scripts and emoji need them.
pub(crate) fn is_hidden(character: char) -> bool {
    match character {
        '\t' | '\n' | '\r' => false,
        '\u{061c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2060}'
        | '\u{feff}' => true,
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fff9}'..='\u{fffb}' => true,
        '\u{e0000}'..='\u{e007f}' => true,
        other => other.is_control(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_turn_its_neighbours_around() {
        assert_eq!(
            neutral_name("\u{202e}ecila\u{202c}  \u{7}B", "m@x"),
            "ecila B"
        );
    }

    #[test]
    fn a_name_cannot_pretend_to_be_an_address() {
        assert_eq!(neutral_name("alice@localhost", "mallory@localhost"), "");
        assert_eq!(neutral_name("Alice", "alice@localhost"), "Alice");
    }
}
