//! The functions of a link: one that reads the parent, and one that reads a parent's children.
//!
//! They are generic, so each is compiled where it is called and nowhere else.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{GenericArgument, PathArguments, Type, ext::IdentExt as _};

use super::links::{Numbered, numbered};
use crate::ast::Model;

pub(super) fn functions(model: &Model<'_>) -> impl Iterator<Item = TokenStream> {
    let named_once = model.accessors();
    let named_once = numbered(model).filter(move |link| named_once.contains(&link.field.ident));
    named_once.map(|link| {
        let parent = parent(model, &link);
        let children = if link.field.is_id() { child(model, &link) } else { children(model, &link) };
        quote!(#parent #children)
    })
}

fn parent(model: &Model<'_>, Numbered { number, field, link }: &Numbered<'_, '_>) -> TokenStream {
    let (vis, krate, private) = (model.vis, &model.krate, model.krate.private());
    let (name, parent) = (link.name(), &link.parent);
    let doc = format!(
        "Reads the parent that `{}` names; `None` where it names none, or one that is gone.",
        field.ident.unraw()
    );
    quote! {
        #[doc = #doc]
        ///
        /// # Errors
        /// `Undecodable` where its document can't be read, and faults of the store.
        #vis fn #name<'__a, __S>(
            &'__a self,
            store: &'__a __S,
        ) -> #private::BoxFuture<'__a, #private::Result<#private::Option<#krate::Snapshot<#parent>>, #krate::Error>>
        where
            __S: #private::StoreOfParent<Self, #number> + ?#private::Sized,
        {
            #private::StoreOfParent::find(store, self)
        }
    }
}

fn children(model: &Model<'_>, Numbered { number, field, link }: &Numbered<'_, '_>) -> TokenStream {
    let (vis, krate, private) = (model.vis, &model.krate, model.krate.private());
    let (name, id) = (link.children_name(), without_option(field.ty));
    let doc = format!(
        "Reads a page of those whose `{}` names this parent, in the order in which they were created; none where there \
         is no such parent.",
        field.ident.unraw()
    );
    quote! {
        #[doc = #doc]
        ///
        /// # Errors
        /// `Undecodable` where a document can't be read, and faults of the store.
        #vis fn #name<'__a, __S>(
            store: &'__a __S,
            id: &#id,
            after: #private::Option<#krate::Cursor>,
            limit: #private::usize,
        ) -> #private::BoxFuture<'__a, #private::Result<#krate::Page<#krate::Snapshot<Self>>, #krate::Error>>
        where
            __S: #private::StoreOfChildren<Self, #number, #id> + ?#private::Sized,
        {
            #private::StoreOfChildren::list(store, id, after, limit)
        }
    }
}

fn child(model: &Model<'_>, Numbered { number, field, link }: &Numbered<'_, '_>) -> TokenStream {
    let (vis, krate, private) = (model.vis, &model.krate, model.krate.private());
    let (name, id) = (link.children_name(), field.ty);
    quote! {
        /// Reads the only one that this parent can have, which has the parent's id; `None` where it has none.
        ///
        /// # Errors
        /// `Undecodable` where its document can't be read, and faults of the store.
        #vis fn #name<'__a, __S>(
            store: &'__a __S,
            id: &#id,
        ) -> #private::BoxFuture<'__a, #private::Result<#private::Option<#krate::Snapshot<Self>>, #krate::Error>>
        where
            __S: #private::StoreOfChildren<Self, #number, #id> + ?#private::Sized,
        {
            #private::StoreOfChildren::only(store, id)
        }
    }
}

/// The type of the parent's id, where the field may be without one.
fn without_option(ty: &Type) -> &Type {
    match ty {
        Type::Group(group) => without_option(&group.elem),
        Type::Path(path) => match path.path.segments.last() {
            Some(last) if last.ident == "Option" => only_argument(&last.arguments).unwrap_or(ty),
            _ => ty,
        },
        _ => ty,
    }
}

fn only_argument(arguments: &PathArguments) -> Option<&Type> {
    match arguments {
        PathArguments::AngleBracketed(arguments) => match arguments.args.first()? {
            GenericArgument::Type(ty) => Some(ty),
            _ => None,
        },
        _ => None,
    }
}
