//! Messages: the Internet message format (RFC 5322) with MIME (RFC 2045), the header fields protected inside
//! (RFC 9788) and, where a message travels by ordinary mail, PGP/MIME around it (RFC 3156).
//!
//! [`build`] makes the entity that is encrypted, [`parse`] reads what was decrypted. The MIME library's types stay
//! in here.

mod attachment;
mod bodies;
mod body;
mod build;
mod charset;
mod date;
mod display;
mod file_name;
mod header;
mod html;
mod limits;
mod lookalike;
mod nested;
mod parse;
mod parsed;
mod pgp_mime;
mod snippet;
mod text;

pub use attachment::Attachment;
pub(crate) use attachment::{Held, held, places_of_files};
pub(crate) use body::Enclosed;
pub(crate) use build::build_with;
pub use build::{BuildError, Outer, Outgoing, build};
pub(crate) use date::is_plausible;
pub(crate) use display::is_hidden;
pub use display::{neutral_address, neutral_name, neutral_text};
pub use file_name::{FileName, may_run, safe_file_name};
pub use html::html_to_text;
pub use limits::{MAX_HEADER_BYTES, MAX_HTML_BYTES, MAX_HTML_TAGS, MAX_MESSAGE_BYTES, MAX_PARTS};
pub use lookalike::{is_deceptive, resembled};
pub use parse::parse;
pub(crate) use parse::with_outer_fields;
pub use parsed::{Body, HeaderProtection, Note, ParseError, ParsedMessage};
pub use pgp_mime::{Unwrapped, unwrap, wrap};
pub(crate) use snippet::ellipsis;
pub use snippet::snippet;
pub use text::canonical_text;

#[cfg(test)]
mod round_trip_tests;
