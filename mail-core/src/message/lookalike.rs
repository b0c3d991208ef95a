//! Addresses and names that could be taken for another's: letters of several scripts in one word, letters of one script
//! that look like another's, and addresses that differ from a known one in what the eye passes over.

/// The scripts whose letters are mistaken for each other's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Script {
    Latin,
    Greek,
    Cyrillic,
    Armenian,
    Cherokee,
    /// Mathematical and full-width letters, which are Latin ones in another dress.
    Dressed,
}

/// Whether this addr-spec is written so that it could be taken for another: in mixed scripts, wholly in letters that look
/// Latin and are not, or in a domain whose letters are encoded.
#[must_use]
pub fn is_deceptive(address: &str) -> bool {
    let is_encoded =
        |label: &str| label.len() > 4 && label.to_ascii_lowercase().starts_with("xn--");
    address
        .split(['@', '.'])
        .any(|label| is_mixed(label) || looks_latin(label) || is_encoded(label))
}

/// The known address that this one could be taken for, unless it is that very one.
pub fn resembled<'a>(address: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let skeleton = skeleton(address);
    let mut known = known.into_iter();
    known.find(|other| !other.eq_ignore_ascii_case(address) && self::skeleton(other) == skeleton)
}

/// What the eye makes of an address: each letter as the Latin one that it looks like.
fn skeleton(address: &str) -> String {
    let single: String = address
        .chars()
        .flat_map(char::to_lowercase)
        .filter(|character| !matches!(character, '.' | '-' | '_'))
        .map(|character| match character {
            '0' => 'o',
            '1' | 'i' | '|' | 'ı' => 'l',
            '5' => 's',
            other => latin_twin(other).map_or(other, |twin| if twin == 'i' { 'l' } else { twin }),
        })
        .collect();
    single
        .replace("rn", "m")
        .replace("vv", "w")
        .replace("cl", "d")
}

fn is_mixed(word: &str) -> bool {
    let mut scripts = word.chars().filter_map(script);
    let first = scripts.next();
    scripts.any(|script| Some(script) != first)
}

/// Whether the word is in one script other than Latin, and each of its letters has a Latin twin.
fn looks_latin(word: &str) -> bool {
    let mut letters = word
        .chars()
        .filter(|character| character.is_alphabetic())
        .peekable();
    letters.peek().is_some()
        && letters
            .all(|letter| script(letter) != Some(Script::Latin) && latin_twin(letter).is_some())
}

const fn script(character: char) -> Option<Script> {
    match character {
        'a'..='z' | 'A'..='Z' | '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' => {
            Some(Script::Latin)
        }
        '\u{370}'..='\u{3ff}' | '\u{1f00}'..='\u{1fff}' => Some(Script::Greek),
        '\u{400}'..='\u{52f}' => Some(Script::Cyrillic),
        '\u{530}'..='\u{58f}' => Some(Script::Armenian),
        '\u{13a0}'..='\u{13ff}' | '\u{ab70}'..='\u{abbf}' => Some(Script::Cherokee),
        '\u{ff21}'..='\u{ff3a}' | '\u{ff41}'..='\u{ff5a}' | '\u{1d400}'..='\u{1d7ff}' => {
            Some(Script::Dressed)
        }
        _ => None,
    }
}

/// The Latin letter, in lower case, that a letter of another script looks like.
fn latin_twin(character: char) -> Option<char> {
    const TWINS: [(&str, char); 24] = [
        ("аɑαա", 'a'),
        ("ьвβ", 'b'),
        ("сϲ", 'c'),
        ("ԁ", 'd'),
        ("еєёε", 'e'),
        ("ғ", 'f'),
        ("ɡց", 'g'),
        ("һнհη", 'h'),
        ("іїιӏ", 'i'),
        ("јյ", 'j'),
        ("кκ", 'k'),
        ("ӏⅼ", 'l'),
        ("мμ", 'm'),
        ("пոռ", 'n'),
        ("оοσօ०", 'o'),
        ("рρ", 'p'),
        ("ԛգ", 'q'),
        ("гʀ", 'r'),
        ("ѕꜱ", 's'),
        ("тτ", 't'),
        ("υսц", 'u'),
        ("ѵν", 'v'),
        ("ԝωա", 'w'),
        ("хχ", 'x'),
    ];
    let lower = character.to_lowercase().next()?;
    let undressed = match lower {
        '\u{ff41}'..='\u{ff5a}' => u32::from(lower).checked_sub(0xff41),
        '\u{1d400}'..='\u{1d6a3}' => Some((u32::from(lower) - 0x1d400) % 26),
        _ => None,
    };
    if let Some(place) = undressed {
        return char::from_u32(u32::from('a') + place);
    }
    let twin = TWINS.iter().find(|(letters, _)| letters.contains(lower));
    twin.map(|(_, latin)| *latin).or(match lower {
        'у' | 'ү' | 'γ' => Some('y'),
        'ᴢ' | 'ζ' => Some('z'),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mixed_and_borrowed_letters_are_seen() {
        for address in [
            "аlice@localhost",
            "alice@lоcalhost",
            "аррӏе@example.org",
            "ｐaypal@example.org",
            "𝐚lice@example.org",
            "alice@xn--80ak6aa92e.com",
            "user@раураӏ.com",
        ] {
            assert!(is_deceptive(address), "{address}");
        }
    }

    #[test]
    fn honest_addresses_of_any_script_are_left_alone() {
        for address in [
            "alice@localhost",
            "o'neil+x@mail.example.org",
            "größe@münchen.example",
            "用户@例子.广告",
            "пользователь@пример.рф",
            "χρήστης@παράδειγμα.ελ",
            "xn--@a",
        ] {
            assert!(!is_deceptive(address), "{address}");
        }
    }

    #[test]
    fn a_known_address_has_few_twins() {
        let known = ["alice@localhost", "modern.mail@example.org"];
        for (address, twin) in [
            ("a1ice@localhost", known[0]),
            ("al-ice@localhost", known[0]),
            ("alice@l0calhost", known[0]),
            ("аlice@localhost", known[0]),
            ("modem.mail@example.org", known[1]),
        ] {
            assert_eq!(resembled(address, known), Some(twin), "{address}");
        }
        for address in ["ALICE@localhost", "alicia@localhost", "bob@localhost"] {
            assert_eq!(resembled(address, known), None, "{address}");
        }
    }
}
