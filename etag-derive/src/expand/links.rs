//! The links to parents: their description and the methods that read the parents.

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use syn::ext::IdentExt as _;

use crate::{
    ast::{Field, Model},
    attr::LinkAttr,
    place::Place,
};

/// What the other parts read of the links, each under its number: a parent that is no model, or a field that can't hold
/// its id, is an error here and nowhere else.
pub(crate) fn impls(model: &Model<'_>) -> TokenStream {
    let (ident, private) = (model.ident, model.krate.private());
    let (impl_generics, ty_generics, where_clause) = model.generics.split_for_impl();
    let impls = numbered(model).map(|(number, field)| {
        let (member, ty) = (field.ident, field.ty);
        let parent = field.attrs.link.as_ref().map(|link| &link.parent);
        let check = Place::of(&parent).hold(quote!(#private::Linked));
        quote! {
            #[automatically_derived]
            #[allow(deprecated)]
            impl #impl_generics #private::LinkTo<#number> for #ident #ty_generics #where_clause {
                type Parent = #parent;
                type Field = #ty;
                type Check = #check;
                fn field(&self) -> &Self::Field {
                    &self.#member
                }
            }
        }
    });
    impls.collect()
}

pub(super) fn descriptions(model: &Model<'_>) -> impl Iterator<Item = TokenStream> {
    let (krate, private) = (&model.krate, model.krate.private());
    numbered(model).map(move |(number, field)| {
        let member = &field.names.serialized;
        let name = field.attrs.link.as_ref().map(|link| link.name().unraw().to_string());
        quote! {
            #krate::Link {
                name: #name,
                parent: #private::model_of_parent::<Self, #number>,
                field: #member,
                presence: #private::presence_of_parent::<Self, #number>(),
                touch: #krate::Touch::None,
            }
        }
    })
}

/// A generic method for each link: it is compiled where it is called, and nowhere else.
pub(super) fn accessors(model: &Model<'_>) -> impl Iterator<Item = TokenStream> {
    let named_once = model.accessors();
    numbered(model)
        .filter(move |(_, field)| named_once.contains(&field.ident))
        .map(|(number, field)| accessor(model, &number, field))
}

fn accessor(model: &Model<'_>, number: &Literal, field: &Field<'_>) -> TokenStream {
    let (vis, krate, private) = (model.vis, &model.krate, model.krate.private());
    let name = field.attrs.link.as_ref().map(LinkAttr::name);
    let parent = field.attrs.link.as_ref().map(|link| &link.parent);
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

fn numbered<'m, 'a>(model: &'m Model<'a>) -> impl Iterator<Item = (Literal, &'m Field<'a>)> {
    model.links().enumerate().map(|(number, field)| (Literal::usize_unsuffixed(number), field))
}
