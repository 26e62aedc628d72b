//! What goes into a tag.

use crate::{
    ast::{Field, Model},
    attr::{Role, ValidatorAttr},
    errors::Errors,
};

pub(super) fn check_digest(model: &Model<'_>, errors: &mut Errors) {
    check_weak_leaves_something_out(model, errors);
    check_opaque_holds_a_tag(model, errors);
    for field in &model.fields {
        check_stamp_fits(model, field, errors);
        check_exclude(model, field, errors);
        check_include(model, field, errors);
        check_hash_with_has_an_effect(field, errors);
    }
}

fn check_weak_leaves_something_out(model: &Model<'_>, errors: &mut Errors) {
    let leaves_out = |field: &Field<'_>| field.attrs.exclude.is_some() || field.is_stamp() || field.attrs.has_unread;
    if model.validator() == ValidatorAttr::WeakDigest && !model.fields.iter().any(leaves_out) {
        let why =
            "nothing is left out of the digest, so its tag is strong: write `validator = digest`, or `exclude` a field";
        errors.at(model.attrs.validator.span, why);
    }
}

fn check_opaque_holds_a_tag(model: &Model<'_>, errors: &mut Errors) {
    let is_held = model.fields.iter().any(|field| field.role() == Some(Role::ETag) || field.attrs.has_unread);
    if model.validator() == ValidatorAttr::Opaque && !is_held {
        let why = "which field holds the other server's tag? write `#[versioned(etag)]` on one of type `ETag`";
        errors.at(model.attrs.validator.span, why);
    }
}

/// The same content gets the same digest, but its bytes would differ by the stamp (rule T4).
fn check_stamp_fits(model: &Model<'_>, field: &Field<'_>, errors: &mut Errors) {
    let is_strong_digest = matches!(model.validator(), ValidatorAttr::Digest | ValidatorAttr::KeyedDigest);
    if let Some(stamp) = field.attrs.roles.first().filter(|role| role.value.is_stamp() && is_strong_digest) {
        let name = stamp.value.name();
        let why = format!(
            "`{name}` changes the bytes under a strong digest of the same content; \
             write `validator = revision` or `validator = digest(weak)` on the struct"
        );
        errors.at(stamp.span, why);
    }
}

fn check_exclude(model: &Model<'_>, field: &Field<'_>, errors: &mut Errors) {
    let Some(span) = field.attrs.exclude else { return };
    if field.role() == Some(Role::Id) {
        errors.at(span, "the id is part of every digest; remove `exclude`");
    } else if field.is_stamp() {
        errors.at(span, "what the store fills in is never part of the digest; remove `exclude`");
    } else if field.is_derived() {
        errors.at(span, "what is derived from children shows in the tag by their touches; remove `exclude`");
    } else if !field.is_serialised() {
        errors.at(span, "a field that isn't serialised isn't hashed; remove `exclude`");
    } else if !matches!(model.validator(), ValidatorAttr::WeakDigest | ValidatorAttr::Unread) {
        errors.at(span, "leaving a field out makes the tag weak: write `validator = digest(weak)` on the struct, or remove `exclude`");
    }
}

/// Without a key, anybody could test a guess of the hidden field against the tag (rule T8).
fn check_include(model: &Model<'_>, field: &Field<'_>, errors: &mut Errors) {
    let Some(span) = field.attrs.include else { return };
    if field.is_serialised() {
        errors.at(span, "a field that is serialised is hashed anyway; remove `include`, or add `#[serde(skip)]`");
    } else if !matches!(model.validator(), ValidatorAttr::KeyedDigest | ValidatorAttr::Unread) {
        let why = "a tag would reveal this hidden field to who guesses: write `validator = digest(keyed)` on the struct, \
                   or remove `include`";
        errors.at(span, why);
    }
}

fn check_hash_with_has_an_effect(field: &Field<'_>, errors: &mut Errors) {
    let Some(hash_with) = field.attrs.hash_with.as_ref() else { return };
    if field.is_stamp() {
        errors.at(hash_with.span, "what the store fills in is never hashed; remove `hash_with`");
    } else if field.is_derived() {
        errors
            .at(hash_with.span, "what is derived from children shows in the tag by their touches; remove `hash_with`");
    } else if !field.is_kept() {
        errors.at(hash_with.span, "a field that isn't serialised isn't hashed; remove `hash_with`");
    }
}
