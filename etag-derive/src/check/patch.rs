//! What the patch struct may be.

use crate::{ast::Model, errors::Errors};

pub(super) fn check_patch(model: &Model<'_>, errors: &mut Errors) {
    check_default_is_left_to_us(model, errors);
    check_fields_can_be_serialised(model, errors);
}

fn check_default_is_left_to_us(model: &Model<'_>, errors: &mut Errors) {
    if let Some(derive) = model.attrs.patch.derive("Default") {
        errors.on(derive, "every patch implements `Default` already; remove it");
    }
}

/// Serde can't tell an absent member from a null one for these.
fn check_fields_can_be_serialised(model: &Model<'_>, errors: &mut Errors) {
    if !model.attrs.patch.is_serialised() {
        return;
    }
    for field in model.patched() {
        if let Some(span) = field.serde.flatten.or(field.serde.with) {
            let why = "a serialised patch can't hold this field; leave `Serialize` and `Deserialize` out of `patch(derive(...))`, \
                       or remove this";
            errors.at(span, why);
        }
    }
}
