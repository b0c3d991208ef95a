//! The application: every path, and what surrounds it.

use crate::api_error::ApiError;
use crate::app_state::AppState;
use crate::assets;
use crate::handlers::{
    account, blobs, changes, credentials, deliver, directory, events, health, items, login,
    mailboxes, register, server_info, sessions, state,
};
use crate::middleware::{
    Transport, add_security_headers, catch_panics, log_request, refuse_cross_site,
};
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::middleware::from_fn;
use actix_web::{App, Error, Resource, Route, web};
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
        .service(resource(
            routes::HEALTH,
            [(Method::GET, web::to(health::health))],
        ))
        .service(resource(
            routes::SERVER,
            [(Method::GET, web::to(server_info::show))],
        ))
        .service(resource(
            routes::OPENAPI,
            [(Method::GET, web::to(server_info::openapi))],
        ))
        .service(resource(
            routes::REGISTER_START,
            [(Method::POST, web::to(register::start))],
        ))
        .service(resource(
            routes::REGISTER_FINISH,
            [(Method::POST, web::to(register::finish))],
        ))
        .service(resource(
            routes::LOGIN_START,
            [(Method::POST, web::to(login::start))],
        ))
        .service(resource(
            routes::LOGIN_FINISH,
            [(Method::POST, web::to(login::finish))],
        ))
        .service(resource(
            routes::LOGOUT,
            [(Method::POST, web::to(login::logout))],
        ))
        .service(resource(
            routes::ACCOUNT,
            [(Method::GET, web::to(account::show))],
        ))
        .service(resource(
            routes::CREDENTIAL_START,
            [(Method::POST, web::to(credentials::start))],
        ))
        .service(resource(
            routes::CREDENTIAL,
            [
                (Method::PUT, web::to(credentials::put)),
                (Method::DELETE, web::to(credentials::delete)),
            ],
        ))
        .service(resource(
            routes::SESSIONS,
            [
                (Method::GET, web::to(sessions::list)),
                (Method::DELETE, web::to(sessions::end_others)),
            ],
        ))
        .service(resource(
            routes::SESSION,
            [(Method::DELETE, web::to(sessions::end))],
        ))
        .service(resource(
            routes::RESUME,
            [(Method::PUT, web::to(sessions::put_resume))],
        ))
        .service(resource(
            routes::DIRECTORY_LOOKUP,
            [(Method::POST, web::to(directory::look_up))],
        ))
        .configure(mail);
}

/// Paths of blobs, items, state and changes.
fn mail(config: &mut web::ServiceConfig) {
    config
        .service(resource(
            routes::BLOBS,
            [(Method::POST, web::to(blobs::upload))],
        ))
        .service(resource(
            routes::BLOB,
            [(Method::GET, web::to(blobs::download))],
        ))
        .service(resource(
            routes::DELIVER,
            [(Method::POST, web::to(deliver::deliver))],
        ))
        .service(resource(
            routes::MAILBOX_ITEMS,
            [(Method::GET, web::to(items::list))],
        ))
        .service(resource(
            routes::MAILBOX,
            [
                (Method::PUT, web::to(mailboxes::put)),
                (Method::DELETE, web::to(mailboxes::delete)),
            ],
        ))
        .service(resource(
            routes::ITEM,
            [
                (Method::GET, web::to(items::show)),
                (Method::PUT, web::to(items::put)),
                (Method::DELETE, web::to(items::delete)),
            ],
        ))
        .service(resource(
            routes::STATES,
            [(Method::GET, web::to(state::list))],
        ))
        .service(resource(
            routes::STATE,
            [
                (Method::GET, web::to(state::show)),
                (Method::PUT, web::to(state::put)),
                (Method::DELETE, web::to(state::delete)),
            ],
        ))
        .service(resource(
            routes::CHANGES,
            [(Method::GET, web::to(changes::list))],
        ))
        .service(resource(
            routes::EVENTS,
            [(Method::GET, web::to(events::listen))],
        ));
}

/// A path with its methods; any other gets 405 with those it takes.
fn resource<const N: usize>(path: &str, methods: [(Method, Route); N]) -> Resource {
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
