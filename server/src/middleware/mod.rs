//! What surrounds every handler, outermost first: the log line, security headers, the net under panics, and the
//! refusal of other sites' requests; and, around each route for those logged in, the session.

mod cross_site;
mod panics;
mod request_log;
mod require_session;
mod security_headers;

pub use cross_site::refuse_cross_site;
pub use panics::catch_panics;
pub use request_log::log_request;
pub(crate) use require_session::require_session;
pub use security_headers::{
    CREDENTIALLESS, EMBEDDER_POLICY, MAIL_FRAME_POLICY, MAIL_LABORATORY_POLICY, PAGE_POLICY,
    REMOTE_MAIL_FRAME_POLICY, SERVICE_WORKER_POLICY, Transport, WORKER_POLICY,
    add_security_headers,
};
