//! A part of a model as what is hashed of it.

use quote::format_ident;
use syn::{Data, DeriveInput, ExprPath, Fields, Ident, Member, Type};

use crate::{
    attr::{ContainerAttrs, ContentFieldAttrs},
    errors::Errors,
    paths::Krate,
    place::Place,
    serde_attr::{Cases, SerdeContainer, SerdeField},
};

/// A `#[derive(Content)]` type.
pub(super) struct Input<'a> {
    pub(super) krate: Krate,
    pub(super) body: Body<'a>,
}

pub(super) enum Body<'a> {
    Struct(Shape<'a>),
    Enum(Vec<Variant<'a>>),
}

pub(super) struct Variant<'a> {
    pub(super) ident: &'a Ident,
    pub(super) name: String,
    pub(super) shape: Shape<'a>,
}

/// How the parts stand together.
pub(super) enum Shape<'a> {
    Unit,
    /// One value, hashed as if it stood alone.
    Transparent(Vec<Part<'a>>),
    List(Vec<Part<'a>>),
    /// In the order of the serialised names.
    Record(Vec<Part<'a>>),
}

/// A field that is hashed.
pub(super) struct Part<'a> {
    pub(super) member: Member,
    pub(super) binding: Ident,
    pub(super) name: String,
    pub(super) ty: &'a Type,
    pub(super) hash_with: Option<ExprPath>,
}

impl<'a> Input<'a> {
    pub(super) fn from_ast(input: &'a DeriveInput, errors: &mut Errors) -> Self {
        let attrs = ContainerAttrs::read(&input.attrs, errors);
        let serde = SerdeContainer::read(&input.attrs);
        Self { krate: Krate::new(attrs.krate.as_ref()), body: Body::from_ast(input, &serde, errors) }
    }
}

impl<'a> Body<'a> {
    fn from_ast(input: &'a DeriveInput, serde: &SerdeContainer, errors: &mut Errors) -> Self {
        match &input.data {
            Data::Struct(data) => {
                let shape = Shape::from_ast(&data.fields, serde.field_cases(None), errors);
                Self::Struct(if serde.is_transparent { shape.transparent() } else { shape })
            }
            Data::Enum(data) => {
                let variants = data.variants.iter();
                Self::Enum(variants.map(|variant| Variant::from_ast(variant, serde, errors)).collect())
            }
            Data::Union(data) => {
                errors.on(data.union_token, "which field of a union is there can't be told; write a struct or an enum");
                Self::Enum(Vec::new())
            }
        }
    }
}

impl<'a> Variant<'a> {
    fn from_ast(variant: &'a syn::Variant, of_enum: &SerdeContainer, errors: &mut Errors) -> Self {
        for attribute in variant.attrs.iter().filter(|attribute| attribute.path().is_ident("versioned")) {
            errors.on(attribute.path(), "a variant takes no attributes; put `hash_with` on its field");
        }
        let serde = SerdeContainer::read(&variant.attrs);
        let shape = Shape::from_ast(&variant.fields, serde.field_cases(Some(of_enum)), errors);
        Self { ident: &variant.ident, name: serde.variant_name(&variant.ident, of_enum), shape }
    }
}

impl<'a> Shape<'a> {
    fn from_ast(fields: &'a Fields, cases: Cases, errors: &mut Errors) -> Self {
        let members = fields.members().zip(fields).enumerate();
        let parts = members.filter_map(|(index, (member, field))| Part::from_ast(index, member, field, cases, errors));
        let mut parts: Vec<_> = parts.collect();
        match fields {
            Fields::Unit => Self::Unit,
            Fields::Unnamed(unnamed) if unnamed.unnamed.len() == 1 && parts.len() == 1 => Self::Transparent(parts),
            Fields::Unnamed(_) => Self::List(parts),
            Fields::Named(_) => {
                parts.sort_by(|left, right| left.name.cmp(&right.name));
                check_names_are_unique(&parts, errors);
                Self::Record(parts)
            }
        }
    }

    /// Serde's `transparent`: the one field that is not skipped, as if it stood alone.
    fn transparent(self) -> Self {
        match self {
            Self::Record(parts) | Self::List(parts) if parts.len() == 1 => Self::Transparent(parts),
            other => other,
        }
    }

    pub(super) fn parts(&self) -> &[Part<'a>] {
        match self {
            Self::Unit => &[],
            Self::Transparent(parts) | Self::List(parts) | Self::Record(parts) => parts,
        }
    }
}

fn check_names_are_unique(parts: &[Part<'_>], errors: &mut Errors) {
    for pair in parts.windows(2).filter(|pair| pair[0].name == pair[1].name) {
        let name = &pair[1].name;
        errors.on(&pair[1].member, format!("another field is serialised as \"{name}\" already; rename one"));
    }
}

impl<'a> Part<'a> {
    fn from_ast(
        index: usize,
        member: Member,
        field: &'a syn::Field,
        cases: Cases,
        errors: &mut Errors,
    ) -> Option<Self> {
        let attrs = ContentFieldAttrs::read(&field.attrs, errors);
        let serde = SerdeField::read(&field.attrs);
        if serde.skip_serializing.is_some() {
            if let Some(path) = &attrs.hash_with {
                errors.on(path, "a field that isn't serialised isn't hashed; remove `hash_with`");
            }
            return None;
        }
        let name = field.ident.as_ref().map(|ident| serde.names(ident, cases).serialized).unwrap_or_default();
        let binding = format_ident!("__{index}", span = Place::of(&field.ty).span());
        Some(Self { member, binding, name, ty: &field.ty, hash_with: attrs.hash_with })
    }
}
