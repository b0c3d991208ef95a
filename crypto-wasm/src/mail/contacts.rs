//! The address book, completion of recipients, and whose keys have been compared.

use super::client::{MailClient, records};
use super::thrown;
use crate::error::Thrown;
use smail_mail_core::views::{
    AddressBook, CardImport, Contact, ContactGroup, ContactKey, GroupChange, Suggestion,
};
use tsify::{Ts, Tsify as _};
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
impl MailClient {
    /// All contacts and groups.
    ///
    /// # Errors
    /// None that is expected.
    #[wasm_bindgen(js_name = addressBook)]
    pub fn address_book(&self) -> Result<Ts<AddressBook>, Thrown> {
        Ok(self.0.address_book().into_ts()?)
    }

    /// The ids of the contacts that fit what was typed.
    #[wasm_bindgen(js_name = findContacts)]
    #[must_use]
    pub fn find_contacts(&self, typed: &str) -> Vec<String> {
        self.0.find_contacts(typed)
    }

    /// Makes a contact, or changes one from what it was when the change began.
    ///
    /// # Errors
    /// What cannot be kept, no room for more, or no answer from the server.
    #[wasm_bindgen(js_name = saveContact)]
    pub async fn save_contact(
        &self,
        base: Option<Ts<Contact>>,
        next: Ts<Contact>,
    ) -> Result<Ts<Contact>, Thrown> {
        let base = base.map(|base| base.to_rust()).transpose()?;
        let saved = self.0.save_contact(base.as_ref(), &next.to_rust()?).await;
        Ok(saved.map_err(thrown)?.into_ts()?)
    }

    /// Deletes contacts; those that were there.
    ///
    /// # Errors
    /// No answer from the server.
    #[wasm_bindgen(js_name = removeContacts)]
    pub async fn remove_contacts(&self, ids: Vec<String>) -> Result<Vec<Ts<Contact>>, Thrown> {
        records(self.0.remove_contacts(&ids).await.map_err(thrown)?)
    }

    /// Makes a group, or changes its name and members.
    ///
    /// # Errors
    /// A name that cannot be, no room for more, or no answer from the server.
    #[wasm_bindgen(js_name = saveGroup)]
    pub async fn save_group(&self, change: Ts<GroupChange>) -> Result<Ts<ContactGroup>, Thrown> {
        let saved = self.0.save_group(change.to_rust()?).await;
        Ok(saved.map_err(thrown)?.into_ts()?)
    }

    /// Deletes a group, and none of its contacts.
    ///
    /// # Errors
    /// No answer from the server.
    #[wasm_bindgen(js_name = removeGroup)]
    pub async fn remove_group(&self, id: String) -> Result<Option<Ts<ContactGroup>>, Thrown> {
        let removed = self.0.remove_group(&id).await.map_err(thrown)?;
        Ok(removed.map(|group| group.into_ts()).transpose()?)
    }

    /// Takes the cards of a vCard file in.
    ///
    /// # Errors
    /// A file that holds none, or no answer from the server.
    #[wasm_bindgen(js_name = importContacts)]
    pub async fn import_contacts(&self, file: Vec<u8>) -> Result<Ts<CardImport>, Thrown> {
        let outcome = self.0.import_contacts(&file).await;
        Ok(outcome.map_err(thrown)?.into_ts()?)
    }

    /// Contacts as a vCard 4.0 file: these, or all.
    #[wasm_bindgen(js_name = exportContacts)]
    #[must_use]
    pub fn export_contacts(&self, ids: Option<Vec<String>>) -> String {
        self.0.export_contacts(ids.as_deref())
    }

    /// Who may be meant by what is being typed as a recipient.
    ///
    /// # Errors
    /// None that is expected.
    pub async fn suggest(
        &self,
        typed: String,
        taken: Vec<String>,
    ) -> Result<Vec<Ts<Suggestion>>, Thrown> {
        records(self.0.suggest(&typed, &taken).await)
    }

    /// What is known of the key of an address.
    ///
    /// # Errors
    /// No answer from the server.
    #[wasm_bindgen(js_name = contactKey)]
    pub async fn contact_key(&self, address: String) -> Result<Ts<ContactKey>, Thrown> {
        Ok(self
            .0
            .contact_key(&address)
            .await
            .map_err(thrown)?
            .into_ts()?)
    }

    /// The sixty digits that are compared for a key.
    ///
    /// # Errors
    /// A text that is no fingerprint.
    #[wasm_bindgen(js_name = safetyNumber)]
    pub fn safety_number(&self, address: &str, fingerprint: &str) -> Result<String, Thrown> {
        self.0.safety_number(address, fingerprint).map_err(thrown)
    }

    /// Keeps that a key has been compared with its owner, or that it has not.
    ///
    /// # Errors
    /// An address without a key, no room for more, or no answer from the server.
    #[wasm_bindgen(js_name = markVerified)]
    pub async fn mark_verified(
        &self,
        address: String,
        fingerprint: String,
        verified: bool,
    ) -> Result<(), Thrown> {
        let marked = self.0.mark_verified(&address, &fingerprint, verified).await;
        marked.map_err(thrown)
    }
}
