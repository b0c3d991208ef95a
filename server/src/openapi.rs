//! The OpenAPI document, generated from the handlers and the words of the wire.

use crate::handlers::{
    account, blobs, changes, credentials, deliver, directory, events, health, items, keys, login,
    mailboxes, passkeys, register, scheduled, second_factor, second_step, server_info, sessions,
    state,
};
use utoipa::openapi::OpenApi as Document;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, Schema, SchemaFormat, Type};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, SecurityScheme};
use utoipa::{Modify, OpenApi, PartialSchema, ToSchema};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "S-Mail",
        description = "The HTTP API of an S-Mail server. Bytes in JSON are base64url without padding; ids are lower-case \
            hexadecimal digits; every refusal is problem details (RFC 9457) with a stable code. A request that changes \
            something must come from the server's own pages, or from a program that is no browser.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0"),
    ),
    paths(
        server_info::show, server_info::openapi, health::health,
        register::start, register::finish, login::start, login::finish, second_step::prove,
        passkeys::ask, login::logout,
        account::show, account::delete, credentials::start, credentials::put, credentials::delete,
        keys::put,
        second_factor::show, second_factor::put_totp, second_factor::delete_totp,
        passkeys::start, passkeys::put, passkeys::delete,
        second_factor::renew_recovery_codes, sessions::list, sessions::end_others, sessions::end, sessions::put_resume,
        directory::look_up, blobs::upload, blobs::download, blobs::abandon, deliver::deliver, scheduled::put,
        scheduled::send,
        mailboxes::list, mailboxes::put, mailboxes::delete, items::list, items::show, items::put, items::delete,
        state::list, state::show, state::put, state::delete, changes::list, events::listen,
    ),
    modifiers(&SessionCookie),
)]
struct Api;

/// How a request shows that it is logged in.
struct SessionCookie;

impl Modify for SessionCookie {
    fn modify(&self, document: &mut Document) {
        let cookie = ApiKey::Cookie(ApiKeyValue::new("__Host-smail"));
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("session", SecurityScheme::ApiKey(cookie));
    }
}

/// How the document calls a body that is octets.
pub(crate) enum Octets {}

impl PartialSchema for Octets {
    fn schema() -> RefOr<Schema> {
        let binary = SchemaFormat::KnownFormat(KnownFormat::Binary);
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(binary))
            .into()
    }
}

impl ToSchema for Octets {}

/// The document, as readable JSON with a line feed at the end. The same code gives the same bytes.
#[must_use]
pub fn document() -> String {
    let mut text = serde_json::to_string_pretty(&Api::openapi()).unwrap_or_default();
    text.push('\n');
    text
}
