//! What can be a model at all.

use syn::{Data, DeriveInput, Fields, GenericParam};

use crate::{ast::Model, errors::Errors};

/// Whether the input is a struct with named fields, the one shape of which the other rules speak.
pub(super) fn check_shape(input: &DeriveInput, errors: &mut Errors) -> bool {
    match &input.data {
        Data::Struct(data) => check_fields_are_named(&data.fields, input, errors),
        Data::Enum(data) => {
            errors
                .on(data.enum_token, "a model is a struct; keep the enum as a field of one, with `#[derive(Content)]`");
            false
        }
        Data::Union(data) => {
            errors.on(data.union_token, "a model is a struct with named fields, not a union");
            false
        }
    }
}

fn check_fields_are_named(fields: &Fields, input: &DeriveInput, errors: &mut Errors) -> bool {
    match fields {
        Fields::Named(_) => {}
        Fields::Unnamed(unnamed) => {
            errors.on(unnamed, "a model's fields have names: write `struct Task { id: TaskId, ... }`");
        }
        Fields::Unit => errors.on(&input.ident, "a model has an id: write a struct with named fields"),
    }
    matches!(fields, Fields::Named(_))
}

pub(super) fn check_model(model: &Model<'_>, errors: &mut Errors) {
    check_collection_is_given(model, errors);
    check_no_lifetimes(model, errors);
    check_upgrade_has_a_schema(model, errors);
    check_form_is_that_of_the_fields(model, errors);
}

fn check_collection_is_given(model: &Model<'_>, errors: &mut Errors) {
    if model.attrs.collection.is_none() && !model.attrs.has_unread {
        errors.on(model.ident, "in which collection is it kept? write `#[versioned(collection = \"...\")]`");
    }
}

fn check_no_lifetimes(model: &Model<'_>, errors: &mut Errors) {
    for param in &model.generics.params {
        if let GenericParam::Lifetime(param) = param {
            errors.on(
                &param.lifetime,
                "a model owns its data: it can't have a lifetime; use owned types, as `String` for `&str`",
            );
        }
    }
}

fn check_upgrade_has_a_schema(model: &Model<'_>, errors: &mut Errors) {
    if let Some(upgrade) = model.attrs.upgrade.as_ref().filter(|_| model.attrs.schema == 1 && !model.attrs.has_unread) {
        errors.at(upgrade.span, "there is nothing to upgrade from: add `schema = 2`, or remove `upgrade`");
    }
}

/// The digest is made of the fields, so it must be the fields that are serialised.
fn check_form_is_that_of_the_fields(model: &Model<'_>, errors: &mut Errors) {
    for (name, span) in &model.serde.detours {
        errors.at(
            *span,
            format!("a model is serialised as its fields; remove `{name}`, or version the struct that it leads to"),
        );
    }
}
