//! The generated code of `#[derive(Versioned)]`.

mod bounds;
mod description;
mod feed;
mod links;
mod merge;
mod methods;
mod patch;
mod relatives;
mod versioned;

pub(crate) use self::{
    bounds::of_fallback as fallback_bounds,
    feed::feed_member,
    links::impls as links,
    methods::methods,
    patch::{patch, patch_type},
};

#[cfg(test)]
mod tests;

use proc_macro2::TokenStream;
use quote::quote;
use syn::DeriveInput;

use crate::{ast::Model, check::check, errors::Errors, fallback};

/// The impls, or every mistake and what keeps them from echoing.
pub(crate) fn versioned(input: &DeriveInput) -> TokenStream {
    let mut errors = Errors::default();
    let model = Model::from_ast(input, &mut errors);
    let checked = check(input, &model, &mut errors);
    match (errors.into_tokens(), checked) {
        (None, Some(checked)) => {
            let versioned = versioned::expand(&checked);
            let (links, checks) = (links(&model, bounds::of_versioned(&model).as_ref()), links::all_checks(&model));
            let (patch, methods) = (patch(&model), methods(&model));
            quote!(#versioned #links #checks #patch #methods)
        }
        (errors, _) => fallback::expand(&model, errors.as_ref()),
    }
}
