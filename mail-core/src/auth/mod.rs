//! Sign-up, log-in, recovery, resuming after a reload, and change of credentials: OPAQUE (RFC 9807) over the wire, and
//! the account key wrapped under what only the right password or recovery code gives.

mod credentials;
mod ending;
mod exchange;
mod factor;
mod log_in;
mod passkeys;
mod policy;
mod recover;
mod resume;
mod second_step;
mod sign_up;

pub use credentials::{ChangeCredentialError, RecoveryKit};
pub use ending::DeleteAccountError;
pub use exchange::ExchangeError;
pub use factor::FactorError;
pub(crate) use factor::NewTotp;
pub use log_in::{LogIn, LogInError};
pub use passkeys::PasskeyError;
pub(crate) use policy::new_password;
pub use policy::{MIN_PASSWORD_CHARS, NewPasswordError};
pub use recover::{Recover, RecoverError};
pub use resume::ResumeError;
pub use second_step::{LogInOutcome, NotProved, PendingLogIn, Proof, SecondFactorError};
pub use sign_up::{SignUp, SignUpError};
