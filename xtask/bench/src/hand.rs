//! What a careful engineer writes without this project, with axum, sqlx and sha2.

pub(crate) mod digest;
pub(crate) mod etag;
pub(crate) mod handlers;
pub(crate) mod map;
pub(crate) mod postgres;
pub(crate) mod sqlite;
