//! The key directory.

use super::{Store, StoreError};
use smail_protocol::{LookupResponse, Username};

impl Store {
    /// The certificates of the names that are here, and the names that are not, each in the order asked.
    ///
    /// # Errors
    /// [`StoreError`] alone.
    pub fn certificates(&self, usernames: &[Username]) -> Result<LookupResponse, StoreError> {
        let _ = usernames;
        unimplemented!()
    }
}
