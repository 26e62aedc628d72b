//! `#[derive(ModelId)]`: a newtype as an id of its own.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::{Data, DeriveInput, Field, Fields};

use crate::{attr::ContainerAttrs, errors::Errors, paths::Krate, place::Place};

pub(crate) fn expand(input: &DeriveInput) -> TokenStream {
    let mut errors = Errors::default();
    let attrs = ContainerAttrs::read(&input.attrs, &mut errors);
    let krate = Krate::new(attrs.krate.as_ref());
    let inner = inner(input, &mut errors);
    check_is_not_generic(input, &mut errors);
    match (errors.into_tokens(), inner) {
        (None, Some(inner)) => impls(input, &krate, inner),
        (errors, _) => fallback(input, &krate, errors.as_ref()),
    }
}

fn inner<'a>(input: &'a DeriveInput, errors: &mut Errors) -> Option<&'a Field> {
    let newtype = "an id is a newtype: write `struct TaskId(Uuid);`";
    match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Unnamed(fields) if fields.unnamed.len() == 1 => return fields.unnamed.first(),
            Fields::Unit => errors.on(&input.ident, newtype),
            fields => errors.on(fields, newtype),
        },
        Data::Enum(data) => errors.on(data.enum_token, newtype),
        Data::Union(data) => errors.on(data.union_token, newtype),
    }
    None
}

fn check_is_not_generic(input: &DeriveInput, errors: &mut Errors) {
    if let Some(param) = input.generics.params.first() {
        errors.on(param, "an id has one type for all; write a newtype without parameters");
    }
}

fn impls(input: &DeriveInput, krate: &Krate, inner: &Field) -> TokenStream {
    let (ident, private, ty) = (&input.ident, krate.private(), &inner.ty);
    // Spelled once on its place, so that a type that is no id is one error.
    let as_id = quote_spanned!(Place::of(ty).span()=> <#ty as #krate::ModelId>);
    quote! {
        #[automatically_derived]
        #[allow(deprecated)]
        impl #krate::ModelId for #ident {
            const EXPECTED: &'static #private::str = #as_id::EXPECTED;
            fn to_text(&self) -> #private::Arc<#private::str> {
                #as_id::to_text(&self.0)
            }
            fn parse(__text: &#private::str) -> #private::Result<Self, #krate::InvalidId> {
                #private::Result::map(#as_id::parse(__text), Self)
            }
            fn generate(__environment: &#krate::Environment) -> #private::Option<Self> {
                #private::Option::map(#as_id::generate(__environment), Self)
            }
        }

        #[automatically_derived]
        #[allow(deprecated)]
        impl #krate::Content for #ident {
            fn feed(&self, __sink: &mut #krate::Digester) {
                #krate::Content::feed(&self.0, __sink);
            }
        }
    }
}

fn fallback(input: &DeriveInput, krate: &Krate, errors: Option<&TokenStream>) -> TokenStream {
    let (ident, private) = (&input.ident, krate.private());
    let (impl_generics, ty_generics, where_clause) = input.generics.split_for_impl();
    // What `ModelId` demands is not sure of a type with parameters.
    let bounded = (!input.generics.params.is_empty()).then(|| quote!(where Self: #private::CanBeId));
    quote! {
        #errors
        #[automatically_derived]
        impl #impl_generics #krate::ModelId for #ident #ty_generics #bounded {
            const EXPECTED: &'static #private::str = "";
            fn to_text(&self) -> #private::Arc<#private::str> {
                #private::not_compiled()
            }
            fn parse(_: &#private::str) -> #private::Result<Self, #krate::InvalidId> {
                #private::not_compiled()
            }
        }

        #[automatically_derived]
        impl #impl_generics #krate::Content for #ident #ty_generics #where_clause {
            fn feed(&self, _: &mut #krate::Digester) {}
        }
    }
}
