//! `#[derive(Content)]`: structs and enums as parts of a model.

mod ast;

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::{DeriveInput, Generics, WhereClause, parse_quote};

use self::ast::{Body, Input, Part, Shape, Variant};
use crate::{errors::Errors, expand::feed_member, paths::Krate, place::Place};

pub(crate) fn expand(input: &DeriveInput) -> TokenStream {
    let mut errors = Errors::default();
    let read = Input::from_ast(input, &mut errors);
    let (krate, ident) = (&read.krate, &input.ident);
    let (impl_generics, ty_generics, _) = input.generics.split_for_impl();
    let where_clause = bounds(krate, &input.generics);
    let errors = errors.into_tokens();
    let feed = errors.is_none().then(|| feed(&read));
    quote! {
        #errors
        #[automatically_derived]
        #[allow(deprecated)]
        impl #impl_generics #krate::Content for #ident #ty_generics #where_clause {
            fn feed(&self, __sink: &mut #krate::Digester) {
                #feed
            }
        }
    }
}

fn bounds(krate: &Krate, generics: &Generics) -> Option<WhereClause> {
    let mut generics = generics.clone();
    let params: Vec<_> = generics.type_params().map(|param| param.ident.clone()).collect();
    for param in params {
        generics.make_where_clause().predicates.push(parse_quote!(#param: #krate::Content));
    }
    generics.where_clause
}

fn feed(input: &Input<'_>) -> TokenStream {
    match &input.body {
        Body::Struct(shape) => {
            let (pattern, values) = (pattern(shape), values(&input.krate, shape));
            let whole = if matches!(shape, Shape::Unit) { quote!(__sink.none();) } else { values };
            quote!(let Self #pattern = self; #whole)
        }
        Body::Enum(variants) if variants.is_empty() => quote!(match *self {}),
        Body::Enum(variants) => {
            let arms = variants.iter().map(|variant| arm(&input.krate, variant));
            quote!(match self { #(#arms)* })
        }
    }
}

fn arm(krate: &Krate, variant: &Variant<'_>) -> TokenStream {
    let (ident, name) = (variant.ident, &variant.name);
    let (pattern, values) = (pattern(&variant.shape), values(krate, &variant.shape));
    quote!(Self::#ident #pattern => { __sink.variant(#name); #values })
}

/// Binds each part that is hashed. One form does for named and unnamed ones: `{ 0: __0, .. }`.
fn pattern(shape: &Shape<'_>) -> TokenStream {
    let bindings = shape.parts().iter().map(|part| {
        let (member, binding) = (&part.member, &part.binding);
        quote!(#member: #binding,)
    });
    quote!({ #(#bindings)* .. })
}

fn values(krate: &Krate, shape: &Shape<'_>) -> TokenStream {
    let count = shape.parts().len();
    let values = shape.parts().iter().map(|part| value(krate, part));
    match shape {
        Shape::Unit => TokenStream::new(),
        Shape::Transparent(_) => quote!(#(#values)*),
        Shape::List(_) => quote!(__sink.list(#count); #(#values)*),
        Shape::Record(parts) => {
            let members =
                parts.iter().map(|part| feed_member(part.ty, &part.name, part.hash_with.as_ref(), &borrowed(part)));
            quote!(__sink.record(#count); #(#members)*)
        }
    }
}

/// Feeds a value that stands without a name; where its type can't be hashed, the compiler points at the type.
fn value(krate: &Krate, part: &Part<'_>) -> TokenStream {
    let borrowed = borrowed(part);
    if let Some(path) = &part.hash_with {
        return quote!(#path(#borrowed, __sink););
    }
    let place = Place::of(part.ty);
    let feed = place.hold(quote!(#krate::Content::feed));
    quote_spanned!(place.span()=> #feed(#borrowed, __sink);)
}

fn borrowed(part: &Part<'_>) -> TokenStream {
    let binding = &part.binding;
    quote!(#binding)
}
