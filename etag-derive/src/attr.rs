//! What `#[versioned(...)]` says: on the struct, on its fields, and on what is part of a model.

mod arg;
mod content;
mod field;
mod link;
mod model;
mod nearest;
mod patch;

pub(crate) use self::{
    content::{ContainerAttrs, ContentFieldAttrs},
    field::{FieldAttrs, MergeAttr, Role},
    link::{LinkAttr, LockAttr, OnDeleteAttr, TouchAttr},
    model::{ChangesAttr, ModelAttrs, ValidatorAttr},
    patch::PatchAttrs,
};

use proc_macro2::Span;

/// A value and the token that it came from.
#[derive(Clone, Copy)]
pub(crate) struct Spanned<T> {
    pub(crate) value: T,
    pub(crate) span: Span,
}

impl<T> Spanned<T> {
    pub(crate) fn new(value: T, span: Span) -> Self {
        Self { value, span }
    }
}
