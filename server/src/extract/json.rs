//! JSON request bodies.

use super::{check_media_type, refuse_payload};
use crate::api_error::{ApiError, ApiResult};
use actix_web::dev::Payload;
use actix_web::http::header::CONTENT_LENGTH;
use actix_web::{FromRequest, HttpRequest};
use futures_util::StreamExt as _;
use futures_util::future::{FutureExt as _, LocalBoxFuture};
use serde::de::DeserializeOwned;
use smail_protocol::ProblemCode;
use smail_protocol::limits::MAX_JSON_BYTES;
use std::time::Duration;
use tokio::time::timeout;

/// A body that has not arrived by then is given up.
const BODY_TIME: Duration = Duration::from_secs(30);

/// A request body of the type that the handler takes: `application/json`, at most [`MAX_JSON_BYTES`].
#[derive(Debug)]
pub(crate) struct Json<T>(pub(crate) T);

impl<T: DeserializeOwned + 'static> FromRequest for Json<T> {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, ApiResult<Self>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        async move {
            check_media_type(&request, "application/json")?;
            let body = in_time(BODY_TIME, read(&request, payload)).await?;
            parse(&body).map(Self)
        }
        .boxed_local()
    }
}

async fn in_time<T>(limit: Duration, reading: impl Future<Output = ApiResult<T>>) -> ApiResult<T> {
    timeout(limit, reading)
        .await
        .unwrap_or_else(|_| Err(ApiError::new(ProblemCode::RequestTimeout)))
}

async fn read(request: &HttpRequest, mut payload: Payload) -> ApiResult<Vec<u8>> {
    if stated_length(request).is_some_and(|length| length > MAX_JSON_BYTES as u64) {
        return Err(ApiError::too_large(MAX_JSON_BYTES as u64));
    }
    let mut body = Vec::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|error| refuse_payload(&error))?;
        if body.len() + chunk.len() > MAX_JSON_BYTES {
            return Err(ApiError::too_large(MAX_JSON_BYTES as u64));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn stated_length(request: &HttpRequest) -> Option<u64> {
    request
        .headers()
        .get(CONTENT_LENGTH)?
        .to_str()
        .ok()?
        .parse()
        .ok()
}

/// Says where a body does not fit, and repeats nothing of it: it may hold what is not for logs.
fn parse<T: DeserializeOwned>(body: &[u8]) -> ApiResult<T> {
    let deserializer = &mut serde_json::Deserializer::from_slice(body);
    let parsed = serde_path_to_error::deserialize(&mut *deserializer);
    let value = parsed.map_err(|error| {
        let path = error.path().to_string();
        let refusal = refuse_json(error.inner());
        if error.inner().is_data() && path != "." {
            refusal.field(&path)
        } else {
            refusal
        }
    })?;
    deserializer.end().map_err(|error| refuse_json(&error))?;
    Ok(value)
}

fn refuse_json(error: &serde_json::Error) -> ApiError {
    use serde_json::error::Category;
    let what = match error.classify() {
        Category::Data => "The body is JSON, but not of this request's shape",
        Category::Eof => "The body is JSON that ends too early",
        Category::Syntax | Category::Io => "The body is not JSON",
    };
    ApiError::malformed(&format!(
        "{what} (line {}, column {}).",
        error.line(),
        error.column()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use smail_protocol::{LoginStartRequest, LookupRequest};

    fn refusal<T: DeserializeOwned + std::fmt::Debug>(body: &str) -> (Option<String>, String) {
        let problem = parse::<T>(body.as_bytes()).unwrap_err().problem().clone();
        assert_eq!(problem.code, ProblemCode::MalformedRequest);
        (problem.field, problem.detail.unwrap_or_default())
    }

    #[test]
    fn a_fault_is_placed_and_not_repeated() {
        let (field, detail) = refusal::<LoginStartRequest>(
            r#"{"username":"Sesame!","credential":"password","ke1":""}"#,
        );
        assert_eq!(field.as_deref(), Some("username"));
        assert!(!detail.contains("Sesame"));
        let (field, _) = refusal::<LookupRequest>(r#"{"usernames":["alice","b o b"]}"#);
        assert_eq!(field.as_deref(), Some("usernames[1]"));
        let (field, _) = refusal::<LookupRequest>(r#"{"usernames":[],"more":1}"#);
        assert_eq!(field.as_deref(), Some("more"));
    }

    #[actix_web::test]
    async fn a_body_that_never_ends_is_given_up() {
        let never = std::future::pending::<ApiResult<()>>();
        let refusal = in_time(Duration::from_millis(1), never).await.unwrap_err();
        assert_eq!(refusal.problem().code, ProblemCode::RequestTimeout);
    }

    #[test]
    fn what_is_not_one_json_value_is_refused() {
        for body in [
            "",
            "{",
            "{\"usernames\":[]} x",
            "nonsense",
            "[]",
            "null",
            "\u{0}",
        ] {
            refusal::<LookupRequest>(body);
        }
        let deep = "[".repeat(200_000);
        refusal::<LookupRequest>(&deep);
    }
}
