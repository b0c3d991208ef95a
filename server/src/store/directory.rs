//! The key directory.

use super::{Store, StoreError, layout};
use smail_protocol::{Bytes, DirectoryEntry, LookupResponse, Username};

impl Store {
    /// The certificates of the names that are here, and the names that are not, each in the order asked.
    ///
    /// # Errors
    /// [`StoreError`] alone.
    pub fn certificates(&self, usernames: &[Username]) -> Result<LookupResponse, StoreError> {
        let mut response = LookupResponse {
            found: Vec::new(),
            unknown: Vec::new(),
        };
        for username in usernames {
            match self.certificate(username)? {
                Some(certificate) => {
                    response.found.push(DirectoryEntry {
                        username: username.clone(),
                        certificate,
                    });
                }
                None => response.unknown.push(username.clone()),
            }
        }
        self.settled(response)
    }

    fn certificate(&self, username: &Username) -> Result<Option<Bytes>, StoreError> {
        let Some(account) = self.account_by_name(username)? else {
            return Ok(None);
        };
        Ok(self
            .engine()
            .get(&layout::certificate(account))?
            .map(Bytes::from))
    }
}
