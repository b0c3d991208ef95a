//! What the server tells anyone: its name and limits, and the API's description.

use crate::app_state::AppState;
use actix_web::{HttpResponse, web};
use smail_protocol::{ServerInfo, routes};

/// The server's name and the limits it keeps.
#[utoipa::path(
    get, path = routes::SERVER, operation_id = "getServer", tag = "server",
    responses((status = 200, body = ServerInfo))
)]
pub(crate) async fn show(state: web::Data<AppState>) -> web::Json<ServerInfo> {
    web::Json(state.info.clone())
}

/// This document.
#[utoipa::path(
    get, path = routes::OPENAPI, operation_id = "getOpenapi", tag = "server",
    responses((status = 200, body = Object, content_type = "application/json", description = "OpenAPI 3.1"))
)]
pub(crate) async fn openapi() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("application/json")
        .body(crate::openapi::document())
}
