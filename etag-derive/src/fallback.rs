//! What stands in for the impls of a struct with mistakes, so that each mistake is one error and its echoes are none.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{GenericArgument, GenericParam, parse_quote};

use crate::{ast::Model, expand};

pub(crate) fn expand(model: &Model<'_>, errors: Option<&TokenStream>) -> TokenStream {
    let (krate, private) = (&model.krate, model.krate.private());
    let where_clause = expand::fallback_bounds(model);
    let head = head(model);
    let id = model.id().map_or_else(|| quote!(#private::String), |id| id.ty.to_token_stream());
    let (patch_type, rest) = patch_and_methods(model);
    quote! {
        #errors
        #[automatically_derived]
        #head #where_clause {
            type Id = #id;
            type Patch = #patch_type;
            type Lineage = ();
            const MODEL: &'static #krate::Model = #private::NO_MODEL;
            fn id(&self) -> &Self::Id {
                #private::not_compiled()
            }
            fn feed_content(&self, _: &mut #krate::Digester) {}
            fn merge(_: &Self, __mine: Self, _: &Self) -> #private::Result<Self, #krate::MergeConflict> {
                #private::Result::Ok(__mine)
            }
        }
        #rest
    }
}

/// The trait wants no lifetime but the static one.
fn head(model: &Model<'_>) -> TokenStream {
    let (krate, ident) = (&model.krate, model.ident);
    if !model.has_lifetimes() {
        let (impl_generics, ty_generics, _) = model.generics.split_for_impl();
        return quote!(impl #impl_generics #krate::Versioned for #ident #ty_generics);
    }
    let mut generics = model.generics.clone();
    let arguments: Vec<GenericArgument> = generics.params.iter().map(static_argument).collect();
    generics.params = generics.params.into_iter().filter(|param| !matches!(param, GenericParam::Lifetime(_))).collect();
    let (impl_generics, _, _) = generics.split_for_impl();
    quote!(impl #impl_generics #krate::Versioned for #ident<#(#arguments),*>)
}

fn static_argument(param: &GenericParam) -> GenericArgument {
    match param {
        GenericParam::Lifetime(_) => parse_quote!('static),
        GenericParam::Type(param) => {
            let ident = &param.ident;
            parse_quote!(#ident)
        }
        GenericParam::Const(param) => {
            let ident = &param.ident;
            parse_quote!(#ident)
        }
    }
}

/// A struct whose fields could not be read has no patch that could be written; one with a lifetime has no methods.
fn patch_and_methods(model: &Model<'_>) -> (TokenStream, TokenStream) {
    let private = model.krate.private();
    if model.has_lifetimes() {
        return (quote!(#private::NoPatch), TokenStream::new());
    }
    let where_clause = expand::fallback_bounds(model);
    let (links, methods) = (expand::links(model, where_clause.as_ref()), expand::methods(model));
    if model.fields.is_empty() {
        return (quote!(#private::NoPatch), methods);
    }
    let patch = expand::patch(model);
    (expand::patch_type(model), quote!(#patch #links #methods))
}
