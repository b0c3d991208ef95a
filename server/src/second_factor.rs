//! What proves a second factor, apart from who asks for it (`handlers`) and where it is kept (`store`).

pub(crate) mod passkey_site;
pub(crate) mod passkeys;
pub(crate) mod recovery_codes;
pub(crate) mod totp;
