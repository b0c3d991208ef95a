//! Extractors: what a handler is given is parsed, within limits, and refused with a problem document otherwise.

mod body;
mod id;
mod json;
mod origin;
mod page_site;
mod query;
mod session;

pub(crate) use body::{check_media_type, refuse_payload};
pub(crate) use id::PathId;
pub(crate) use json::Json;
pub(crate) use origin::ClientOrigin;
pub(crate) use page_site::PageSite;
pub(crate) use query::{Query, page_limit};
pub(crate) use session::{LoginSession, session_of};
