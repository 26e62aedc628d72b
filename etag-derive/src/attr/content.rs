//! The few attributes of `#[derive(Content)]` and `#[derive(ModelId)]`.

use syn::{Attribute, ExprPath, Path};

use super::arg::args_of;
use crate::errors::Errors;

/// What stands on the type.
#[derive(Default)]
pub(crate) struct ContainerAttrs {
    pub(crate) krate: Option<Path>,
}

impl ContainerAttrs {
    pub(crate) fn read(attributes: &[Attribute], errors: &mut Errors) -> Self {
        let mut attrs = Self::default();
        for arg in args_of(attributes, errors).list {
            let read =
                if arg.is("crate") { arg.module() } else { Err(arg.unknown(&["crate"], (&["hash_with"], "a field"))) };
            attrs.krate = errors.absorb(read).or(attrs.krate);
        }
        attrs
    }
}

/// What stands on a field.
#[derive(Default)]
pub(crate) struct ContentFieldAttrs {
    pub(crate) hash_with: Option<ExprPath>,
}

impl ContentFieldAttrs {
    pub(crate) fn read(attributes: &[Attribute], errors: &mut Errors) -> Self {
        let mut attrs = Self::default();
        for arg in args_of(attributes, errors).list {
            let read = if arg.is("hash_with") {
                arg.path("hash_with = path::to::function")
            } else {
                Err(arg.unknown(&["hash_with"], (&["crate"], "the type, not on a field")))
            };
            attrs.hash_with = errors.absorb(read).or(attrs.hash_with);
        }
        attrs
    }
}
