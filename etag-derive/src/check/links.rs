//! What a link to a parent may be.

use crate::{
    ast::{Field, Model, RESERVED_METHODS},
    attr::{LinkAttr, OnDeleteAttr, TouchAttr},
    errors::Errors,
};

pub(super) fn check_links(model: &Model<'_>, errors: &mut Errors) {
    check_names_are_free(model, errors);
    check_stamps_are_no_links(model, errors);
    for (field, link) in model.links() {
        check_field_is_serialised(field, link, errors);
        check_lock_has_an_effect(link, errors);
        check_unseen_has_an_effect(link, errors);
        check_cascade_is_covered(link, errors);
        check_id_is_never_cleared(field, link, errors);
        check_derive_shows_in_the_tag(link, errors);
        check_derived_has_an_effect(link, errors);
    }
}

fn check_names_are_free(model: &Model<'_>, errors: &mut Errors) {
    let mut earlier: Vec<&LinkAttr> = Vec::new();
    for (_, link) in model.links() {
        if let Some(why) = taken_name(link, &earlier) {
            errors.on(&link.parent, why);
        }
        earlier.push(link);
    }
}

fn taken_name(link: &LinkAttr, earlier: &[&LinkAttr]) -> Option<String> {
    let (name, children) = (link.name(), link.children_name());
    if RESERVED_METHODS.iter().any(|reserved| name == reserved) {
        return Some(format!("every model has a method `{name}`; name the link otherwise: add `name = \"...\"`"));
    }
    if earlier.iter().any(|other| other.name() == name) {
        return Some(format!("another link is named `{name}` already; add a `name = \"...\"` to one"));
    }
    let clash = earlier.iter().find_map(|other| {
        let (other, others_children) = (other.name(), other.children_name());
        [&name, &children].into_iter().find(|own| **own == other || **own == others_children).cloned()
    });
    clash.map(|name| format!("another link has a function `{name}` already; name one otherwise: add `name = \"...\"`"))
}

fn check_stamps_are_no_links(model: &Model<'_>, errors: &mut Errors) {
    for link in model.stamps().chain(model.derived()).filter_map(|field| field.attrs.link.as_ref()) {
        let why = "the field is filled in by the store; a link stands on a field with the parent's id";
        errors.on(&link.parent, why);
    }
}

fn check_field_is_serialised(field: &Field<'_>, link: &LinkAttr, errors: &mut Errors) {
    if !field.is_id() && (!field.is_serialised() || field.serde.flatten.is_some()) {
        errors.on(
            &link.parent,
            "a link is a member of the serialised form; remove `parent`, or the serde attribute that hides it",
        );
    }
}

fn check_lock_has_an_effect(link: &LinkAttr, errors: &mut Errors) {
    if let Some(lock) = link.lock.as_ref().filter(|_| link.touches(TouchAttr::None)) {
        errors.at(
            lock.span,
            "a write that does not touch the parent locks nothing; remove `lock`, or write another `touch`",
        );
    }
}

fn check_unseen_has_an_effect(link: &LinkAttr, errors: &mut Errors) {
    let Some(unseen) = link.unseen.filter(|_| !link.has_unread) else { return };
    if link.cascade().is_none() {
        errors.at(
            unseen,
            "nothing goes unseen unless the delete cascades; add `on_delete = cascade`, or remove `cascade`",
        );
    } else if link.touches(TouchAttr::Content) {
        errors.at(unseen, "with `touch = content` the parent's tag covers what goes; remove `cascade`");
    }
}

/// The tag under which a parent is deleted must have covered all that goes with it (rule F6).
fn check_cascade_is_covered(link: &LinkAttr, errors: &mut Errors) {
    let is_covered = link.touches(TouchAttr::Content) || link.unseen.is_some() || link.has_unread;
    if let Some(span) = link.cascade().filter(|_| link.touch.is_some() && !is_covered) {
        let why = "the tag of the parent that a caller deletes must cover what goes with it: \
                   write `touch = content`, or add `cascade = unseen`";
        errors.at(span, why);
    }
}

fn check_id_is_never_cleared(field: &Field<'_>, link: &LinkAttr, errors: &mut Errors) {
    let on_delete = link.on_delete.as_ref().filter(|on_delete| on_delete.value == OnDeleteAttr::Detach);
    if let Some(on_delete) = on_delete.filter(|_| field.is_id()) {
        errors.at(on_delete.span, "the id can't be cleared when the parent goes; write `restrict` or `cascade`");
    }
}

/// Each change of what is derived must change the parent's tag (rule F3).
fn check_derive_shows_in_the_tag(link: &LinkAttr, errors: &mut Errors) {
    let shows = link.touches(TouchAttr::Content) || link.touches(TouchAttr::Derived);
    if let Some(derive) = link.derive.as_ref().filter(|_| link.touch.is_some() && !shows) {
        let why = "what is derived from the child must show in the parent's tag: write `touch = content` or \
                   `touch = derived`, or remove `derive`";
        errors.at(derive.span, why);
    }
}

fn check_derived_has_an_effect(link: &LinkAttr, errors: &mut Errors) {
    let is_derived = link.derive.is_some() || link.has_unread;
    if let Some(touch) = link.touch.filter(|touch| touch.value == TouchAttr::Derived && !is_derived) {
        let why = "nothing is derived from the child, so it would never touch the parent: \
                   add `derive = …`, or write another `touch`";
        errors.at(touch.span, why);
    }
}
