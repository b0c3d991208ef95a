//! Writing an mbox (RFC 4155) with the quoting of mboxrd, which can be undone whatever a message holds. How a message is
//! filed stands in Status and X-Status, as mutt and Dovecot have it, and its folder and labels in X-Gmail-Labels, as
//! Google's archives have them.

use super::super::fields::{body, ended, field_name, lines, without_fields};
use mail_builder::headers::Header as _;
use mail_builder::headers::text::Text;
use mail_parser::DateTime;

/// A longer line is passed on in parts, in bytes.
const MAX_LINE_BYTES: usize = 64 * 1024;
const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];
/// Fields of an mbox that say how a message was filed, and are no part of it.
const FILING: [&[u8]; 5] = [
    b"status",
    b"x-status",
    b"x-mozilla-status",
    b"x-mozilla-status2",
    b"x-gmail-labels",
];

/// How a message is filed.
#[derive(Debug, Clone)]
pub(in crate::transfer) struct Filed {
    /// addr-spec; may be empty.
    pub(in crate::transfer) author: String,
    pub(in crate::transfer) came_ms: u64,
    pub(in crate::transfer) unread: bool,
    pub(in crate::transfer) starred: bool,
    /// Names of its folder and its labels.
    pub(in crate::transfer) labels: Vec<String>,
}

/// One message on its way into an mbox.
pub(in crate::transfer) struct MboxWriter {
    before: Vec<u8>,
    line: Vec<u8>,
    is_within_line: bool,
    /// The message has CR LF alone: an mbox has LF.
    converts: bool,
}

impl MboxWriter {
    /// For this message; what is pushed may be longer than it, in whole lines that end with CR LF.
    pub(in crate::transfer) fn new(message: &[u8], filed: &Filed) -> Self {
        Self {
            before: from_line(filed).into_bytes(),
            line: Vec::new(),
            is_within_line: false,
            converts: has_crlf_alone(message),
        }
    }

    /// More of the message, in order.
    pub(in crate::transfer) fn push(&mut self, octets: &[u8], take: &mut impl FnMut(&[u8])) {
        let mut out = std::mem::take(&mut self.before);
        for part in lines(octets) {
            self.line.extend_from_slice(part);
            if self.line.ends_with(b"\n") || self.line.len() > MAX_LINE_BYTES {
                self.write_line(&mut out);
            }
        }
        if !out.is_empty() {
            take(&out);
        }
    }

    /// The message is whole.
    pub(in crate::transfer) fn end(mut self, take: &mut impl FnMut(&[u8])) {
        let mut out = std::mem::take(&mut self.before);
        if !self.line.is_empty() {
            self.write_line(&mut out);
            out.push(b'\n');
        }
        out.push(b'\n');
        take(&out);
    }

    fn write_line(&mut self, out: &mut Vec<u8>) {
        let line = std::mem::take(&mut self.line);
        let quoted = line.iter().skip_while(|byte| **byte == b'>'); // what is quoted before is quoted again
        if !self.is_within_line && quoted.take(5).eq(b"From ") {
            out.push(b'>');
        }
        self.is_within_line = !line.ends_with(b"\n");
        if self.converts && !self.is_within_line {
            out.extend_from_slice(ended(&line));
            out.push(b'\n');
        } else {
            out.extend_from_slice(&line);
        }
    }
}

/// A message out of an mbox, without the fields that say how it was filed there.
pub(in crate::transfer) fn without_filing(message: Vec<u8>) -> Vec<u8> {
    let header_bytes = message.len() - body(&message).len();
    let (header, body) = message.split_at_checked(header_bytes).unwrap_or_default();
    let is_filing = |line: &[u8]| FILING.contains(&field_name(line).as_slice());
    if !lines(header).any(is_filing) {
        return message;
    }
    let mut kept = without_fields(header, is_filing);
    kept.extend_from_slice(body);
    kept
}

