//! What is hashed: `Versioned::feed_content` and, where it differs, `Versioned::feed_tag`.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::{ExprPath, Type};

use crate::{
    ast::{Field, Model},
    place::Place,
};

pub(super) fn expand(model: &Model<'_>) -> TokenStream {
    let krate = &model.krate;
    let (content, tagged) = (model.content(), model.tagged());
    let is_same = content.iter().map(|field| field.ident).eq(tagged.iter().map(|field| field.ident));
    let feed_tag = (!is_same).then(|| {
        let record = record(&tagged);
        quote!(fn feed_tag(&self, __sink: &mut #krate::Digester) { #record })
    });
    let record = record(&content);
    quote! {
        fn feed_content(&self, __sink: &mut #krate::Digester) { #record }
        #feed_tag
    }
}

fn record(fields: &[&Field<'_>]) -> TokenStream {
    let count = fields.len();
    let members = fields.iter().map(|field| {
        let hash_with = field.attrs.hash_with.as_ref().map(|path| &path.value);
        let borrowed = Place::of(field.ty).borrow("self", field.ident);
        feed_member(field.ty, &field.names.serialized, hash_with, &borrowed)
    });
    quote!(__sink.record(#count); #(#members)*)
}

/// Feeds what `borrowed` points to, under its name; where its type can't be hashed, the compiler points at the type.
pub(crate) fn feed_member(ty: &Type, name: &str, hash_with: Option<&ExprPath>, borrowed: &TokenStream) -> TokenStream {
    if let Some(path) = hash_with {
        return quote!(__sink.field(#name); #path(#borrowed, __sink););
    }
    quote_spanned!(Place::of(ty).span()=> __sink.member(#name, #borrowed);)
}
