//! Lists of mail: every item's summary in a compact form, conversations, and views of a folder in any order.
//!
//! A client takes in all summaries of all folders in the background ([`fill`]) and keeps them as [`Items`]: some hundred
//! bytes each, opened again only to be shown. A [`view::View`] is a folder's rows in one order under one filter; it is
//! kept up with what changes and gives any range of its rows.

mod calls;
mod fill;
mod items;
mod order;
mod rows;
mod short_id;
mod subject;
mod threads;
mod view;

pub use calls::ListError;
pub(crate) use fill::Filling;
pub(crate) use items::{Items, Kept};
pub(crate) use short_id::{ShortId, ThreadIds};
pub(crate) use view::Views;
