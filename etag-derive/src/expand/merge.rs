//! The body of `Versioned::merge`: each field by its rule (rule B3).

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

use crate::{
    ast::{Field, Model},
    attr::MergeAttr,
    place::Place,
};

pub(super) fn expand(model: &Model<'_>) -> TokenStream {
    let private = model.krate.private();
    let merged = model.fields.iter().filter(|field| field.is_merged()).map(field);
    let servers = model.stamps().chain(model.derived()).map(|field| servers(model, field));
    quote! {
        let mut __merge = #private::Merge::new();
        #(#merged)*
        #(#servers)*
        __merge.finish(__mine)
    }
}

fn field(field: &Field<'_>) -> TokenStream {
    let (name, ident) = (&field.names.serialized, field.ident);
    let span = Place::of(field.ty).span();
    let values = quote!(#name, &__base.#ident, &mut __mine.#ident, &__theirs.#ident);
    match field.merge() {
        MergeAttr::Reject => quote_spanned!(span=> __merge.reject(#values);),
        MergeAttr::Ours => quote_spanned!(span=> __merge.ours(#values);),
        MergeAttr::Theirs => quote_spanned!(span=> __merge.theirs(#values);),
        MergeAttr::Union => quote_spanned!(span=> __merge.union(#values);),
        MergeAttr::Max => quote_spanned!(span=> __merge.max(#values);),
        MergeAttr::Custom(path) => quote_spanned!(span=> __merge.custom(#values, #path);),
    }
}

/// What the server says of a merged value is what it says of the state that it was merged with.
fn servers(model: &Model<'_>, field: &Field<'_>) -> TokenStream {
    let (private, ident) = (model.krate.private(), field.ident);
    quote_spanned!(Place::of(field.ty).span()=> __mine.#ident = #private::Clone::clone(&__theirs.#ident);)
}
