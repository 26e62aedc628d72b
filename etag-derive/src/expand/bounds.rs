//! What the types of a generic model's fields must be able to do.

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{Ident, Type, WhereClause, WherePredicate, parse_quote, punctuated::Punctuated};

use super::links::{Numbered, numbered};
use crate::{
    ast::{Field, Model},
    attr::{MergeAttr, Role},
};

/// The bounds of `impl Versioned`.
pub(super) fn of_versioned(model: &Model<'_>) -> Option<WhereClause> {
    let private = model.krate.private();
    let thread_safe = quote!(#private::Send + #private::Sync + 'static);
    let params = model.type_params().map(|param| quote!(#param: #thread_safe));
    let fields = generic_fields(model).map(|field| {
        let (ty, uses) = (field.ty, uses(model, field));
        quote!(#ty: #thread_safe #(+ #uses)*)
    });
    extended(model, params.chain(fields))
}

/// What `impl Versioned` does with a field.
fn uses(model: &Model<'_>, field: &Field<'_>) -> Vec<TokenStream> {
    let (krate, private) = (&model.krate, model.krate.private());
    let mut uses = Vec::new();
    if field.role() == Some(Role::Id) {
        uses.push(quote!(#krate::ModelId));
    }
    if field.is_content() && field.is_kept() && field.attrs.hash_with.is_none() {
        uses.push(quote!(#krate::Content));
    }
    if field.is_merged() {
        uses.push(quote!(#private::PartialEq + #private::Clone));
    }
    match field.merge() {
        MergeAttr::Max => uses.push(quote!(#private::PartialOrd)),
        MergeAttr::Union => uses.push(quote!(#krate::MergeUnion)),
        _ if field.is_the_servers() => uses.push(quote!(#private::Clone)),
        _ => {}
    }
    uses
}

/// The bounds of `impl Patch`.
pub(super) fn of_patch(model: &Model<'_>) -> Option<WhereClause> {
    let private = model.krate.private();
    let params = model.type_params().map(|param| quote!(#param: 'static));
    let fields = generic_fields(model).filter(|field| field.is_patched()).map(|field| {
        let ty = field.ty;
        quote!(#ty: #private::Send + 'static)
    });
    extended(model, params.chain(fields))
}

/// The bounds of the inherent methods.
pub(super) fn of_methods(model: &Model<'_>) -> Option<WhereClause> {
    let (krate, private) = (&model.krate, model.krate.private());
    let links = numbered(model).map(|Numbered { number, link, .. }| {
        let parent = &link.parent;
        quote!(#private::LinkTo<#number, Parent = #parent>)
    });
    let is_versioned = model.is_generic().then(|| quote!(Self: #krate::Versioned #(+ #links)*));
    extended(model, is_versioned.into_iter())
}

/// The bounds of the impl that stands in for a wrong one: what the trait demands, as far as it is not sure.
pub(crate) fn of_fallback(model: &Model<'_>) -> Option<WhereClause> {
    let private = model.krate.private();
    let bound = model.is_generic().then(|| quote!(Self: #private::Send + #private::Sync + 'static));
    extended(model, bound.into_iter())
}

fn generic_fields<'m, 'a>(model: &'m Model<'a>) -> impl Iterator<Item = &'m Field<'a>> {
    model.fields.iter().filter(|field| model.type_params().any(|param| mentions(field.ty, param)))
}

/// Whether the type names this parameter.
pub(super) fn mentions(ty: &Type, param: &Ident) -> bool {
    fn any(tokens: TokenStream, param: &Ident) -> bool {
        tokens.into_iter().any(|token| match token {
            TokenTree::Ident(ident) => ident == *param,
            TokenTree::Group(group) => any(group.stream(), param),
            TokenTree::Punct(_) | TokenTree::Literal(_) => false,
        })
    }
    any(ty.to_token_stream(), param)
}

fn extended(model: &Model<'_>, bounds: impl Iterator<Item = TokenStream>) -> Option<WhereClause> {
    let mut clause = model.generics.where_clause.clone();
    for bound in bounds {
        let predicate: WherePredicate = parse_quote!(#bound);
        let empty = || WhereClause { where_token: syn::token::Where::default(), predicates: Punctuated::new() };
        clause.get_or_insert_with(empty).predicates.push(predicate);
    }
    clause
}
