//! The static description: `Versioned::MODEL`.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::ext::IdentExt as _;

use super::links;
use crate::{
    ast::{Field, Model},
    attr::{ChangesAttr, MergeAttr, Role, ValidatorAttr},
    check::Checked,
};

pub(super) fn expand(checked: &Checked<'_, '_>) -> TokenStream {
    let model = checked.model;
    let krate = &model.krate;
    let (name, collection) = (model.ident.unraw().to_string(), checked.collection);
    let (representation, schema) = (model.attrs.representation, model.attrs.schema);
    let (validator, ChangesAttr { keep, depth }) = (validator(model), model.attrs.changes);
    let fields = model.fields.iter().filter(|field| field.is_serialised()).map(|field| self::field(model, field));
    let links = links::descriptions(model);
    quote! {
        #krate::Model {
            name: #name,
            collection: #collection,
            representation: #representation,
            schema: #schema,
            validator: #validator,
            fields: &[#(#fields),*],
            links: &[#(#links),*],
            changes: #krate::ChangeRule { keep: #keep, depth: #depth },
        }
    }
}

fn validator(model: &Model<'_>) -> TokenStream {
    let krate = &model.krate;
    let kind = match model.validator() {
        ValidatorAttr::Revision | ValidatorAttr::Unread => quote!(Revision),
        ValidatorAttr::Digest => quote!(Digest(#krate::DigestRule::Whole)),
        ValidatorAttr::WeakDigest => quote!(Digest(#krate::DigestRule::Weak)),
        ValidatorAttr::KeyedDigest => quote!(Digest(#krate::DigestRule::Keyed)),
        ValidatorAttr::LastModified => quote!(LastModified),
        ValidatorAttr::Opaque => quote!(Opaque),
    };
    quote!(#krate::Validator::#kind)
}

fn field(model: &Model<'_>, field: &Field<'_>) -> TokenStream {
    let krate = &model.krate;
    let (name, rust_name) = (&field.names.serialized, field.ident.unraw().to_string());
    if field.is_data() && matches!(field.merge(), MergeAttr::Reject) && *name == rust_name {
        return quote!(#krate::ModelField::data(#name));
    }
    let role = format_ident!("{}", role(field));
    let merge = format_ident!("{}", merge_rule(field));
    quote! {
        #krate::ModelField {
            name: #name,
            rust_name: #rust_name,
            role: #krate::FieldRole::#role,
            merge: #krate::MergeRule::#merge,
        }
    }
}

fn role(field: &Field<'_>) -> &'static str {
    match field.role() {
        None => "Data",
        Some(Role::Id) => "Id",
        Some(Role::Created) => "Created",
        Some(Role::Modified) => "Modified",
        Some(Role::Revision) => "Revision",
        Some(Role::ETag) => "ETag",
        Some(Role::Derived) => "Derived",
    }
}

fn merge_rule(field: &Field<'_>) -> &'static str {
    match field.merge() {
        MergeAttr::Reject => "Reject",
        MergeAttr::Ours => "Ours",
        MergeAttr::Theirs => "Theirs",
        MergeAttr::Union => "Union",
        MergeAttr::Max => "Max",
        MergeAttr::Custom(_) => "Custom",
    }
}
