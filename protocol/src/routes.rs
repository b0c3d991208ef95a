//! Every path of the API, version 1. Names in braces are parameters.

/// Header field of a request that is made for one account: its id. With the session of another account's cookie the
/// request is answered as without a session: cookies are the browser's, and a second log-in replaces the first one's.
pub const ACCOUNT_HEADER: &str = "smail-account";
/// [`ServerInfo`](crate::ServerInfo). Open to all.
pub const SERVER: &str = "/api/v1/server";
/// POST [`RegisterStartRequest`](crate::RegisterStartRequest). Open to all.
pub const REGISTER_START: &str = "/api/v1/auth/register/start";
/// POST [`RegisterFinishRequest`](crate::RegisterFinishRequest); 201, sets the session cookie, answers [`AccountView`](crate::AccountView).
pub const REGISTER_FINISH: &str = "/api/v1/auth/register/finish";
/// POST [`LoginStartRequest`](crate::LoginStartRequest). Open to all.
pub const LOGIN_START: &str = "/api/v1/auth/login/start";
/// POST [`LoginFinishRequest`](crate::LoginFinishRequest); sets the session cookie, answers [`AccountView`](crate::AccountView).
pub const LOGIN_FINISH: &str = "/api/v1/auth/login/finish";
/// POST [`SecondFactorRequest`](crate::SecondFactorRequest): as [`LOGIN_FINISH`], which answers 202
/// [`SecondFactorAsked`](crate::SecondFactorAsked) when the account has a second factor.
pub const LOGIN_SECOND_FACTOR: &str = "/api/v1/auth/login/second-factor";
/// POST [`PasskeyAskRequest`](crate::PasskeyAskRequest): a challenge for [`LOGIN_SECOND_FACTOR`], as
/// [`PasskeyAsked`](crate::PasskeyAsked).
pub const LOGIN_PASSKEY: &str = "/api/v1/auth/login/second-factor/passkey";
/// POST without a body: ends this session and clears the cookie. 204.
pub const LOGOUT: &str = "/api/v1/auth/logout";
/// GET: who is logged in, as [`AccountView`](crate::AccountView). DELETE: ends the account and all that it holds, after a
/// fresh login; 204.
pub const ACCOUNT: &str = "/api/v1/account";
/// POST [`CredentialStartRequest`](crate::CredentialStartRequest): first step of a new password or recovery code.
pub const CREDENTIAL_START: &str = "/api/v1/account/credentials/{kind}/start";
/// PUT [`CredentialWriteRequest`](crate::CredentialWriteRequest); 204. A new password ends all other sessions. DELETE (recovery alone); 204.
pub const CREDENTIAL: &str = "/api/v1/account/credentials/{kind}";
/// PUT [`KeysWriteRequest`](crate::KeysWriteRequest); 204. Certificate and keyring change together.
pub const KEYS: &str = "/api/v1/account/keys";
/// GET: [`SecondFactorView`](crate::SecondFactorView).
pub const SECOND_FACTOR: &str = "/api/v1/account/second-factor";
/// PUT [`TotpWriteRequest`](crate::TotpWriteRequest): answers [`FactorAdded`](crate::FactorAdded). DELETE: answers what is left.
pub const TOTP: &str = "/api/v1/account/second-factor/totp";
/// POST without a body: new recovery codes, as [`FactorAdded`](crate::FactorAdded).
pub const RECOVERY_CODES: &str = "/api/v1/account/second-factor/recovery-codes";
/// POST without a body: first step of adding a passkey, answers [`PasskeyStartResponse`](crate::PasskeyStartResponse).
pub const PASSKEYS: &str = "/api/v1/account/second-factor/passkeys";
/// PUT [`PasskeyWriteRequest`](crate::PasskeyWriteRequest): second step, answers [`FactorAdded`](crate::FactorAdded).
/// DELETE: answers what is left.
pub const PASSKEY: &str = "/api/v1/account/second-factor/passkeys/{passkey_id}";
/// GET: [`SessionList`](crate::SessionList). DELETE: ends all sessions but this one, with `?current=true` this one too; 204.
pub const SESSIONS: &str = "/api/v1/sessions";
/// DELETE: ends one session; 204.
pub const SESSION: &str = "/api/v1/sessions/{session_id}";
/// PUT [`ResumeWriteRequest`](crate::ResumeWriteRequest); 204. What a reload needs, sealed, and gone with the session.
pub const RESUME: &str = "/api/v1/session/resume";
/// POST [`LookupRequest`](crate::LookupRequest): certificates of accounts here. Names are in the body, never in a path.
pub const DIRECTORY_LOOKUP: &str = "/api/v1/directory/lookup";
/// POST octets: stores a blob; 201 [`BlobReceipt`](crate::BlobReceipt). `Content-Digest` (RFC 9530, sha-256) is checked when given.
pub const BLOBS: &str = "/api/v1/blobs";
/// GET: the blob's octets, streamed. Only for who uploaded it or has an item that names it. DELETE: gives up an upload
/// that no item names; 204.
pub const BLOB: &str = "/api/v1/blobs/{blob_id}";
/// POST [`DeliverRequest`](crate::DeliverRequest); answers [`DeliverResponse`](crate::DeliverResponse).
pub const DELIVER: &str = "/api/v1/deliver";
/// PUT [`ScheduleRequest`](crate::ScheduleRequest): writes the item and lets a delivery wait with it; answers the new
/// [`Item`](crate::Item). POST without a body: sends it at once; answers [`DeliverResponse`](crate::DeliverResponse).
pub const SCHEDULED: &str = "/api/v1/scheduled/{item_id}";
/// GET: [`MailboxList`](crate::MailboxList), every mailbox of the account with its total.
pub const MAILBOXES: &str = "/api/v1/mailboxes";
/// GET `?before={cursor}&limit={n}`: [`ItemPage`](crate::ItemPage), latest arrival first.
pub const MAILBOX_ITEMS: &str = "/api/v1/mailboxes/{mailbox_id}/items";
/// PUT: makes the mailbox; 204 whether it was there or not. DELETE: removes it when it is empty; 204.
pub const MAILBOX: &str = "/api/v1/mailboxes/{mailbox_id}";
/// GET: [`Item`](crate::Item). PUT [`ItemWriteRequest`](crate::ItemWriteRequest): answers the new [`Item`](crate::Item). DELETE `?version={n}`: 204.
pub const ITEM: &str = "/api/v1/items/{item_id}";
/// GET: [`StatePage`](crate::StatePage), every state object of the account.
pub const STATES: &str = "/api/v1/state";
/// GET: [`StateObject`](crate::StateObject). PUT [`StateWriteRequest`](crate::StateWriteRequest): answers the new one. DELETE `?version={n}`: 204.
pub const STATE: &str = "/api/v1/state/{object_id}";
/// GET `?since={seq}&limit={n}`: [`ChangePage`](crate::ChangePage).
pub const CHANGES: &str = "/api/v1/changes";
/// GET `?since={seq}&account={id}` or `Last-Event-ID`: server-sent events `change` (id: seq, data: the seq) and `session-ended`.
pub const EVENTS: &str = "/api/v1/events";
/// GET: the OpenAPI document.
pub const OPENAPI: &str = "/api/v1/openapi.json";
/// GET: 200 when the store answers, 503 when it does not. Open to all.
pub const HEALTH: &str = "/healthz";
