//! The header fields of a message, as far as taking it in needs them: names and raw values, without a judgement.

use crate::message::MAX_HEADER_BYTES;
use mail_parser::MessageParser;

/// One field: its name in lower case, and its value without line ends.
pub(super) struct Field {
    pub(super) name: String,
    pub(super) value: Vec<u8>,
}

/// The header of a message.
pub(super) struct Fields(Vec<Field>);

impl Fields {
    /// Reads the header; what is no field in it is left out.
    pub(super) fn of(message: &[u8]) -> Self {
        let mut fields: Vec<Field> = Vec::new();
        for line in header_lines(message) {
            match (line.first(), fields.last_mut()) {
                (Some(b' ' | b'\t'), Some(field)) => field.value.extend_from_slice(line),
                _ => fields.extend(field(line)),
            }
        }
        Self(fields)
    }

    /// The first field of this name, which is in lower case.
    pub(super) fn first(&self, name: &str) -> Option<&[u8]> {
        let field = self.0.iter().find(|field| field.name == name)?;
        Some(field.value.trim_ascii())
    }

    /// The date at the end of the first field of this name, behind a semicolon if there is one (as in Received), in
    /// seconds since 1970.
    pub(super) fn date(&self, name: &str) -> Option<u64> {
        let value = self.first(name)?;
        let date = value.rsplit(|byte| *byte == b';').next()?;
        let header = [b"Date: ", date, b"\r\n\r\n"].concat();
        let parsed = MessageParser::default().parse(&header)?;
        let date = parsed.date().filter(|date| date.is_valid())?;
        u64::try_from(date.to_timestamp()).ok()
    }

    /// The first field of this name in words: encoded ones (RFC 2047) decoded.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        let mut header = b"Subject: ".to_vec();
        header.extend_from_slice(self.first(name)?);
        header.extend_from_slice(b"\r\n\r\n");
        let parsed = MessageParser::default().parse(&header)?;
        parsed.subject().map(str::to_owned)
    }
}

/// The header: what comes before the empty line, if it begins with a field (RFC 5322, section 2.2).
pub(super) fn header(message: &[u8]) -> &[u8] {
    let name = message.split(|byte| *byte == b':').next();
    let is_name = |name: &[u8]| !name.is_empty() && name.iter().all(u8::is_ascii_graphic);
    let is_field = name.is_some_and(|name| name.len() < message.len() && is_name(name));
    let (header, _) = before_empty_line(message);
    if is_field { header } else { b"" }
}

/// The body: what follows the empty line.
pub(super) fn body(message: &[u8]) -> &[u8] {
    let (_, rest) = before_empty_line(message);
    lines(rest)
        .next()
        .and_then(|empty| rest.get(empty.len()..))
        .unwrap_or_default()
}

/// What comes before the first empty line, and the rest.
fn before_empty_line(message: &[u8]) -> (&[u8], &[u8]) {
    let bytes = lines(message)
        .take_while(|line| !ended(line).is_empty())
        .map(<[u8]>::len)
        .sum();
    message.split_at_checked(bytes).unwrap_or_default()
}

/// Lines with their ends.
pub(super) fn lines(octets: &[u8]) -> impl Iterator<Item = &[u8]> {
    octets.split_inclusive(|byte| *byte == b'\n')
}

/// A line without its end.
pub(super) fn ended(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// A header without the fields, continuation lines and all, whose first line is one of these.
pub(super) fn without_fields(header: &[u8], is_left_out: impl Fn(&[u8]) -> bool) -> Vec<u8> {
    let mut kept = Vec::with_capacity(header.len());
    let mut is_kept = true;
    for line in lines(header) {
        if !line.starts_with(b" ") && !line.starts_with(b"\t") {
            is_kept = !is_left_out(line);
        }
        if is_kept {
            kept.extend_from_slice(line);
        }
    }
    kept
}

/// The name of the field that begins with this line, in lower case.
pub(super) fn field_name(line: &[u8]) -> Vec<u8> {
    let name = line.split(|byte| *byte == b':').next().unwrap_or_default();
    name.to_ascii_lowercase()
}

fn header_lines(message: &[u8]) -> impl Iterator<Item = &[u8]> {
    let header = message.get(..MAX_HEADER_BYTES).unwrap_or(message);
    lines(header).map(ended).take_while(|line| !line.is_empty())
}

fn field(line: &[u8]) -> Option<Field> {
    let colon = line.iter().position(|byte| *byte == b':')?;
    let (name, value) = line.split_at_checked(colon)?;
    Some(Field {
        name: String::from_utf8_lossy(name.trim_ascii()).to_ascii_lowercase(),
        value: value.get(1..)?.to_vec(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_unfolded_and_decoded() {
        let message = b"SUBJECT: =?utf-8?q?=C3=BCber?=\r\n =?utf-8?q?all?=\r\nStatus : RO\nno field\r\n\r\nStatus: U\r\n";
        let fields = Fields::of(message);
        assert_eq!(fields.text("subject").as_deref(), Some("überall"));
        assert_eq!(fields.first("status"), Some(&b"RO"[..]));
        assert_eq!(fields.first("x-status"), None);
        assert_eq!(body(message), b"Status: U\r\n");
    }

    #[test]
    fn a_header_alone_has_an_empty_body() {
        for message in [&b"A: b"[..], b"A: b\n", b"A: b\r\n\r\n", b""] {
            assert_eq!(body(message), b"");
        }
    }
}
