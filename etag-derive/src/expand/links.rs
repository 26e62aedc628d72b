//! The links to parents: their description, and what is checked of them while the program is compiled.

use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};
use syn::{Type, WhereClause, ext::IdentExt as _};

use crate::{
    ast::{Field, Model},
    attr::{LinkAttr, LockAttr, OnDeleteAttr, TouchAttr},
    place::Place,
};

/// A link under the number that generated code knows it by.
pub(super) struct Numbered<'m, 'a> {
    pub(super) number: Literal,
    pub(super) field: &'m Field<'a>,
    pub(super) link: &'m LinkAttr,
}

pub(super) fn numbered<'m, 'a>(model: &'m Model<'a>) -> impl Iterator<Item = Numbered<'m, 'a>> {
    let links = model.links().enumerate();
    links.map(|(number, (field, link))| Numbered { number: Literal::usize_unsuffixed(number), field, link })
}

/// What the other parts read of the links: a parent that is no model, or a field that can't hold its id, is an error
/// here and nowhere else.
pub(crate) fn impls(model: &Model<'_>, where_clause: Option<&WhereClause>) -> TokenStream {
    let (ident, private) = (model.ident, model.krate.private());
    let (impl_generics, ty_generics, _) = model.generics.split_for_impl();
    let impls = numbered(model).map(|link| {
        let (number, member, ty, parent) = (&link.number, link.field.ident, link.field.ty, &link.link.parent);
        let check = Place::of(parent).hold(quote!(#private::Linked));
        let sound = model.is_generic().then(|| {
            let checks = checks(model, &link);
            quote!(const SOUND: () = { #(#checks;)* };)
        });
        quote! {
            #[automatically_derived]
            #[allow(deprecated)]
            impl #impl_generics #private::LinkTo<#number> for #ident #ty_generics #where_clause {
                type Parent = #parent;
                type Field = #ty;
                type Check = #check;
                #sound
                fn field(&self) -> &Self::Field {
                    &self.#member
                }
            }
        }
    });
    impls.collect()
}

/// The checks of all links, made where the model is declared. Those of a generic one are made where it is used.
pub(super) fn all_checks(model: &Model<'_>) -> TokenStream {
    let checks = numbered(model).filter(|_| !model.is_generic()).flat_map(|link| checks(model, &link));
    checks.map(|check| quote!(const _: () = #check;)).collect()
}

/// The rules that can't be told from the tokens, each checked at the place of what breaks it.
fn checks(model: &Model<'_>, Numbered { number, field, link }: &Numbered<'_, '_>) -> Vec<TokenStream> {
    let (ident, private) = (model.ident, model.krate.private());
    let (_, ty_generics, _) = model.generics.split_for_impl();
    let check = |name: &str, place: Place| {
        let check = format_ident!("{name}");
        place.hold(quote!(#private::#check::<#ident #ty_generics, #number>()))
    };
    let parent = Place::of(&link.parent);
    let circle = Some(check("check_circle", parent));
    let itself = field.is_id().then(|| check("check_not_itself", parent));
    let touch = link.touch.filter(|touch| touch.value != TouchAttr::None);
    let touch = touch.map(|touch| check("check_touch", Place::at(touch.span)));
    let detach = link.on_delete.filter(|on_delete| on_delete.value == OnDeleteAttr::Detach);
    let detach = detach.map(|on_delete| check("check_detach", Place::at(on_delete.span)));
    let derive = link.derive.as_ref().map(|derive| check("check_derive", Place::at(derive.span)));
    [circle, itself, touch, detach, derive].into_iter().flatten().collect()
}

/// `type Lineage`. A link of a model to itself makes no circle of models.
pub(super) fn lineage(model: &Model<'_>) -> TokenStream {
    let others = model.links().map(|(_, link)| &link.parent).filter(|parent| !is_self(model, parent));
    others.fold(quote!(()), |others, parent| quote!((#parent, #others)))
}

fn is_self(model: &Model<'_>, parent: &Type) -> bool {
    match parent {
        Type::Group(group) => is_self(model, &group.elem),
        Type::Path(path) => path.path.is_ident("Self") || path.path.is_ident(model.ident),
        _ => false,
    }
}

pub(super) fn descriptions(model: &Model<'_>) -> impl Iterator<Item = TokenStream> {
    let (krate, private) = (&model.krate, model.krate.private());
    numbered(model).map(move |Numbered { number, field, link }| {
        let (name, member) = (link.name().unraw().to_string(), &field.names.serialized);
        let cardinality = format_ident!("{}", if field.is_id() { "One" } else { "Many" });
        let (rule, derive) = (rule(model, link), derive(model, link));
        quote!(#private::link::<Self, #number>(#name, #member, #krate::Cardinality::#cardinality, #rule, #derive))
    })
}

fn rule(model: &Model<'_>, link: &LinkAttr) -> TokenStream {
    let krate = &model.krate;
    let touch = match link.touch.map(|touch| touch.value) {
        Some(TouchAttr::Content) => quote!(Content),
        Some(TouchAttr::Structure) => quote!(Structure),
        Some(TouchAttr::Derived) => quote!(Derived),
        Some(TouchAttr::None) | None => quote!(None),
    };
    let lock = match link.lock.map(|lock| lock.value) {
        Some(LockAttr::Own) => quote!(Own),
        Some(LockAttr::Family) | None => quote!(Family),
    };
    let on_delete = match link.on_delete.map(|on_delete| on_delete.value) {
        Some(OnDeleteAttr::Cascade) => quote!(Cascade),
        Some(OnDeleteAttr::Detach) => quote!(Detach),
        Some(OnDeleteAttr::Restrict) | None => quote!(Restrict),
    };
    let derives = format_ident!("{}", if link.derive.is_some() { "Fields" } else { "Nothing" });
    quote! {
        #krate::LinkRule {
            touch: #krate::Touch::#touch,
            lock: #krate::Lock::#lock,
            on_delete: #krate::OnDelete::#on_delete,
            derives: #krate::Derives::#derives,
        }
    }
}

/// The author's function over documents. A wrong type of it is an error at its path.
fn derive(model: &Model<'_>, link: &LinkAttr) -> TokenStream {
    let private = model.krate.private();
    let Some(path) = link.derive.as_ref().map(|derive| &derive.value) else { return quote!(#private::Option::None) };
    let (child, parent) = (quote!(Self), &link.parent);
    let call = Place::of(path).hold(quote!(#private::derive::<#child, #parent>));
    quote! {
        #private::Option::Some(|__parent, __before, __after| #call(#path, __parent, __before, __after))
    }
}

/// `fn parents`: which parents a value has.
pub(super) fn parents(model: &Model<'_>) -> Option<TokenStream> {
    let (krate, private) = (&model.krate, model.krate.private());
    let keys = numbered(model).map(|Numbered { number, .. }| quote!(#private::key_of_parent::<Self, #number>(self)));
    let keys: Vec<_> = keys.collect();
    (!keys.is_empty()).then(|| {
        quote! {
            fn parents(&self) -> #krate::Parents {
                #private::parents(<Self as #krate::Versioned>::MODEL, &[#(#keys),*])
            }
        }
    })
}
