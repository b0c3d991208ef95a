//! One open account: what a program holds between log-in and log-out. Its operations are in the modules named after
//! them; all take `&self`, and none holds a borrow of the memory while it waits.

use crate::account::Account;
use crate::api::ApiError;
use crate::env::{Env, Randomness};
use crate::memory::Memory;
use crate::transport::Transport;
use crate::views::AccountInfo;
use smail_protocol::AccountView;
use std::cell::RefCell;

/// An open account. Secret: it holds the account's keys, which are wiped when it is dropped.
pub struct Client<T, R> {
    pub(crate) env: Env<T, R>,
    pub(crate) account: Account,
    pub(crate) memory: RefCell<Memory>,
}

impl<T, R> std::fmt::Debug for Client<T, R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Client(..)")
    }
}

impl<T: Transport, R: Randomness> Client<T, R> {
    /// Takes an account that has just been opened and reads its sealed state.
    pub(crate) async fn start(
        env: Env<T, R>,
        account: Account,
        view: &AccountView,
    ) -> Result<Self, ApiError> {
        let memory = Memory {
            cursor: view.seq,
            resume: view.resume.clone(),
            own_address: account.address(),
            ..Memory::default()
        };
        env.act_for(account.id);
        let client = Self {
            env,
            account,
            memory: RefCell::new(memory),
        };
        let page = client.env.states().await?;
        for object in page.objects {
            client.keep_state(object);
        }
        Ok(client)
    }

    /// The account that is open.
    #[must_use]
    pub fn account(&self) -> AccountInfo {
        self.account.info()
    }

    /// 32 bytes that keys for what a device keeps are derived from. Secret.
    #[must_use]
    pub fn device_key(&self) -> zeroize::Zeroizing<Vec<u8>> {
        self.account.key.device_key().to_bytes()
    }

    /// The surroundings, for a program that wants its transport back.
    pub const fn env(&self) -> &Env<T, R> {
        &self.env
    }

    /// Ends the session at the server. Drop the client afterwards, whatever came of it: that wipes the keys.
    ///
    /// # Errors
    /// [`ApiError`]. A session that had ended already is no error.
    pub async fn log_out(&self) -> Result<(), ApiError> {
        match self.env.logout().await {
            Err(error) if error.is(smail_protocol::ProblemCode::NoSession) => Ok(()),
            other => other,
        }
    }
}
