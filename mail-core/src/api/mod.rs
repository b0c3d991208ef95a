//! The server's HTTP API as typed calls over a [`Transport`](crate::transport::Transport): paths, JSON, problems,
//! and which requests may be tried again.

mod auth;
mod calls;
mod error;
mod exchange;
mod retry;

pub(crate) use auth::LoginAnswer;
pub use error::ApiError;
