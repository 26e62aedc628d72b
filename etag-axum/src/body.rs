//! Bodies, read within a limit.

use axum::body::Body;
use bytes::Bytes;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use serde::de::DeserializeOwned;

use crate::problem::{Problem, ProblemKind};

/// All of a body.
///
/// # Errors
/// 413 past `limit` bytes; 400 where the client broke off.
pub(crate) async fn read(body: Body, limit: usize) -> Result<Bytes, Problem> {
    match Limited::new(body, limit).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => {
            Err(Problem::new(ProblemKind::BodyTooLarge, format!("the body is longer than {limit} bytes; send less")))
        }
        Err(error) => Err(Problem::new(ProblemKind::MalformedBody, format!("the body ended early: {error}"))),
    }
}

/// The JSON that a body holds.
pub(crate) fn json<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    serde_json::from_slice(body).map_err(|error| Problem::malformed_body(&error))
}
