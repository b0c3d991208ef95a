//! The words both sides of S-Mail's wire share: ids, limits, requests, responses, problem codes. No logic beyond
//! parsing a word into its type.
//!
//! Every route is named in [`routes`]; every body is JSON but for blobs, which are streams of octets. Bytes inside
//! JSON are base64url without padding ([`Bytes`]), ids are 32 lower-case hexadecimal digits.

mod auth;
mod blob;
mod bytes;
mod changes;
mod deliver;
mod directory;
mod factor;
mod ids;
mod item;
mod keys;
mod problem;
mod server_info;
mod session;
mod state;
mod username;

pub mod limits;
pub mod routes;

pub use auth::{
    CredentialKind, CredentialStartRequest, CredentialStartResponse, CredentialWriteRequest,
    KsfParameters, LoginFinishRequest, LoginStartRequest, LoginStartResponse,
    RegisterFinishRequest, RegisterStartRequest, RegisterStartResponse, WrappedCredential,
};
pub use blob::{BlobId, BlobReceipt};
pub use bytes::{Bytes, MalformedBytes};
pub use changes::{Change, ChangePage, ChangedObject};
pub use deliver::{
    DeliverRequest, DeliverResponse, Delivery, ReplacedDraft, ScheduleRequest, SentCopy,
};
pub use directory::{DirectoryEntry, LookupRequest, LookupResponse};
pub use factor::{
    FactorAdded, FactorKind, FactorProof, PasskeyAskRequest, PasskeyAsked, PasskeyDescriptor,
    PasskeyStartResponse, PasskeyView, PasskeyWriteRequest, SecondFactorAsked, SecondFactorRequest,
    SecondFactorView, TotpWriteRequest,
};
pub use ids::{
    AccountId, IdempotencyKey, ItemId, LoginId, MailboxId, MalformedId, ObjectId, PasskeyId,
    SessionId,
};
pub use item::{Item, ItemPage, ItemWriteRequest, MailboxList, MailboxTotal};
pub use keys::KeysWriteRequest;
pub use problem::{FieldName, Problem, ProblemCode};
pub use server_info::ServerInfo;
pub use session::{AccountView, ResumeWriteRequest, SessionList, SessionView};
pub use state::{StateObject, StatePage, StateWriteRequest};
pub use username::{MalformedUsername, Username};
