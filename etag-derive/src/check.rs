//! The rules of a model, each in a function of its own.

mod digest;
mod fields;
mod links;
mod patch;
mod shape;

use syn::DeriveInput;

use crate::{
    ast::{Field, Model},
    errors::Errors,
};

/// What a model that keeps all the rules has for sure.
pub(crate) struct Checked<'m, 'a> {
    pub(crate) model: &'m Model<'a>,
    pub(crate) id: &'m Field<'a>,
    pub(crate) collection: &'m syn::LitStr,
}

/// Notes every rule that the model breaks.
pub(crate) fn check<'m, 'a>(input: &DeriveInput, model: &'m Model<'a>, errors: &mut Errors) -> Option<Checked<'m, 'a>> {
    if !shape::check_shape(input, errors) {
        return None;
    }
    shape::check_model(model, errors);
    fields::check_fields(model, errors);
    digest::check_digest(model, errors);
    links::check_links(model, errors);
    patch::check_patch(model, errors);
    Some(Checked { model, id: model.id()?, collection: model.attrs.collection.as_ref()? })
}
