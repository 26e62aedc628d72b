//! What a link to a parent may be.

use std::collections::HashSet;

use crate::{
    ast::{Field, Model, RESERVED_METHODS},
    attr::{LinkAttr, Role},
    errors::Errors,
};

pub(super) fn check_links(model: &Model<'_>, errors: &mut Errors) {
    let mut names = HashSet::new();
    for (field, link) in model.links().filter_map(|field| Some((field, field.attrs.link.as_ref()?))) {
        check_field_holds_an_id(field, link, errors);
        let name = link.name().to_string();
        if RESERVED_METHODS.contains(&name.as_str()) {
            errors.on(
                &link.parent,
                format!("every model has a method `{name}`; name the link otherwise: add `name = \"...\"`"),
            );
        } else if !names.insert(name.clone()) {
            errors.on(&link.parent, format!("another link is named `{name}` already; add a `name = \"...\"` to one"));
        }
    }
}

fn check_field_holds_an_id(field: &Field<'_>, link: &LinkAttr, errors: &mut Errors) {
    if let Some(role) = field.role() {
        let what = if role == Role::Id { "the model's own id" } else { "filled in by the store" };
        errors.on(&link.parent, format!("the field is {what}; a link stands on a field with the parent's id"));
    } else if !field.is_serialised() || field.serde.flatten.is_some() {
        errors.on(
            &link.parent,
            "a link is a member of the serialised form; remove `parent`, or the serde attribute that hides it",
        );
    }
}
