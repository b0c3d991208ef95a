//! An attachment's part of a message: `application/vnd.s-mail.attachment+json`, an ordinary attachment to every other
//! program, described in words.

use super::cut_off::{CutOff, file_name};
use mail_builder::headers::content_type::ContentType;
use mail_builder::headers::text::Text;
use mail_builder::mime::MimePart;
use mail_parser::{MessagePart, MimeHeaders as _, PartType};

/// The type of such a part, without `application`.
const SUBTYPE: &str = "vnd.s-mail.attachment+json";

/// The parts that name these.
pub(crate) fn mime_parts(attachments: &[CutOff]) -> impl Iterator<Item = MimePart<'static>> {
    attachments.iter().map(|attachment| {
        // Not under the file's own name: what is in here is not the file.
        let file_name = format!("{}.s-mail.json", file_name(&attachment.name));
        bare_part(attachment).attachment(file_name)
    })
}

/// The part of a picture that formatted text shows by this Content-ID (RFC 2392).
pub(crate) fn picture_part(picture: &CutOff, content_id: &str) -> MimePart<'static> {
    bare_part(picture).inline().cid(content_id.to_owned())
}

fn bare_part(attachment: &CutOff) -> MimePart<'static> {
    let content_type = ContentType::new(format!("application/{SUBTYPE}"));
    // Octets: the builder writes them in base64, and says so.
    MimePart::new(content_type, attachment.to_json().to_vec())
        .header("Content-Description", Text::new(description(attachment)))
}

/// For who reads the message with something else.
fn description(attachment: &CutOff) -> String {
    format!(
        "{} ({} bytes), kept encrypted on the server that this message came from. Open the message with S-Mail to get it.",
        file_name(&attachment.name),
        attachment.size_bytes
    )
}

/// The attachment that a part names; `None` for any other part.
pub(crate) fn cut_off(part: &MessagePart<'_>) -> Option<CutOff> {
    let content_type = part.content_type()?;
    let is = content_type.ctype().eq_ignore_ascii_case("application")
        && content_type
            .subtype()
            .is_some_and(|subtype| subtype.eq_ignore_ascii_case(SUBTYPE));
    is.then_some(())?;
    match &part.body {
        PartType::Binary(json) | PartType::InlineBinary(json) => CutOff::from_json(json),
        PartType::Text(json) => CutOff::from_json(json.as_bytes()),
        _ => None,
    }
}
