//! Uploads under way: how many there are of each account.

use smail_protocol::AccountId;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Most uploads of one account at once.
pub const MAX_UPLOADS_PER_ACCOUNT: usize = 64;
/// An upload of which nothing has come for so long is given up.
pub const UPLOAD_PATIENCE: Duration = Duration::from_secs(30);

/// Too many uploads are under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many uploads at once")]
pub struct TooManyUploads;

/// The uploads under way.
#[derive(Debug, Clone, Default)]
pub struct Uploads(Arc<Mutex<HashMap<AccountId, usize>>>);

/// One upload; dropping it makes room.
#[derive(Debug)]
pub struct Upload {
    uploads: Uploads,
    account: AccountId,
}

impl Uploads {
    /// Takes room for one more.
    ///
    /// # Errors
    /// [`TooManyUploads`] when the account has as many as it may.
    pub fn begin(&self, account: AccountId) -> Result<Upload, TooManyUploads> {
        let mut under_way = self.lock();
        let count = under_way.entry(account).or_default();
        if *count >= MAX_UPLOADS_PER_ACCOUNT {
            return Err(TooManyUploads);
        }
        *count += 1;
        Ok(Upload {
            uploads: self.clone(),
            account,
        })
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<AccountId, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        let mut under_way = self.uploads.lock();
        if let Some(count) = under_way.get_mut(&self.account) {
            *count -= 1;
        }
        under_way.retain(|_, count| *count > 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_has_its_bound_and_no_other_feels_it() {
        let uploads = Uploads::default();
        let (alice, bob) = ([1; 16], [2; 16]);
        let begin = |account| uploads.begin(AccountId::from_bytes(account));
        let mut under_way: Vec<Upload> = (0..MAX_UPLOADS_PER_ACCOUNT)
            .map(|_| begin(alice).unwrap())
            .collect();
        assert_eq!(begin(alice).unwrap_err(), TooManyUploads);
        assert!(begin(bob).is_ok());
        under_way.pop();
        assert!(begin(alice).is_ok());
        drop(under_way);
        assert!(uploads.lock().is_empty());
    }
}
