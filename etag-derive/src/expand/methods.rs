//! The inherent methods: the tag, the conditional writes, the parents and children.

use proc_macro2::TokenStream;
use quote::quote;

use super::{bounds, relatives};
use crate::{
    ast::Model,
    attr::{Role, ValidatorAttr},
};

pub(crate) fn methods(model: &Model<'_>) -> TokenStream {
    let ident = model.ident;
    let (impl_generics, ty_generics, _) = model.generics.split_for_impl();
    let where_clause = bounds::of_methods(model);
    let etag = etag(model);
    let whole = writes_of_a_value(model);
    let by_id = writes_by_id(model);
    let relatives = relatives::functions(model);
    quote! {
        #[allow(dead_code, deprecated, reason = "the methods are there for who wants them")]
        impl #impl_generics #ident #ty_generics #where_clause {
            #etag
            #whole
            #by_id
            #(#relatives)*
        }
    }
}

fn etag(model: &Model<'_>) -> Option<TokenStream> {
    let (vis, krate, private) = (model.vis, &model.krate, model.krate.private());
    match model.validator() {
        ValidatorAttr::Digest | ValidatorAttr::WeakDigest | ValidatorAttr::Unread => Some(quote! {
            /// The tag of this value, which a store publishes for it too, unless a child's write has touched it.
            #[must_use]
            #vis fn etag(&self) -> #krate::ETag {
                #private::digest_etag(self)
            }
        }),
        ValidatorAttr::KeyedDigest => Some(quote! {
            /// The tag of this value under the key of its digests, which a store with that key publishes for it too, unless
            /// a child's write has touched it.
            #[must_use]
            #vis fn etag(&self, key: &#krate::DigestKey) -> #krate::ETag {
                #private::keyed_etag(self, key)
            }
        }),
        ValidatorAttr::Opaque => held_tag(model),
        ValidatorAttr::Revision | ValidatorAttr::LastModified => None,
    }
}

fn held_tag(model: &Model<'_>) -> Option<TokenStream> {
    let (vis, private) = (model.vis, model.krate.private());
    let field = model.fields.iter().find(|field| field.role() == Some(Role::ETag))?;
    let (name, ty) = (field.ident, field.ty);
    Some(quote! {
        /// The tag that the other server gave.
        #[must_use]
        #vis fn etag(&self) -> #ty {
            #private::Clone::clone(&self.#name)
        }
    })
}

/// A write's answer, boxed: that costs less to compile than a type of its own for each method of each model, and every
/// store boxes its commits anyway.
fn written(model: &Model<'_>) -> TokenStream {
    let (krate, private) = (&model.krate, model.krate.private());
    quote!(#private::BoxFuture<'__a, #private::Result<#krate::Snapshot<Self>, #krate::Error>>)
}

fn writes_of_a_value(model: &Model<'_>) -> TokenStream {
    let (vis, krate, private) = (model.vis, &model.krate, model.krate.private());
    let written = written(model);
    quote! {
        /// Writes the value as a resource that must not exist yet.
        ///
        /// # Errors
        /// `AlreadyExists` where it does, `Invalid` where the value breaks a rule of its model, and faults of the store.
        #vis fn create_if_absent<'__a, __S>(&'__a self, store: &'__a __S) -> #written
        where
            __S: #private::StoreOf<Self> + ?#private::Sized,
        {
            #private::StoreOf::create(store, self)
        }

        /// Writes the value over a resource whose tag must be `etag`.
        ///
        /// # Errors
        /// `Stale` where it has another tag, `NotFound` where there is none, `Invalid` where the value breaks a rule of
        /// its model, and faults of the store.
        #vis fn replace_if_match<'__a, __S>(&'__a self, store: &'__a __S, etag: &'__a #krate::ETag) -> #written
        where
            __S: #private::StoreOf<Self> + ?#private::Sized,
        {
            #private::StoreOf::replace(store, self, etag)
        }
    }
}

fn writes_by_id(model: &Model<'_>) -> TokenStream {
    let (vis, krate, private) = (model.vis, &model.krate, model.krate.private());
    let written = written(model);
    quote! {
        /// Sets what `patch` names in a resource whose tag must be `etag`.
        ///
        /// # Errors
        /// As for `replace_if_match`.
        #vis fn patch_if_match<'__a, __S>(
            store: &'__a __S,
            id: &'__a <Self as #krate::Versioned>::Id,
            etag: &'__a #krate::ETag,
            patch: <Self as #krate::Versioned>::Patch,
        ) -> #written
        where
            __S: #private::StoreOf<Self> + ?#private::Sized,
        {
            #private::StoreOf::patch(store, id, etag, patch)
        }

        /// Deletes a resource whose tag must be `etag`.
        ///
        /// # Errors
        /// As for `replace_if_match`.
        #vis fn delete_if_match<'__a, __S>(
            store: &'__a __S,
            id: &'__a <Self as #krate::Versioned>::Id,
            etag: &'__a #krate::ETag,
        ) -> #private::BoxFuture<'__a, #private::Result<(), #krate::Error>>
        where
            __S: #private::StoreOf<Self> + ?#private::Sized,
        {
            #private::StoreOf::<Self>::delete(store, id, etag)
        }
    }
}
