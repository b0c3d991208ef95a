//! Which values settings may have.

use super::SettingsError;
use crate::message::neutral_text;
use crate::views::SettingsChange;

/// Longest name in From, in characters.
const MAX_NAME_CHARS: usize = 80;
/// How long a message may wait after Send, in seconds.
const UNDO_SEND_S: [u32; 5] = [0, 5, 10, 20, 30];
/// Longest language tag or name of a time zone, in bytes.
const MAX_TAG_BYTES: usize = 64;

/// The change with its texts made neutral.
pub(super) fn checked(change: SettingsChange) -> Result<SettingsChange, SettingsError> {
    let display_name = change.display_name.as_deref().map(name).transpose()?;
    let is_tag = |tag: &Option<String>| tag.as_deref().is_none_or(is_tag);
    let is_delay = |delay: Option<u32>| delay.is_none_or(|delay| UNDO_SEND_S.contains(&delay));
    if !is_tag(&change.language) || !is_tag(&change.time_zone) || !is_delay(change.undo_send_s) {
        return Err(SettingsError::NoSuchValue);
    }
    Ok(SettingsChange {
        display_name,
        ..change
    })
}

fn name(typed: &str) -> Result<String, SettingsError> {
    let name = neutral_text(typed);
    if name.chars().count() > MAX_NAME_CHARS {
        return Err(SettingsError::DisplayNameTooLong {
            limit: MAX_NAME_CHARS,
        });
    }
    // The full-width and the small one look alike.
    if name.contains(['@', '\u{ff20}', '\u{fe6b}']) {
        return Err(SettingsError::AddressInDisplayName);
    }
    Ok(name)
}

/// Language tags and names of time zones are made of these letters; which there are, the browser knows.
fn is_tag(tag: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || b"-_/+".contains(&byte);
    tag.len() <= MAX_TAG_BYTES && tag.bytes().all(is_letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_made_neutral_and_holds_no_address() {
        assert_eq!(
            name("  Alice\u{202e} \n Liddell ").unwrap(),
            "Alice Liddell"
        );
        for address in ["bob@localhost", "bob＠localhost"] {
            assert!(matches!(
                name(address),
                Err(SettingsError::AddressInDisplayName)
            ));
        }
        assert!(name(&"é".repeat(80)).is_ok());
        assert!(name(&"é".repeat(81)).is_err());
    }

    #[test]
    fn tags_and_delays() {
        for good in [
            "",
            "de",
            "zh-Hant-TW",
            "America/Port-au-Prince",
            "Etc/GMT+3",
        ] {
            assert!(is_tag(good), "{good}");
        }
        assert!(!is_tag("<b>") && !is_tag(&"a".repeat(65)));
        let delay = |undo_send_s| SettingsChange {
            undo_send_s: Some(undo_send_s),
            ..SettingsChange::default()
        };
        assert!(checked(delay(20)).is_ok());
        assert!(checked(delay(7)).is_err());
    }
}
