//! What other programs have written into a message of how it was filed: Status and X-Status (mutt, Dovecot, Pine),
//! X-Mozilla-Status (Thunderbird), X-Gmail-Labels (Google's archives).

use super::fields::Fields;

/// Thunderbird's marks.
const MOZILLA_READ: u32 = 0x0001;
const MOZILLA_STARRED: u32 = 0x0004;
const MOZILLA_DELETED: u32 = 0x0008;

/// How a message was filed. What nobody says is as it is for mail that was put away: read, and without a star.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Flags {
    pub(super) unread: bool,
    pub(super) starred: bool,
    /// Thrown away, and only not yet gone from the file.
    pub(super) deleted: bool,
    /// As they are written; places and states are among them.
    pub(super) gmail_labels: Vec<String>,
}

impl Flags {
    pub(super) fn of(fields: &Fields) -> Self {
        let mut flags = Self::default();
        flags.read_gmail(fields);
        flags.read_mozilla(fields);
        flags.read_status(fields);
        flags
    }

    fn read_status(&mut self, fields: &Fields) {
        if let Some(status) = fields.first("status") {
            self.unread = !status.contains(&b'R');
        }
        if let Some(status) = fields.first("x-status") {
            self.starred |= status.contains(&b'F');
            self.deleted |= status.contains(&b'D');
        }
    }

    fn read_mozilla(&mut self, fields: &Fields) {
        let status = fields.first("x-mozilla-status");
        let status = status.and_then(|status| std::str::from_utf8(status).ok());
        let Some(status) = status.and_then(|status| u32::from_str_radix(status, 16).ok()) else {
            return;
        };
        self.unread = status & MOZILLA_READ == 0;
        self.starred |= status & MOZILLA_STARRED != 0;
        self.deleted |= status & MOZILLA_DELETED != 0;
    }

    fn read_gmail(&mut self, fields: &Fields) {
        let Some(text) = fields.text("x-gmail-labels") else {
            return;
        };
        self.gmail_labels = split(&text);
        let is_there = |name: &str| {
            self.gmail_labels
                .iter()
                .any(|label| label.eq_ignore_ascii_case(name))
        };
        (self.unread, self.starred) = (is_there("unread"), is_there("starred") || self.starred);
    }
}

/// Names between commas; one that has a comma stands in quotes.
fn split(text: &str) -> Vec<String> {
    let (mut names, mut name, mut is_quoted) = (Vec::new(), String::new(), false);
    for character in text.chars().chain([',']) {
        match character {
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => names.push(std::mem::take(&mut name)),
            other => name.push(other),
        }
    }
    names.push(name);
    names.retain_mut(|name| {
        *name = name.trim().to_owned();
        !name.is_empty()
    });
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(header: &str) -> Flags {
        Flags::of(&Fields::of(format!("{header}\n\ntext").as_bytes()))
    }

    #[test]
    fn each_program_is_understood() {
        for (header, unread, starred, deleted) in [
            ("Subject: nothing said", false, false, false),
            ("Status: RO", false, false, false),
            ("Status: O", true, false, false),
            ("Status: RO\nX-Status: AF", false, true, false),
            ("X-Status: D", false, false, true),
            ("X-Mozilla-Status: 0001", false, false, false),
            ("X-Mozilla-Status: 0004", true, true, false),
            ("X-Mozilla-Status: 0009", false, false, true),
            ("X-Mozilla-Status: what", false, false, false),
            ("X-Gmail-Labels: Inbox,Unread", true, false, false),
            (
                "X-Gmail-Labels: Archived,Starred,Opened",
                false,
                true,
                false,
            ),
        ] {
            let flags = of(header);
            assert_eq!(
                (flags.unread, flags.starred, flags.deleted),
                (unread, starred, deleted),
                "{header}"
            );
        }
    }

    #[test]
    fn labels_may_be_encoded_and_hold_commas() {
        let flags = of("X-Gmail-Labels: =?UTF-8?Q?Familie,B=C3=BCcher?=,\"a, b\", ,Inbox");
        assert_eq!(flags.gmail_labels, ["Familie", "Bücher", "a, b", "Inbox"]);
    }
}
