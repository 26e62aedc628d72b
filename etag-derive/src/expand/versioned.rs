//! `impl Versioned`.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

use super::{bounds, description, feed, links, merge};
use crate::{
    ast::Model,
    attr::{Role, ValidatorAttr},
    check::Checked,
    place::Place,
};

pub(super) fn expand(checked: &Checked<'_, '_>) -> TokenStream {
    let model = checked.model;
    let (krate, private) = (&model.krate, model.krate.private());
    let (id, id_type) = (checked.id.ident, checked.id.ty);
    let (ident, patch) = (model.ident, super::patch::patch_type(model));
    let (impl_generics, ty_generics, _) = model.generics.split_for_impl();
    let where_clause = bounds::of_versioned(model);
    let description = description::expand(checked);
    let feeds = feed::expand(model);
    let held_tag = held_tag(model);
    let hooks = hooks(model);
    let merge = merge::expand(model);
    let (lineage, parents) = (links::lineage(model), links::parents(model));
    quote! {
        #[automatically_derived]
        #[allow(deprecated, clippy::misnamed_getters)]
        impl #impl_generics #krate::Versioned for #ident #ty_generics #where_clause {
            type Id = #id_type;
            type Patch = #patch;
            type Lineage = #lineage;
            const MODEL: &'static #krate::Model = &#description;
            fn id(&self) -> &Self::Id {
                &self.#id
            }
            #feeds
            #held_tag
            #parents
            #hooks
            fn merge(__base: &Self, mut __mine: Self, __theirs: &Self) -> #private::Result<Self, #krate::MergeConflict> {
                #merge
            }
        }
    }
}

fn held_tag(model: &Model<'_>) -> Option<TokenStream> {
    let is_opaque = model.validator() == ValidatorAttr::Opaque;
    let field = model.fields.iter().find(|field| field.role() == Some(Role::ETag)).filter(|_| is_opaque)?;
    let (krate, private) = (&model.krate, model.krate.private());
    let place = Place::of(field.ty);
    let (held, function) = (place.borrow("self", field.ident), place.hold(quote!(#private::HeldTag::held_tag)));
    let call = quote_spanned!(place.span()=> #function(#held));
    Some(quote! {
        fn held_tag(&self) -> #private::Option<&#krate::ETag> {
            #call
        }
    })
}

/// The author's own functions, called with the types that they must have.
fn hooks(model: &Model<'_>) -> TokenStream {
    let (krate, private) = (&model.krate, model.krate.private());
    let validate = model.attrs.validate.as_ref().map(|path| {
        let call = quote!(#path(self));
        quote! {
            fn validate(&self) -> #private::Result<(), #krate::Violations> {
                #call
            }
        }
    });
    let upgrade = model.attrs.upgrade.as_ref().map(|upgrade| {
        let path = &upgrade.value;
        quote! {
            fn upgrade(__from: #private::u32, __document: #private::Value) -> #private::Result<#private::Value, #private::String> {
                #path(__from, __document)
            }
        }
    });
    quote!(#validate #upgrade)
}
