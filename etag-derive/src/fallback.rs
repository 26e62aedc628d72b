//! What stands in for the impls of a struct with mistakes, so that each mistake is one error and its echoes are none.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use crate::{ast::Model, expand};

pub(crate) fn expand(model: &Model<'_>, errors: Option<TokenStream>) -> TokenStream {
    let (krate, private) = (&model.krate, model.krate.private());
    let ident = model.ident;
    let (impl_generics, ty_generics, _) = model.generics.split_for_impl();
    let where_clause = expand::fallback_bounds(model);
    let id = model.id().map_or_else(|| quote!(#private::String), |id| id.ty.to_token_stream());
    let (patch, patch_type) = patch(model);
    let methods = expand::methods(model);
    quote! {
        #errors
        #[automatically_derived]
        impl #impl_generics #krate::Versioned for #ident #ty_generics #where_clause {
            type Id = #id;
            type Patch = #patch_type;
            const MODEL: &'static #krate::Model = #private::NO_MODEL;
            fn id(&self) -> &Self::Id {
                #private::not_compiled()
            }
            fn feed_content(&self, _: &mut #krate::Digester) {}
            fn merge(_: &Self, __mine: Self, _: &Self) -> #private::Result<Self, #krate::MergeConflict> {
                #private::Result::Ok(__mine)
            }
        }
        #patch
        #methods
    }
}

/// A struct whose fields could not be read has no patch that could be written.
fn patch(model: &Model<'_>) -> (TokenStream, TokenStream) {
    if model.fields.is_empty() {
        let private = model.krate.private();
        return (TokenStream::new(), quote!(#private::NoPatch));
    }
    (expand::patch(model), expand::patch_type(model))
}
