//! A message made whole: with the header that stood outside its encryption, and with the files that are beside it as
//! ordinary parts.

use super::super::fields::{Fields, field_name, header, without_fields};
use crate::attachment::CutOff;
use crate::message::{ParseError, places_of_files};
use mail_builder::headers::content_type::ContentType;
use mail_builder::mime::MimePart;

/// What a message is put together from.
pub(super) enum Segment<'a> {
    /// Octets as they are.
    Octets(&'a [u8]),
    /// A part's header, and the file that is in it.
    File(Vec<u8>, CutOff),
}

/// The message in segments. One without files beside it is one.
pub(super) fn segments(message: &[u8]) -> Result<Vec<Segment<'_>>, ParseError> {
    let mut segments = Vec::new();
    let mut at = 0;
    for (range, cut_off) in places_of_files(message)? {
        segments.push(Segment::Octets(
            message.get(at..range.start).unwrap_or_default(),
        ));
        at = range.end;
        segments.push(Segment::File(part_header(&cut_off), cut_off));
    }
    segments.push(Segment::Octets(message.get(at..).unwrap_or_default()));
    Ok(segments)
}

/// Whether a message says who wrote it: then its header is its own.
pub(super) fn has_author(message: &[u8]) -> bool {
    Fields::of(message).first("from").is_some()
}

/// An entity under the header fields that stood outside of it.
pub(super) fn restored(outside: &[u8], inside: &[u8]) -> Vec<u8> {
    let mut restored = without_fields(header(outside), is_of_the_body);
    restored.extend_from_slice(inside);
    restored
}

/// Whether a field describes the body that is no longer there.
fn is_of_the_body(line: &[u8]) -> bool {
    let name = field_name(line);
    name.starts_with(b"content-") || name.starts_with(b"mime-version")
}

fn part_header(cut_off: &CutOff) -> Vec<u8> {
    let name = crate::message::safe_file_name(&cut_off.name, "attachment").text;
    let content_type = ContentType::new(cut_off.media_type.clone());
    let part = MimePart::new(content_type, Vec::<u8>::new())
        .attachment(name)
        .transfer_encoding("base64");
    let mut header = Vec::new();
    // Writing to memory does not fail.
    drop(part.write_part(&mut header));
    let end = header.windows(4).position(|four| four == b"\r\n\r\n");
    header.truncate(end.map_or(header.len(), |end| end + 4));
    header
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_outside_come_before_the_entity() {
        let outside = b"From: a@b\r\nContent-Type: multipart/encrypted;\r\n boundary=x\r\nSubject: one\r\n two\r\nMIME-Version: 1.0\r\n\r\nbody";
        let inside = b"Content-Type: text/plain\r\n\r\ntext";
        assert_eq!(
            restored(outside, inside),
            b"From: a@b\r\nSubject: one\r\n two\r\nContent-Type: text/plain\r\n\r\ntext"
        );
        assert!(has_author(outside) && !has_author(inside));
        for octets in [
            &b"\xc1\x02"[..],
            b" \xc1: 2\r\n\r\n",
            b"no field\r\nSubject: one\r\n\r\n",
        ] {
            assert_eq!(restored(octets, inside), inside);
        }
    }
}
