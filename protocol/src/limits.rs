//! Limits that both sides keep: the client so that a person hears of it before the work is done, the server because
//! nobody need be honest. Each has its unit in its name.

/// Shortest user name, in characters.
pub const MIN_USERNAME_CHARS: usize = 2;
/// Longest user name, in characters. An addr-spec's local part may have 64 octets (RFC 5321, section 4.5.3.1.1).
pub const MAX_USERNAME_CHARS: usize = 32;
/// Largest blob: one encrypted message, or one sealed draft.
pub const MAX_BLOB_BYTES: u64 = 32 * 1024 * 1024;
/// Most parts of one item: blobs beside its own.
pub const MAX_ITEM_PARTS: usize = 256;
/// Largest attachment when the operator does not say.
pub const DEFAULT_MAX_ATTACHMENT_BYTES: u64 = 100 * 1024 * 1024;
/// Largest JSON request body.
pub const MAX_JSON_BYTES: usize = 512 * 1024;
/// Largest sealed envelope kept beside an item or as a state object.
pub const MAX_SEALED_BYTES: usize = 64 * 1024;
/// Largest transferable public key (certificate) in the key directory.
pub const MAX_CERTIFICATE_BYTES: usize = 64 * 1024;
/// Most recipients of one message, To, Cc and Bcc together.
pub const MAX_RECIPIENTS: usize = 100;
/// Most names in one key directory look-up.
pub const MAX_LOOKUP_NAMES: usize = 100;
/// Most mailboxes of one account.
pub const MAX_MAILBOXES: usize = 1_000;
/// Most state objects of one account.
pub const MAX_STATE_OBJECTS: usize = 1_000;
/// Most sessions of one account; a login beyond them ends the oldest.
pub const MAX_SESSIONS: usize = 100;
/// Most items, changes or objects in one page of a listing.
pub const MAX_PAGE: u32 = 500;
/// A page of items or changes ends early once its sealed envelopes come to this.
pub const MAX_PAGE_SEALED_BYTES: usize = 2 * 1024 * 1024;
/// A page when the request does not say.
pub const DEFAULT_PAGE: u32 = 50;
/// Least memory a key stretching function may be asked to use, in KiB. Clients refuse a login below it.
pub const KSF_FLOOR_MEMORY_KIB: u32 = 64 * 1024;
/// Least passes of the key stretching function. Clients refuse a login below it.
pub const KSF_FLOOR_ITERATIONS: u32 = 3;
/// Most memory a client lets a server ask of its key stretching function, in KiB.
pub const KSF_CEILING_MEMORY_KIB: u32 = 256 * 1024;
/// Most passes a client lets a server ask of its key stretching function.
pub const KSF_CEILING_ITERATIONS: u32 = 16;
/// A login under way is forgotten after this.
pub const LOGIN_UNDER_WAY_S: u64 = 60;
/// A login whose password was right waits this long for its second factor.
pub const SECOND_FACTOR_S: u64 = 5 * 60;
/// Shortest secret of an authenticator app, in bytes (RFC 4226, section 4).
pub const MIN_TOTP_SECRET_BYTES: usize = 20;
/// Longest secret of an authenticator app, in bytes.
pub const MAX_TOTP_SECRET_BYTES: usize = 64;
/// Most passkeys of an account.
pub const MAX_PASSKEYS: usize = 10;
/// Length of the name that authenticators know an account by, in bytes.
pub const PASSKEY_USER_HANDLE_BYTES: usize = 32;
/// A session not used for this long ends.
pub const SESSION_IDLE_S: u64 = 14 * 24 * 3600;
/// A session ends this long after its login, used or not.
pub const SESSION_ABSOLUTE_S: u64 = 90 * 24 * 3600;
/// Credentials may be changed this long after a login; afterwards the password is asked for again.
pub const FRESH_LOGIN_S: u64 = 5 * 60;
/// Most messages of one account that wait to be sent.
pub const MAX_SCHEDULED: usize = 100;
/// Longest that a message may wait to be sent: a year.
pub const MAX_SCHEDULE_MS: u64 = 366 * 24 * 3600 * 1_000;
/// A delivery's idempotency key is remembered at least this long.
pub const IDEMPOTENCY_S: u64 = 24 * 3600;
