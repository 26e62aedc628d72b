//! The patch struct, which tells a field to set from one to leave.

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{Type, ext::IdentExt as _};

use super::bounds;
use crate::ast::{Field, Model};

pub(crate) fn patch(model: &Model<'_>) -> TokenStream {
    let (definition, default, apply) = (definition(model), default(model), apply(model));
    quote!(#definition #default #apply)
}

/// The patch struct as a type.
pub(crate) fn patch_type(model: &Model<'_>) -> TokenStream {
    let patch = model.patch_ident();
    let (_, ty_generics, _) = model.generics.split_for_impl();
    quote!(#patch #ty_generics)
}

fn definition(model: &Model<'_>) -> TokenStream {
    let (vis, ident, generics) = (model.vis, model.patch_ident(), model.generics);
    let where_clause = &generics.where_clause;
    let doc = format!("A patch of a `{}`: which fields to set; what is `None` stays as it is.", model.ident.unraw());
    let derives: Vec<_> = model.attrs.patch.derives.iter().filter(|path| !path.is_ident("Default")).collect();
    let derive = (!derives.is_empty()).then(|| quote!(#[derive(#(#derives),*)]));
    let fields = model.patched().map(|field| self::field(model, field));
    let unused = unused_params(model);
    quote! {
        #[doc = #doc]
        #derive
        #[allow(dead_code, missing_debug_implementations, missing_copy_implementations, reason = "the patch is there for who wants one")]
        #vis struct #ident #generics #where_clause { #(#fields,)* #unused }
    }
}

fn field(model: &Model<'_>, field: &Field<'_>) -> TokenStream {
    let (private, vis, ident) = (model.krate.private(), field.vis, field.ident);
    let ty = without_self(model, field.ty);
    let doc = format!("The new `{}`, where there is one.", field.ident.unraw());
    let serde = serde_attributes(model, field);
    quote!(#[doc = #doc] #serde #vis #ident: #private::Option<#ty>)
}

/// In a patch's own definition `Self` would be the patch.
fn without_self(model: &Model<'_>, ty: &Type) -> TokenStream {
    let ident = model.ident;
    let (_, ty_generics, _) = model.generics.split_for_impl();
    replace_self(ty.to_token_stream(), &quote!(#ident #ty_generics))
}

fn replace_self(tokens: TokenStream, with: &TokenStream) -> TokenStream {
    let replace = |token| match token {
        TokenTree::Ident(ident) if ident == "Self" => with.clone(),
        TokenTree::Group(group) => {
            let mut replaced = proc_macro2::Group::new(group.delimiter(), replace_self(group.stream(), with));
            replaced.set_span(group.span());
            TokenTree::Group(replaced).into()
        }
        other => other.into(),
    };
    tokens.into_iter().flat_map(replace).collect()
}

/// A member that is there, null or not, is a value to set; one that is not there is none.
fn serde_attributes(model: &Model<'_>, field: &Field<'_>) -> Option<TokenStream> {
    let derives = &model.attrs.patch;
    let (out, back) = (&field.names.serialized, &field.names.deserialized);
    let write = derives.derive("Serialize").map(|_| {
        let is_none = model.krate.text_of_private("Option::is_none");
        quote!(skip_serializing_if = #is_none,)
    });
    let read = derives.derive("Deserialize").map(|_| {
        let present = model.krate.text_of_private("present");
        quote!(default, deserialize_with = #present,)
    });
    derives.is_serialised().then(|| quote!(#[serde(#write #read rename(serialize = #out, deserialize = #back))]))
}

/// A parameter that no field of the patch mentions must be mentioned all the same.
fn unused_params(model: &Model<'_>) -> Option<TokenStream> {
    let params: Vec<_> = model.type_params().collect();
    let is_used = |param| model.patched().any(|field| bounds::mentions(field.ty, param));
    let private = model.krate.private();
    let skip = model.attrs.patch.is_serialised().then(|| quote!(#[serde(skip)]));
    (!params.iter().all(|param| is_used(param)))
        .then(|| quote!(#[doc(hidden)] #skip pub __params: #private::PhantomData<fn() -> (#(#params,)*)>,))
}

fn default(model: &Model<'_>) -> TokenStream {
    let (private, ident) = (model.krate.private(), model.patch_ident());
    let (impl_generics, ty_generics, where_clause) = model.generics.split_for_impl();
    let fields = model.patched().map(|field| field.ident);
    let unused = unused_params(model).map(|_| quote!(__params: #private::PhantomData,));
    quote! {
        #[automatically_derived]
        impl #impl_generics #private::Default for #ident #ty_generics #where_clause {
            fn default() -> Self {
                Self { #(#fields: #private::Option::None,)* #unused }
            }
        }
    }
}

fn apply(model: &Model<'_>) -> TokenStream {
    let (krate, private) = (&model.krate, model.krate.private());
    let (ident, patch) = (model.ident, model.patch_ident());
    let (impl_generics, ty_generics, _) = model.generics.split_for_impl();
    let where_clause = bounds::of_patch(model);
    let fields = model.patched().map(|field| {
        let name = field.ident;
        quote!(#private::set(&mut __value.#name, self.#name);)
    });
    quote! {
        #[automatically_derived]
        #[allow(deprecated)]
        impl #impl_generics #krate::Patch<#ident #ty_generics> for #patch #ty_generics #where_clause {
            fn apply(self, __value: &mut #ident #ty_generics) {
                #(#fields)*
            }
        }
    }
}
