//! People with native clients.

use crate::http::Http;
use anyhow::Context as _;
use futures_executor::block_on;
use rand::rngs::OsRng;
use smail_mail_core::views::{Folder, FolderRole, MessageRow};
use smail_mail_core::{Client, Env, LogIn, SignUp};

/// A client over [`Http`].
pub type NativeClient<'a> = Client<&'a Http, OsRng>;

/// A name and a password.
#[derive(Debug, Clone)]
pub struct Person {
    /// User name.
    pub username: String,
    /// Password.
    pub password: String,
}

impl Person {
    /// Somebody of this name.
    #[must_use]
    pub fn new(username: &str) -> Self {
        Self {
            username: username.into(),
            password: format!("{username} walks 14 grey herons home"),
        }
    }
}

/// Makes an account.
///
/// # Errors
/// What the client says.
pub fn sign_up<'a>(http: &'a Http, person: &Person) -> anyhow::Result<NativeClient<'a>> {
    let Person { username, password } = person;
    Ok(block_on(Client::sign_up(
        Env::new(http, OsRng),
        &SignUp { username, password },
        |_| (),
    ))?)
}

/// Opens an account.
///
/// # Errors
/// What the client says.
pub fn log_in<'a>(http: &'a Http, person: &Person) -> anyhow::Result<NativeClient<'a>> {
    let Person { username, password } = person;
    Ok(block_on(Client::log_in(
        Env::new(http, OsRng),
        &LogIn { username, password },
        |_| (),
    ))?)
}

/// The folder of this role.
///
/// # Errors
/// What the client says, or that there is none.
pub fn folder(client: &NativeClient<'_>, role: FolderRole) -> anyhow::Result<Folder> {
    let folders = block_on(client.folders())?;
    folders
        .into_iter()
        .find(|folder| folder.role == role)
        .with_context(|| format!("no folder {role:?}"))
}

/// The rows of a folder, latest first.
///
/// # Errors
/// What the client says.
pub fn rows(client: &NativeClient<'_>, role: FolderRole) -> anyhow::Result<Vec<MessageRow>> {
    Ok(block_on(client.list(&folder(client, role)?.id, None, None))?.rows)
}
