//! What generated code calls. Not part of the public interface.

pub use std::{
    clone::Clone,
    convert::{AsRef, Into},
    default::Default,
    fmt::Debug,
    marker::{Send, Sync},
    option::Option,
    result::Result,
    string::String,
    sync::Arc,
    vec::Vec,
};

use crate::{DigestKey, ETag, Versioned};

/// The tag of a digest model's value; `etag()` of models with a digest that needs no key.
///
/// # Panics
/// For a model that has no such tag, for which the derive writes no call.
pub fn digest_etag<T: Versioned>(value: &T) -> ETag {
    crate::versioned::digest_etag(value, None).expect("the derive calls this for digest models without a key only")
}

/// The tag of a keyed model's value.
///
/// # Panics
/// For a model that has no such tag, for which the derive writes no call.
pub fn keyed_etag<T: Versioned>(value: &T, key: &DigestKey) -> ETag {
    crate::versioned::digest_etag(value, Some(key)).expect("the derive calls this for digest models only")
}
