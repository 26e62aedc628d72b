//! What is hashed: `Versioned::feed_content` and, where it differs, `Versioned::feed_tag`.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::{ExprPath, Type};

use crate::{
    ast::{Field, Model},
    paths::Krate,
    place::Place,
};

pub(super) fn expand(model: &Model<'_>) -> TokenStream {
    let krate = &model.krate;
    let (content, tagged) = (model.content(), model.tagged());
    let is_same = content.iter().map(|field| field.ident).eq(tagged.iter().map(|field| field.ident));
    let feed_tag = (!is_same).then(|| {
        let record = record(krate, &tagged);
        quote!(fn feed_tag(&self, __sink: &mut #krate::Digester) { #record })
    });
    let record = record(krate, &content);
    quote! {
        fn feed_content(&self, __sink: &mut #krate::Digester) { #record }
        #feed_tag
    }
}

fn record(krate: &Krate, fields: &[&Field<'_>]) -> TokenStream {
    let count = fields.len();
    let values = fields.iter().map(|field| {
        let name = &field.names.serialized;
        let borrowed = Place::of(field.ty).borrow("self", field.ident);
        let hash_with = field.attrs.hash_with.as_ref().map(|path| &path.value);
        let value = feed_value(krate, field.ty, hash_with, &borrowed);
        quote!(__sink.field(#name); #value)
    });
    quote!(__sink.record(#count); #(#values)*)
}

/// Feeds what `borrowed` points to; where its type can't be hashed, the compiler points at the type.
pub(crate) fn feed_value(
    krate: &Krate,
    ty: &Type,
    hash_with: Option<&ExprPath>,
    borrowed: &TokenStream,
) -> TokenStream {
    if let Some(path) = hash_with {
        return quote!(#path(#borrowed, __sink););
    }
    let place = Place::of(ty);
    let feed = place.hold(quote!(#krate::Content::feed));
    quote_spanned!(place.span()=> #feed(#borrowed, __sink);)
}
