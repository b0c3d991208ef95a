//! Signatures that messages can end with.

use super::kept::Kept;
use super::{STATE_NAME, SettingsError};
use crate::client::Client;
use crate::env::Randomness;
use crate::message::neutral_text;
use crate::transport::Transport;
use crate::views::{Settings, SettingsChange, Signature};
use std::cell::Cell;

/// Most signatures.
const MAX_SIGNATURES: usize = 10;
/// Longest name, in characters.
const MAX_NAME_CHARS: usize = 60;
/// Longest text, in characters.
const MAX_TEXT_CHARS: usize = 1_000;
/// Longest HTML, in bytes: pictures have no room in it.
const MAX_HTML_BYTES: usize = 4_000;
/// Length of an id, in bytes: among ten, chance does not meet itself.
const ID_BYTES: usize = 6;

impl<T: Transport, R: Randomness> Client<T, R> {
    /// Keeps a signature: a new one when its id is empty, which then becomes the default if it is the first.
    ///
    /// # Errors
    /// [`SettingsError`].
    pub async fn keep_signature(&self, signature: Signature) -> Result<Settings, SettingsError> {
        let mut signature = checked(signature)?;
        let is_new = signature.id.is_empty();
        if is_new {
            let id = self.env.random_id();
            signature.id = id.iter().take(ID_BYTES).map(hex).collect();
        }
        self.change_signatures(|kept| {
            let mut signatures = kept.signatures();
            put(&mut signatures, &signature, is_new)?;
            let changed = kept.set_signatures(&signatures);
            Ok(changed | (is_new && signatures.len() == 1 && use_by_default(kept, &signature.id)))
        })
        .await
    }

    /// Removes a signature. That it is gone already is success.
    ///
    /// # Errors
    /// [`SettingsError`].
    pub async fn remove_signature(&self, id: &str) -> Result<Settings, SettingsError> {
        self.change_signatures(|kept| {
            let mut signatures = kept.signatures();
            let before = signatures.len();
            signatures.retain(|signature| signature.id != id);
            let was_default = kept.settings().default_signature == id;
            let changed = signatures.len() < before && kept.set_signatures(&signatures);
            Ok(changed | (was_default && use_by_default(kept, "")))
        })
        .await
    }

    async fn change_signatures(
        &self,
        change: impl Fn(&mut Kept) -> Result<bool, SettingsError>,
    ) -> Result<Settings, SettingsError> {
        let refused = Cell::new(None);
        let kept = self
            .change_state(STATE_NAME, |kept: &mut Kept| {
                let outcome = change(kept);
                let changed = *outcome.as_ref().unwrap_or(&false);
                refused.set(outcome.err());
                changed
            })
            .await?;
        refused.take().map_or_else(|| Ok(kept.settings()), Err)
    }
}

fn put(
    signatures: &mut Vec<Signature>,
    signature: &Signature,
    is_new: bool,
) -> Result<(), SettingsError> {
    let is_full = signatures.len() >= MAX_SIGNATURES;
    match signatures.iter_mut().find(|known| known.id == signature.id) {
        Some(known) => signature.clone_into(known),
        None if !is_new => return Err(SettingsError::SignatureGone),
        None if is_full => {
            return Err(SettingsError::TooManySignatures {
                limit: MAX_SIGNATURES,
            });
        }
        None => signatures.push(signature.clone()),
    }
    Ok(())
}

fn use_by_default(kept: &mut Kept, id: &str) -> bool {
    kept.apply(&SettingsChange {
        default_signature: Some(id.to_owned()),
        ..SettingsChange::default()
    })
}

fn checked(signature: Signature) -> Result<Signature, SettingsError> {
    let name = neutral_text(&signature.name);
    if name.is_empty() || name.chars().count() > MAX_NAME_CHARS {
        return Err(SettingsError::SignatureName {
            limit: MAX_NAME_CHARS,
        });
    }
    let html_bytes = signature.html.as_ref().map_or(0, String::len);
    if signature.text.chars().count() > MAX_TEXT_CHARS || html_bytes > MAX_HTML_BYTES {
        return Err(SettingsError::SignatureTooLong {
            limit: MAX_TEXT_CHARS,
        });
    }
    Ok(Signature {
        name,
        text: signature.text.trim_end().to_owned(),
        ..signature
    })
}

fn hex(byte: &u8) -> String {
    format!("{byte:02x}")
}
