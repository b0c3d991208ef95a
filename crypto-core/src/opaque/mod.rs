//! OPAQUE (RFC 9807), the client's side: proves a password or recovery code to a server that never learns it.
//!
//! In order:
//!
//! 1. Sign-up: [`ClientRegistration::start`] makes the registration request; the server answers;
//!    [`ClientRegistration::finish`] makes the registration record, which the server keeps, and the export key, which
//!    it never sees.
//! 2. Login: [`ClientLogin::start`] makes KE1; the server answers with KE2; [`ClientLogin::finish`] makes KE3, which
//!    proves to the server that the password was right, and the same export key again.
//!
//! The suite is OPAQUE-3DH with ristretto255 and SHA-512; the key stretching function is Argon2id (RFC 9106) with
//! a salt of 16 zero bytes and 64 bytes of output, as RFC 9807, section 7 recommends. Its parameters are kept per
//! credential.
//!
//! Secret: the states between start and finish, and the export key. Public: every message.

mod login;
mod registration;
mod suite;

pub use login::{ClientLogin, LoggedIn, LoginError};
pub use registration::{ClientRegistration, RegisterError, Registered};
pub use suite::CONTEXT;
