//! Content lines (RFC 6350, section 3.3): unfolded, with name, parameters and value told apart.

use super::value::{decode_transfer, text_of};
use super::{MAX_LINE_BYTES, MAX_PARAMETERS};

/// A content line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    /// The line of the file that it begins on, counted from 1.
    pub(super) number: u32,
    /// Name in upper case, without its group.
    pub(super) name: String,
    parameters: Vec<(String, String)>,
    /// The value, decoded and still with its backslashes.
    pub(super) value: String,
}

impl Line {
    /// Reads one; `None` when there is no colon.
    fn read(number: u32, octets: &[u8]) -> Option<Self> {
        let colon = first_unquoted(octets, b':')?;
        let (head, rest) = octets.split_at(colon);
        let mut words = split_unquoted(head, b';').into_iter();
        let name = words.next().unwrap_or_default();
        let name = name.rsplit('.').next().unwrap_or_default();
        let parameters: Vec<_> = words
            .take(MAX_PARAMETERS)
            .map(|it| parameter(&it))
            .collect();
        let line = Self {
            number,
            name: name.trim().to_ascii_uppercase(),
            parameters,
            value: String::new(),
        };
        let octets = rest.get(1..).unwrap_or_default();
        let octets = decode_transfer(octets, line.is_quoted_printable());
        Some(Self {
            value: text_of(&octets, line.parameter("CHARSET")),
            ..line
        })
    }

    /// The value of a parameter.
    fn parameter(&self, name: &str) -> Option<&str> {
        let mut parameters = self.parameters.iter();
        let found = parameters.find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// Whether a parameter, or a bare word as vCard 2.1 has them, says so.
    fn says(&self, parameter: &str, word: &str) -> bool {
        self.parameters.iter().any(|(name, value)| {
            (name == parameter || name.is_empty())
                && value
                    .split(',')
                    .any(|it| it.trim().eq_ignore_ascii_case(word))
        })
    }

    fn is_quoted_printable(&self) -> bool {
        self.says("ENCODING", "QUOTED-PRINTABLE")
    }

    /// Whether it is the one that its owner would have used.
    pub(super) fn is_preferred(&self) -> bool {
        self.says("TYPE", "PREF") || self.parameter("PREF").is_some_and(|value| value == "1")
    }
}

/// The content lines of a file.
pub(super) fn lines(file: &[u8]) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut open: Option<(u32, Vec<u8>)> = None;
    let mut number = 0;
    for physical in physical_lines(file) {
        number += 1;
        match (&mut open, physical) {
            (Some((_, octets)), [b' ' | b'\t', rest @ ..]) => lengthen(octets, rest),
            (Some((_, octets)), rest) if goes_on(octets) => {
                octets.extend_from_slice(b"\r\n");
                lengthen(octets, rest);
            }
            (_, fresh) => {
                lines.extend(close(open.take()));
                let mut octets = Vec::new();
                lengthen(&mut octets, fresh);
                open = Some((number, octets));
            }
        }
    }
    lines.extend(close(open));
    lines
}

fn close(open: Option<(u32, Vec<u8>)>) -> Option<Line> {
    let (number, octets) = open?;
    Line::read(number, &octets)
}

fn lengthen(octets: &mut Vec<u8>, more: &[u8]) {
    let room = MAX_LINE_BYTES.saturating_sub(octets.len());
    octets.extend(more.iter().take(room));
}

/// Lines end with CR LF, as they should, with LF or with CR.
fn physical_lines(file: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(file);
    std::iter::from_fn(move || {
        let text = rest?;
        let Some(at) = text.iter().position(|byte| matches!(byte, b'\r' | b'\n')) else {
            rest = None;
            return Some(text);
        };
        let (line, end) = text.split_at(at);
        let ending = if end.starts_with(b"\r\n") { 2 } else { 1 };
        rest = end.get(ending..);
        Some(line)
    })
}

/// Whether a quoted-printable value ends with a soft line break (vCard 2.1).
fn goes_on(octets: &[u8]) -> bool {
    if octets.last() != Some(&b'=') || octets.len() >= MAX_LINE_BYTES {
        return false;
    }
    let head = first_unquoted(octets, b':').and_then(|colon| octets.get(..colon));
    head.is_some_and(|head| {
        String::from_utf8_lossy(head)
            .to_ascii_uppercase()
            .contains("QUOTED-PRINTABLE")
    })
}

fn parameter(text: &str) -> (String, String) {
    let (name, value) = match text.split_once('=') {
        Some((name, value)) => (name.trim().to_ascii_uppercase(), value),
        None => (String::new(), text),
    };
    (name, value.trim().trim_matches('"').to_owned())
}

/// The first such octet that is not inside quotation marks.
fn first_unquoted(octets: &[u8], wanted: u8) -> Option<usize> {
    let mut is_quoted = false;
    octets.iter().position(|byte| {
        if *byte == b'"' {
            is_quoted = !is_quoted;
        }
        *byte == wanted && !is_quoted
    })
}

fn split_unquoted(head: &[u8], by: u8) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = head;
    while let Some(at) = first_unquoted(rest, by) {
        let (word, after) = rest.split_at(at);
        words.push(String::from_utf8_lossy(word).into_owned());
        rest = after.get(1..).unwrap_or_default();
        if words.len() > MAX_PARAMETERS {
            return words;
        }
    }
    words.push(String::from_utf8_lossy(rest).into_owned());
    words
}
