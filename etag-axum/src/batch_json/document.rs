//! The document around the items.

use bytes::Bytes;
use etag_core::{BatchSyntaxError, EncodedBatch};
use serde::{Deserialize, Serialize};

use super::{body::BodyKind, place};

const CONTENT_TYPE: &str = "application/json";

/// Reads a document.
///
/// # Errors
/// Where it is of another type, no JSON, or of another form.
pub(super) fn read<'d, D: Deserialize<'d>>(content_type: &str, body: &'d Bytes) -> Result<D, BatchSyntaxError> {
    if BodyKind::of(content_type) != BodyKind::Json {
        return Err(BatchSyntaxError::new(format!("send {CONTENT_TYPE}, not {content_type}")));
    }
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    let document =
        serde_path_to_error::deserialize(&mut deserializer).map_err(|error| place::not_of_the_form(&error))?;
    deserializer.end().map_err(|error| BatchSyntaxError::new(format!("the body: {error}")))?;
    Ok(document)
}

/// Writes a document.
pub(super) fn write(document: &impl Serialize) -> EncodedBatch {
    let body = serde_json::to_vec(document).expect("strings, numbers and JSON are plain data");
    EncodedBatch { content_type: CONTENT_TYPE.to_owned(), body: body.into() }
}
