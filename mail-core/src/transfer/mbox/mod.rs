//! The mbox family: messages one after another, each under a line that begins with `From `. Read so that all of its
//! dialects come out right (mboxo, mboxrd, mboxcl; line ends of either kind); Content-Length is not believed, because so
//! many files have been edited since it was written.

mod from_line;
mod line_ends;
mod split;
mod write;

pub(super) use line_ends::with_crlf;
pub(super) use split::{Piece, Splitter};
pub(super) use write::{Filed, MboxWriter, without_filing};
