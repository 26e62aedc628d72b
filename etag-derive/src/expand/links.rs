//! The links to parents: their description and the methods that read the parents.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::ext::IdentExt as _;

use crate::{
    ast::{Field, Model},
    attr::LinkAttr,
    place::Place,
};

pub(super) fn description(model: &Model<'_>, field: &Field<'_>) -> Option<TokenStream> {
    let (krate, private) = (&model.krate, model.krate.private());
    let link = field.attrs.link.as_ref()?;
    let (name, member) = (link.name().unraw().to_string(), &field.names.serialized);
    let parent = &link.parent;
    let holds = holds(model, field, link);
    Some(quote! {
        #krate::Link {
            name: #name,
            parent: #private::model_of::<#parent>,
            field: #member,
            presence: #holds::PRESENCE,
            touch: #krate::Touch::None,
        }
    })
}

/// The field's type as one that holds the parent's id; where it doesn't, the compiler points at it.
fn holds(model: &Model<'_>, field: &Field<'_>, link: &LinkAttr) -> TokenStream {
    let (krate, private) = (&model.krate, model.krate.private());
    let (ty, parent) = (field.ty, &link.parent);
    let place = Place::of(ty);
    quote_spanned!(place.span()=> <#ty as #private::HoldsId<<#parent as #krate::Versioned>::Id>>)
}

/// A generic method: it is compiled where it is called, and nowhere else.
pub(super) fn accessor(model: &Model<'_>, field: &Field<'_>) -> Option<TokenStream> {
    let (vis, krate, private) = (model.vis, &model.krate, model.krate.private());
    let link = field.attrs.link.as_ref()?;
    let (name, parent, member) = (link.name(), &link.parent, field.ident);
    let holds = holds(model, field, link);
    let doc =
        format!("Reads the parent that `{}` names; `None` where it names none, or one that is gone.", member.unraw());
    Some(quote! {
        #[doc = #doc]
        ///
        /// # Errors
        /// `Undecodable` where its document can't be read, and faults of the store.
        #vis fn #name<__S>(
            &self,
            store: &__S,
        ) -> impl #private::Future<Output = #private::Result<#private::Option<#krate::Snapshot<#parent>>, #krate::Error>> + #private::Send
        where
            __S: #private::StoreOf<#parent> + ?#private::Sized,
        {
            #private::StoreOf::<#parent>::find(store, #holds::id_held(&self.#member))
        }
    })
}
