//! What a person has chosen, the same in all sessions of the account.

use serde::{Deserialize, Serialize};

/// Declares an enum of choices whose first is the default.
macro_rules! choice {
    ($(#[$doc:meta])* $name:ident { $(#[$first_doc:meta])* $first:ident, $($(#[$variant_doc:meta])* $variant:ident,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
        #[serde(rename_all = "kebab-case")]
        pub enum $name {
            $(#[$first_doc])*
            #[default]
            $first,
            $($(#[$variant_doc])* $variant,)*
        }
    };
}

choice! {
    /// Light or dark.
    Theme {
        /// As the system has it.
        System,
        /// Light.
        Light,
        /// Dark.
        Dark,
    }
}

choice! {
    /// How close rows stand.
    Density {
        /// With room around them.
        Comfortable,
        /// As many as fit.
        Compact,
    }
}

choice! {
    /// How dates are written.
    DateFormat {
        /// As the language has it.
        Language,
        /// Year, month, day: 2026-12-31.
        Iso,
    }
}

choice! {
    /// How hours are counted.
    Clock {
        /// As the language has it.
        Language,
        /// Twice to twelve.
        TwelveHours,
        /// To twenty-four.
        TwentyFourHours,
    }
}

choice! {
    /// Whether what messages refer to elsewhere is fetched, when no answer for the sender is kept.
    RemoteContentRule {
        /// Ask at each message.
        Ask,
        /// Never, and do not ask.
        Never,
        /// Fetch it in messages that their sender has signed; ask at others.
        Always,
    }
}

choice! {
    /// What a notification of new mail says.
    NotificationContent {
        /// That there is new mail.
        Nothing,
        /// Who it is from.
        Sender,
        /// Who it is from, and its subject.
        Subject,
    }
}

/// A signature to end messages with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Signature {
    /// What names it.
    pub id: String,
    /// What the person calls it.
    pub name: String,
    /// As plain text.
    pub text: String,
    /// As HTML, when it has a form: of this account's own making, and to be cleaned like a stranger's all the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", tsify(optional, type = "string | undefined"))]
    pub html: Option<String>,
}

/// All settings, with what holds where nothing was chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Settings {
    /// The name that stands in From; may be empty.
    pub display_name: String,
    /// Light or dark.
    pub theme: Theme,
    /// How close rows stand.
    pub density: Density,
    /// Language tag (BCP 47); empty: as the browser has it.
    pub language: String,
    /// IANA time zone; empty: as the device has it.
    pub time_zone: String,
    /// How dates are written.
    pub date_format: DateFormat,
    /// How hours are counted.
    pub clock: Clock,
    /// How long a message waits after Send, in seconds: 0, 5, 10, 20 or 30.
    pub undo_send_s: u32,
    /// The signatures, in the order in which they were made.
    pub signatures: Vec<Signature>,
    /// The id of the signature that new messages get; empty: none.
    pub default_signature: String,
    /// Whether answers and what is passed on get it too.
    pub sign_replies: bool,
    /// Whether what messages refer to elsewhere is fetched.
    pub remote_content: RemoteContentRule,
    /// Whether notifications of new mail are wanted.
    pub notifications: bool,
    /// What they say.
    pub notification_content: NotificationContent,
    /// Whether messages are shown as plain text when they have one.
    pub prefer_plain_text: bool,
    /// Whether single keys are shortcuts.
    pub single_key_shortcuts: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            display_name: String::new(),
            theme: Theme::default(),
            density: Density::default(),
            language: String::new(),
            time_zone: String::new(),
            date_format: DateFormat::default(),
            clock: Clock::default(),
            undo_send_s: 0,
            signatures: Vec::new(),
            default_signature: String::new(),
            sign_replies: false,
            remote_content: RemoteContentRule::default(),
            notifications: false,
            notification_content: NotificationContent::default(),
            prefer_plain_text: false,
            single_key_shortcuts: true,
        }
    }
}

/// Declares the record that names settings to change; what it does not name stays.
macro_rules! settings_change {
    ($($(#[$doc:meta])* $name:ident: $type:ty,)*) => {
        /// Which settings to change; the others stay as this or another session has them.
        #[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
        #[serde(rename_all = "camelCase", deny_unknown_fields, default)]
        pub struct SettingsChange {
            $($(#[$doc])*
            #[cfg_attr(feature = "typescript", tsify(optional))]
            pub $name: Option<$type>,)*
        }
    };
}

settings_change! {
    /// The name that stands in From.
    display_name: String,
    /// Light or dark.
    theme: Theme,
    /// How close rows stand.
    density: Density,
    /// Language tag; empty: as the browser has it.
    language: String,
    /// IANA time zone; empty: as the device has it.
    time_zone: String,
    /// How dates are written.
    date_format: DateFormat,
    /// How hours are counted.
    clock: Clock,
    /// How long a message waits after Send, in seconds.
    undo_send_s: u32,
    /// The id of the signature that new messages get; empty: none.
    default_signature: String,
    /// Whether answers get it too.
    sign_replies: bool,
    /// Whether what messages refer to elsewhere is fetched.
    remote_content: RemoteContentRule,
    /// Whether notifications of new mail are wanted.
    notifications: bool,
    /// What they say.
    notification_content: NotificationContent,
    /// Whether messages are shown as plain text when they have one.
    prefer_plain_text: bool,
    /// Whether single keys are shortcuts.
    single_key_shortcuts: bool,
}
