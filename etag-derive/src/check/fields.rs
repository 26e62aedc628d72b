//! What each field may be.

use std::collections::HashSet;

use crate::{
    ast::{Field, Model},
    attr::Role,
    errors::Errors,
};

pub(super) fn check_fields(model: &Model<'_>, errors: &mut Errors) {
    check_there_is_an_id(model, errors);
    check_roles_are_unique(model, errors);
    check_names_are_unique(model, errors);
    for field in &model.fields {
        check_one_role(field, errors);
        check_role_is_serialised(field, errors);
        check_role_has_one_name(field, errors);
        check_merge_has_an_effect(field, errors);
        check_derived_may_be_left_out(model, field, errors);
    }
}

fn check_there_is_an_id(model: &Model<'_>, errors: &mut Errors) {
    if model.id().is_none() && !model.fields.iter().any(|field| field.attrs.has_unread) {
        errors.on(model.ident, "no field is the id; write `#[versioned(id)]` on the one that is");
    }
}

fn check_roles_are_unique(model: &Model<'_>, errors: &mut Errors) {
    let mut seen: Vec<Role> = Vec::new();
    for role in model.fields.iter().filter_map(|field| field.attrs.roles.first()) {
        if role.value != Role::Derived && seen.contains(&role.value) {
            errors.at(role.span, format!("another field is the `{}` already; remove one", role.value.name()));
        }
        seen.push(role.value);
    }
}

fn check_one_role(field: &Field<'_>, errors: &mut Errors) {
    for second in field.attrs.roles.iter().skip(1) {
        let first = field.role().map_or("", Role::name);
        errors.at(
            second.span,
            format!("the field is the `{first}` already; give `{}` a field of its own", second.value.name()),
        );
    }
}

/// Two fields with one serialised name would be one field to the digest, and one member to serde.
fn check_names_are_unique(model: &Model<'_>, errors: &mut Errors) {
    let mut seen = HashSet::new();
    for field in model.fields.iter().filter(|field| field.is_kept()) {
        if !seen.insert(&field.names.serialized) {
            let name = &field.names.serialized;
            errors.on(field.ident, format!("another field is serialised as \"{name}\" already; rename one"));
        }
    }
}

fn check_role_is_serialised(field: &Field<'_>, errors: &mut Errors) {
    let Some(role) = field.role() else { return };
    let serde = &field.serde;
    let if_id = |span| if role == Role::Id { span } else { None };
    let hides =
        serde.skip_serializing.or(serde.skip_deserializing).or(if_id(serde.skip_serializing_if)).or(serde.flatten);
    if let Some(span) = hides {
        errors.at(span, format!("the `{}` is always a member of the serialised form; remove this", role.name()));
    }
}

fn check_role_has_one_name(field: &Field<'_>, errors: &mut Errors) {
    let Some(role) = field.role() else { return };
    let names = &field.names;
    if names.serialized != names.deserialized {
        let (out, back) = (&names.serialized, &names.deserialized);
        let name = role.name();
        errors
            .on(field.ident, format!("the `{name}` is written as \"{out}\" and read as \"{back}\"; give it one name"));
    }
}

fn check_merge_has_an_effect(field: &Field<'_>, errors: &mut Errors) {
    let Some(rule) = field.attrs.merge.as_ref().filter(|_| !field.is_merged()) else { return };
    let why = match field.role() {
        Some(Role::Id) => "the id never changes, so it has no merge rule; remove `merge`",
        Some(Role::Derived) => "the field is derived from children, so it has no merge rule; remove `merge`",
        Some(_) => "the store fills the field in, so it has no merge rule; remove `merge`",
        None => "a field that isn't serialised isn't kept, so it has no merge rule; remove `merge`",
    };
    errors.at(rule.span, why);
}

/// A client's body says nothing of it, and no child has been there where the resource is made.
fn check_derived_may_be_left_out(model: &Model<'_>, field: &Field<'_>, errors: &mut Errors) {
    let has_default = field.serde.default.or(model.serde.default).or(field.serde.skip_deserializing).is_some();
    if field.is_derived() && !has_default {
        let why = "a field that is derived from children has a value before there are any: add `#[serde(default)]`";
        errors.on(field.ident, why);
    }
}