/// The line before a message, and how it is filed.
fn from_line(filed: &Filed) -> String {
    let is_word = |character: char| character.is_ascii_graphic();
    let author: String = filed.author.chars().filter(|it| is_word(*it)).collect();
    let author = if author.is_empty() {
        "MAILER-DAEMON"
    } else {
        &author
    };
    let seconds = i64::try_from(filed.came_ms / 1_000).unwrap_or(0);
    let date = DateTime::from_timestamp(seconds);
    let day = usize::try_from(seconds / 86_400 % 7).unwrap_or(0);
    let name = |names: &[&'static str], at: usize| names.get(at).copied().unwrap_or("Jan");
    format!(
        "From {author} {} {} {:2} {:02}:{:02}:{:02} {:04}\nStatus: {}\n{}{}",
        name(&DAYS, day),
        name(&MONTHS, usize::from(date.month).saturating_sub(1)),
        date.day,
        date.hour,
        date.minute,
        date.second,
        date.year,
        if filed.unread { "O" } else { "RO" },
        if filed.starred { "X-Status: F\n" } else { "" },
        gmail_labels(&filed.labels),
    )
}

/// The field of these names, with its line end; nothing when there are none.
fn gmail_labels(names: &[String]) -> String {
    if names.is_empty() {
        return String::new();
    }
    let quoted = names.iter().map(|name| {
        let name: String = name
            .chars()
            .filter(|it| *it != '"' && !it.is_control())
            .collect();
        if name.contains(',') {
            format!("\"{name}\"")
        } else {
            name
        }
    });
    let text = quoted.collect::<Vec<_>>().join(",");
    let mut field = b"X-Gmail-Labels: ".to_vec();
    let written = field.len();
    match Text::new(text).write_header(&mut field, written) {
        Ok(_) => String::from_utf8_lossy(&field).replace("\r\n", "\n"),
        // Nothing fails that is written to memory.
        Err(_) => String::new(),
    }
}

/// Whether each line ends with CR LF, and neither stands anywhere else.
fn has_crlf_alone(message: &[u8]) -> bool {
    let pairs = message.windows(2).filter(|pair| *pair == b"\r\n").count();
    let count = |byte: u8| message.iter().filter(|other| **other == byte).count();
    pairs > 0 && pairs == count(b'\n') && pairs == count(b'\r')
}

#[cfg(test)]
mod tests {
    use super::super::{Splitter, with_crlf};
    use super::*;
    use proptest::prelude::*;

    fn filed() -> Filed {
        Filed {
            author: "a b@c\n".to_owned(),
            came_ms: 820_631_134_000,
            unread: false,
            starred: true,
            labels: vec!["Wörk".to_owned(), "a, b".to_owned()],
        }
    }

    fn written(message: &[u8], step: usize) -> Vec<u8> {
        let mut out = Vec::new();
        let mut writer = MboxWriter::new(message, &filed());
        let mut take = |octets: &[u8]| out.extend_from_slice(octets);
        for octets in message.chunks(step) {
            writer.push(octets, &mut take);
        }
        writer.end(&mut take);
        out
    }

    #[test]
    fn a_message_is_quoted_and_filed() {
        let message = b"A: 1\r\n\r\nFrom here\r\n>From there\r\n> From afar\r\nend";
        let mbox = "From ab@c Wed Jan  3 01:05:34 1996\nStatus: RO\nX-Status: F\nX-Gmail-Labels: =?utf-8?B?V8O2cmssImEsIGIi?=\nA: 1\n\n>From here\n>>From there\n> From afar\nend\n\n";
        for step in [1, 3, 1_000] {
            assert_eq!(String::from_utf8(written(message, step)).unwrap(), mbox);
        }
    }

    #[test]
    fn filing_is_no_part_of_a_message() {
        for (given, kept) in [
            (
                "Status: RO\nA: 1\nX-Status: F\n continued\nX-Mozilla-Status: 0001\nB: 2\n\nStatus: x\n",
                "A: 1\nB: 2\n\nStatus: x\n",
            ),
            ("A: 1\n\nb", "A: 1\n\nb"),
            ("Status: O", ""),
        ] {
            assert_eq!(without_filing(given.into()), kept.as_bytes());
        }
    }

    proptest! {
        /// What goes into an mbox comes out of it, whatever it is, up to the end of its last line.
        #[test]
        fn what_is_written_is_read(
            lines in prop::collection::vec(
                prop_oneof!["(>{0,2}From )?[ -~]{0,20}", Just(String::new())],
                0..12,
            ),
            step in 1_usize..40,
        ) {
            let message = format!("A: 1\r\n\r\n{}\r\n", lines.join("\r\n"));
            let mut mbox = written(message.as_bytes(), step);
            mbox.extend(written(b"B: 2\r\n\r\nafter\r\n", step));
            let mut splitter = Splitter::new(0);
            splitter.push(&mbox);
            splitter.end();
            let first = splitter.next_piece().unwrap();
            prop_assert_eq!(first.came_ms, Some(820_631_134_000));
            let read = with_crlf(without_filing(first.octets));
            prop_assert_eq!(String::from_utf8(read).unwrap(), message);
            prop_assert!(splitter.next_piece().is_some() && splitter.next_piece().is_none());
        }
    }
}
