//! Query strings.

use crate::api_error::{ApiError, ApiResult};
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};
use serde::de::DeserializeOwned;
use smail_protocol::limits::{DEFAULT_PAGE, MAX_PAGE};
use std::future::{Ready, ready};

/// The query string as the type that the handler takes.
#[derive(Debug)]
pub(crate) struct Query<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest for Query<T> {
    type Error = ApiError;
    type Future = Ready<ApiResult<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let parsed = web::Query::<T>::from_query(request.query_string());
        ready(match parsed {
            Ok(query) => Ok(Self(query.into_inner())),
            Err(_) => Err(ApiError::malformed(
                "The query is not of this request's shape.",
            )),
        })
    }
}

/// The size of a page: what was asked for, within limits.
pub(crate) fn page_limit(asked: Option<u32>) -> ApiResult<u32> {
    match asked.unwrap_or(DEFAULT_PAGE) {
        limit @ 1..=MAX_PAGE => Ok(limit),
        _ => Err(ApiError::invalid(
            "limit",
            &format!("A page has 1 to {MAX_PAGE} entries."),
        )),
    }
}
