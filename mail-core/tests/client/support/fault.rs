//! What can go wrong on the wire.

use smail_mail_core::transport::{HttpRequest, Method};
use smail_protocol::ProblemCode;

/// Harm done to a request that fits.
#[derive(Debug, Clone, Copy)]
pub enum Harm {
    /// It never arrives.
    Offline,
    /// It is carried out, and its answer is lost.
    AnswerLost,
    /// The server refuses with this problem and does nothing.
    Refused(ProblemCode, u16),
    /// The server answers with this status and Retry-After and does nothing.
    Status(u16, Option<u64>),
}

/// Harm for the next requests of this method to paths that begin so.
#[derive(Debug, Clone)]
pub struct Fault {
    pub method: Method,
    pub path: &'static str,
    pub harm: Harm,
    pub times: u32,
}

impl Fault {
    pub fn fits(&self, request: &HttpRequest) -> bool {
        self.times > 0 && self.method == request.method && request.path.starts_with(self.path)
    }
}
