//! What a person has chosen: one sealed document that all sessions of the account share. A change names single
//! settings, so that two sessions that change different ones both have their way.

mod error;
mod kept;
mod signatures;
mod values;

pub use error::SettingsError;

use crate::client::Client;
use crate::env::Randomness;
use crate::state::StateError;
use crate::transport::Transport;
use crate::views::{Person, Settings, SettingsChange};
use kept::Kept;
use smail_protocol::ObjectId;

/// The state object's name.
const STATE_NAME: &str = "settings";

impl<T: Transport, R: Randomness> Client<T, R> {
    /// All settings as they are now.
    ///
    /// # Errors
    /// [`StateError`].
    pub fn settings(&self) -> Result<Settings, StateError> {
        let kept: Kept = self.state(STATE_NAME)?.unwrap_or_default();
        Ok(kept.settings())
    }

    /// Changes the settings that are named; all of them, afterwards.
    ///
    /// # Errors
    /// [`SettingsError`]; nothing is changed then.
    pub async fn change_settings(&self, change: SettingsChange) -> Result<Settings, SettingsError> {
        let change = values::checked(change)?;
        let kept = self
            .change_state(STATE_NAME, |kept: &mut Kept| kept.apply(&change))
            .await?;
        Ok(kept.settings())
    }

    /// The account's owner as an author, by the name that was chosen. Settings that do not open give no name.
    pub(crate) fn own_name(&self) -> Person {
        Person {
            name: self.settings().unwrap_or_default().display_name,
            ..self.account.person()
        }
    }

    /// Whether this is the object that settings are kept in.
    pub(crate) fn is_of_settings(&self, object_id: ObjectId) -> bool {
        object_id == self.account.object_id(STATE_NAME)
    }
}
