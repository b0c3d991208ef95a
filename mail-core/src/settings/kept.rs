//! Settings as sealed: a member for each that was ever chosen. A member that this version does not know stays as it is,
//! and a value that it does not know counts as not chosen, so that older and newer sessions get along.

use crate::views::{Settings, SettingsChange, Signature};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Version of what is written now.
const VERSION: u32 = 1;

/// The document.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Kept(Map<String, Value>);

/// Reads every member that `Settings` has, and writes those that a change names.
macro_rules! members {
    ($($name:ident),+) => {
        /// All settings, with what holds where nothing was chosen.
        pub(super) fn settings(&self) -> Settings {
            let unchosen = Settings::default();
            Settings {
                signatures: self.signatures(),
                $($name: self.get(stringify!($name)).unwrap_or(unchosen.$name),)+
            }
        }

        /// Makes a change; whether anything is to be written.
        pub(super) fn apply(&mut self, change: &SettingsChange) -> bool {
            let mut is_new = false;
            $(if let Some(value) = &change.$name {
                is_new |= self.set(stringify!($name), value);
            })+
            is_new
        }
    };
}

impl Kept {
    members!(
        display_name,
        theme,
        density,
        language,
        time_zone,
        date_format,
        clock,
        undo_send_s,
        default_signature,
        sign_replies,
        remote_content,
        notifications,
        notification_content,
        prefer_plain_text,
        single_key_shortcuts
    );

    pub(super) fn signatures(&self) -> Vec<Signature> {
        self.get("signatures").unwrap_or_default()
    }

    pub(super) fn set_signatures(&mut self, signatures: &[Signature]) -> bool {
        self.set("signatures", &signatures)
    }

    fn get<V: DeserializeOwned>(&self, name: &str) -> Option<V> {
        V::deserialize(self.0.get(name)?).ok()
    }

    /// Whether this is another value than before.
    fn set<V: Serialize>(&mut self, name: &str, value: &V) -> bool {
        let Ok(value) = serde_json::to_value(value) else {
            return false;
        };
        if self.0.get(name) == Some(&value) {
            return false;
        }
        self.0.insert("version".to_owned(), VERSION.into());
        self.0.insert(name.to_owned(), value);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::views::{Density, Theme};

    #[test]
    fn what_a_newer_version_wrote_is_kept_and_does_no_harm() {
        let newer = r#"{"version":2,"theme":"sepia","density":"compact","scent":"rose"}"#;
        let mut kept: Kept = serde_json::from_str(newer).unwrap();
        assert_eq!(kept.settings().theme, Theme::System);
        assert_eq!(kept.settings().density, Density::Compact);
        let change = SettingsChange {
            undo_send_s: Some(10),
            ..SettingsChange::default()
        };
        assert!(kept.apply(&change));
        assert!(!kept.apply(&change), "a change that changes nothing");
        let written = serde_json::to_value(&kept).unwrap();
        assert_eq!(written["scent"], "rose");
        assert_eq!(written["theme"], "sepia");
        assert_eq!(kept.settings().undo_send_s, 10);
    }

    #[test]
    fn frozen() {
        let written = r#"{"clock":"twelve-hours","date_format":"iso","default_signature":"01","density":"compact","display_name":"Alice","language":"de","notification_content":"sender","notifications":true,"prefer_plain_text":true,"remote_content":"never","sign_replies":true,"signatures":[{"id":"01","name":"Work","text":"Alice\nS-Mail"}],"single_key_shortcuts":false,"theme":"dark","time_zone":"Europe/Berlin","undo_send_s":30,"version":1}"#;
        let kept: Kept = serde_json::from_str(written).unwrap();
        let settings = kept.settings();
        assert_eq!(settings.signatures[0].text, "Alice\nS-Mail");
        let all = SettingsChange {
            display_name: Some(settings.display_name),
            theme: Some(settings.theme),
            density: Some(settings.density),
            language: Some(settings.language),
            time_zone: Some(settings.time_zone),
            date_format: Some(settings.date_format),
            clock: Some(settings.clock),
            undo_send_s: Some(settings.undo_send_s),
            default_signature: Some(settings.default_signature),
            sign_replies: Some(settings.sign_replies),
            remote_content: Some(settings.remote_content),
            notifications: Some(settings.notifications),
            notification_content: Some(settings.notification_content),
            prefer_plain_text: Some(settings.prefer_plain_text),
            single_key_shortcuts: Some(settings.single_key_shortcuts),
        };
        let mut anew = Kept::default();
        anew.apply(&all);
        anew.set_signatures(&settings.signatures);
        assert_eq!(anew, kept);
    }
}
