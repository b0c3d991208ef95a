//! What is shown of people: the address book, what completes a recipient, and what is known of somebody's key.

use super::{Piece, RecipientState};
use serde::{Deserialize, Serialize};

/// Somebody in the address book.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Contact {
    /// Names the contact for good. Empty: to be made.
    pub id: String,
    /// What the person calls them; may be empty when there is an address.
    pub name: String,
    /// addr-specs, the first of which is written to.
    pub addresses: Vec<String>,
    /// Telephone numbers, as typed.
    pub phones: Vec<String>,
    /// Where they work.
    pub organisation: String,
    /// Whatever the person wants to remember.
    pub note: String,
}

/// Several contacts under one name.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct ContactGroup {
    /// Names the group for good.
    pub id: String,
    /// As the person has called it.
    pub name: String,
    /// Ids of contacts. One that names none is a contact that was deleted.
    pub members: Vec<String>,
}

/// A change of a group, so that two sessions that change it at once lose nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GroupChange {
    /// The group; none, or one that is gone: it is made.
    #[cfg_attr(feature = "typescript", tsify(optional, type = "string | undefined"))]
    pub id: Option<String>,
    /// Its name from now on.
    #[cfg_attr(feature = "typescript", tsify(optional, type = "string | undefined"))]
    pub name: Option<String>,
    /// Contacts to take in.
    #[serde(default)]
    pub add: Vec<String>,
    /// Contacts to take out.
    #[serde(default)]
    pub remove: Vec<String>,
}

/// All contacts and groups.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct AddressBook {
    /// The contacts, by name.
    pub contacts: Vec<Contact>,
    /// The groups, by name.
    pub groups: Vec<ContactGroup>,
    /// Addresses whose keys the person has compared with their owners.
    pub verified: Vec<String>,
    /// Parts of the book that do not open: the contacts in them are not here.
    pub damaged: u32,
}

/// Why a card of a file was not taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum SkipReason {
    /// It names nobody and has no address that mail could go to.
    Empty,
    /// All that it says is in the address book already.
    AlreadyThere,
    /// It has no end, or holds nothing that can be read.
    Broken,
    /// It has more lines than any card of a person.
    TooLarge,
    /// The address book is full.
    NoRoom,
    /// The file has more cards than are taken in at once.
    TooMany,
}

/// A card that was not taken in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct SkippedCard {
    /// The line of the file that it begins on, counted from 1.
    pub line: u32,
    /// Whom it names, if anybody.
    pub name: String,
    /// Why.
    pub reason: SkipReason,
}

/// What became of a file of cards.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct CardImport {
    /// Ids of the contacts that were made.
    pub added: Vec<String>,
    /// Contacts that were there and now say more.
    pub completed: u32,
    /// The first of the cards that were not taken in.
    pub skipped: Vec<SkippedCard>,
    /// How many were not, in all.
    pub skipped_count: u32,
    /// Addresses that no mail can go to, left out of cards that were taken in.
    pub bad_addresses: u32,
    /// Pictures that were left out.
    pub pictures: u32,
}

/// What a suggestion stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum SuggestionKind {
    /// Somebody in the address book.
    Contact,
    /// A group of the address book.
    Group,
    /// Somebody whom there was mail with.
    Correspondent,
}

/// What may be meant by what is being typed as a recipient.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Suggestion {
    /// What it stands for.
    pub kind: SuggestionKind,
    /// The name, with what was typed marked; empty when there is none.
    pub name: Vec<Piece>,
    /// The address, marked likewise; empty for a group.
    pub address: Vec<Piece>,
    /// The addresses that it stands for.
    pub addresses: Vec<String>,
    /// Whether the person has compared the key with its owner.
    pub verified: bool,
}

/// That the key of an address is another than the one seen first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct KeyChangeInfo {
    /// Whose.
    pub address: String,
    /// The fingerprint now.
    pub fingerprint: String,
    /// The fingerprint seen first.
    pub pinned_fingerprint: String,
    /// Whether the person had compared that one with its owner.
    pub was_verified: bool,
}

/// A key that an address had before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct FormerKey {
    /// Its fingerprint.
    pub fingerprint: String,
    /// When it was first seen, in milliseconds since 1970.
    pub first_seen_ms: Option<f64>,
    /// When it was last seen.
    pub last_seen_ms: Option<f64>,
    /// Whether the person had compared it with its owner.
    pub was_verified: bool,
}

/// What is known of the key of an address.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct ContactKey {
    /// The address.
    pub address: String,
    /// What was found in the key directory.
    pub state: RecipientState,
    /// What is wrong, in one sentence; empty when nothing is.
    pub text: String,
    /// Whether it is this account's own.
    pub own: bool,
    /// The fingerprint now.
    pub fingerprint: Option<String>,
    /// On a changed key: the fingerprint seen first.
    pub pinned_fingerprint: Option<String>,
    /// What it signs with.
    pub signs_with: Option<String>,
    /// What is encrypted to it with.
    pub encrypts_with: Option<String>,
    /// When it was made, as it says, in milliseconds since 1970.
    pub created_ms: Option<f64>,
    /// When it was first seen. None: never before, or by an earlier version of this program.
    pub first_seen_ms: Option<f64>,
    /// When it was last seen, to the day.
    pub last_seen_ms: Option<f64>,
    /// When the person compared it with its owner; on a changed key, the one before.
    pub verified_ms: Option<f64>,
    /// Sixty digits in groups of five, the same for both: of the key that the address has now.
    pub safety_number: Option<String>,
    /// The keys before it, latest first.
    pub former: Vec<FormerKey>,
}
