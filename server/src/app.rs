//! The application: every path, and what surrounds it.

use crate::api_error::ApiError;
use crate::app_state::AppState;
use crate::assets;
use crate::handlers::{
    account, blobs, changes, credentials, deliver, directory, events, health, items, keys, login,
    mailboxes, passkeys, register, scheduled, second_factor, second_step, server_info, sessions,
    state,
};
use crate::middleware::{
    Transport, add_security_headers, catch_panics, log_request, refuse_cross_site, require_session,
};
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::middleware::from_fn;
use actix_web::{App, Error, FromRequest, Handler, Resource, Responder, Route, web};
use smail_protocol::routes;

/// The whole application over one state.
pub fn app(
    state: web::Data<AppState>,
    transport: Transport,
) -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<impl MessageBody>,
        Error = Error,
        InitError = (),
    >,
> {
    App::new()
        .app_data(state)
        .configure(api)
        .default_service(web::to(assets::serve))
        .wrap(from_fn(refuse_cross_site))
        .wrap(from_fn(catch_panics))
        .wrap(from_fn(move |request, next| {
            add_security_headers(transport, request, next)
        }))
        .wrap(from_fn(log_request))
}

/// Every path of the API.
fn api(config: &mut web::ServiceConfig) {
    config
        .service(open(routes::HEALTH, get(health::health)))
        .service(open(routes::SERVER, get(server_info::show)))
        .service(open(routes::OPENAPI, get(server_info::openapi)))
        .service(open(routes::REGISTER_START, post(register::start)))
        .service(open(routes::REGISTER_FINISH, post(register::finish)))
        .service(open(routes::LOGIN_START, post(login::start)))
        .service(open(routes::LOGIN_FINISH, post(login::finish)))
        .service(open(routes::LOGIN_SECOND_FACTOR, post(second_step::prove)))
        .service(open(routes::LOGIN_PASSKEY, post(passkeys::ask)))
        .service(open(routes::LOGOUT, post(login::logout)))
        .service(member(
            routes::ACCOUNT,
            [get(account::show), delete(account::delete)],
        ))
        .service(member(routes::CREDENTIAL_START, [post(credentials::start)]))
        .service(member(
            routes::CREDENTIAL,
            [put(credentials::put), delete(credentials::delete)],
        ))
        .service(member(routes::KEYS, [put(keys::put)]))
        .service(member(routes::SECOND_FACTOR, [get(second_factor::show)]))
        .service(member(
            routes::TOTP,
            [
                put(second_factor::put_totp),
                delete(second_factor::delete_totp),
            ],
        ))
        .service(member(routes::PASSKEYS, [post(passkeys::start)]))
        .service(member(
            routes::PASSKEY,
            [put(passkeys::put), delete(passkeys::delete)],
        ))
        .service(member(
            routes::RECOVERY_CODES,
            [post(second_factor::renew_recovery_codes)],
        ))
        .service(member(
            routes::SESSIONS,
            [get(sessions::list), delete(sessions::end_others)],
        ))
        .service(member(routes::SESSION, [delete(sessions::end)]))
        .service(member(routes::RESUME, [put(sessions::put_resume)]))
        .service(member(routes::DIRECTORY_LOOKUP, [post(directory::look_up)]))
        .service(member(routes::BLOBS, [post(blobs::upload)]))
        .service(member(
            routes::BLOB,
            [get(blobs::download), delete(blobs::abandon)],
        ))
        .service(member(routes::DELIVER, [post(deliver::deliver)]))
        .service(member(
            routes::SCHEDULED,
            [put(scheduled::put), post(scheduled::send)],
        ))
        .service(member(routes::MAILBOXES, [get(mailboxes::list)]))
        .service(member(routes::MAILBOX_ITEMS, [get(items::list)]))
        .service(member(
            routes::MAILBOX,
            [put(mailboxes::put), delete(mailboxes::delete)],
        ))
        .service(member(
            routes::ITEM,
            [get(items::show), put(items::put), delete(items::delete)],
        ))
        .service(member(routes::STATES, [get(state::list)]))
        .service(member(
            routes::STATE,
            [get(state::show), put(state::put), delete(state::delete)],
        ))
        .service(member(routes::CHANGES, [get(changes::list)]))
        .service(member(routes::EVENTS, [get(events::listen)]));
}

/// A path that anyone may ask.
fn open(path: &str, endpoint: Endpoint) -> Resource {
    resource(path, [endpoint])
}

/// A path for those logged in.
fn member<const N: usize>(path: &str, endpoints: [Endpoint; N]) -> Resource {
    resource(
        path,
        endpoints.map(|(method, route)| (method, route.wrap(from_fn(require_session)))),
    )
}

/// A method of a path and its handler.
type Endpoint = (Method, Route);

/// A path with its methods; any other gets 405 with those it takes.
fn resource<const N: usize>(path: &str, methods: [Endpoint; N]) -> Resource {
    let allow = methods
        .iter()
        .map(|(method, _)| method.as_str())
        .collect::<Vec<_>>()
        .join(", ");
    let refuse = move || std::future::ready(Err::<String, _>(ApiError::method_not_allowed(&allow)));
    methods
        .into_iter()
        .fold(web::resource(path), |resource, (method, route)| {
            resource.route(route.method(method))
        })
        .default_service(web::to(refuse))
}

macro_rules! endpoints {
    ($($name:ident: $method:ident),*) => {
        $(fn $name<F, Args>(handler: F) -> Endpoint
        where
            F: Handler<Args>,
            Args: FromRequest + 'static,
            F::Output: Responder + 'static,
        {
            (Method::$method, web::to(handler))
        })*
    };
}

endpoints!(get: GET, post: POST, put: PUT, delete: DELETE);
