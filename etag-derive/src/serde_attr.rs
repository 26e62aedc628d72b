//! What serde's attributes say of the serialised form. Serde reports the mistakes in them.

mod case;

pub(crate) use self::case::{Case, snake_case};

use proc_macro2::Span;
use syn::{Attribute, LitStr, Meta, Token, ext::IdentExt as _, meta::ParseNestedMeta, token::Paren};

/// Calls `each` for every argument of the `#[serde(...)]` attributes, as far as they can be read.
fn for_each_arg(attributes: &[Attribute], mut each: impl FnMut(&str, &ParseNestedMeta<'_>) -> syn::Result<()>) {
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("serde")) {
        let Meta::List(list) = &attribute.meta else { continue };
        // An error here is one that serde reports too.
        let _ = list.parse_nested_meta(|meta| {
            let name = meta.path.get_ident().map(|name| name.unraw().to_string()).unwrap_or_default();
            each(&name, &meta)?;
            skip_rest(&meta)
        });
    }
}

fn skip_rest(meta: &ParseNestedMeta<'_>) -> syn::Result<()> {
    while !meta.input.is_empty() && !meta.input.peek(Token![,]) {
        meta.input.parse::<proc_macro2::TokenTree>()?;
    }
    Ok(())
}

/// A name for each direction: `rename = "a"` and `rename(serialize = "a", deserialize = "b")`.
#[derive(Clone, Default)]
pub(crate) struct Renames {
    serialize: Option<LitStr>,
    deserialize: Option<LitStr>,
}

impl Renames {
    fn read(&mut self, meta: &ParseNestedMeta<'_>) -> syn::Result<()> {
        if !meta.input.peek(Paren) {
            let name: LitStr = meta.value()?.parse()?;
            *self = Self { serialize: Some(name.clone()), deserialize: Some(name) };
            return Ok(());
        }
        meta.parse_nested_meta(|direction| {
            let name = direction.value()?.parse()?;
            if direction.path.is_ident("serialize") {
                self.serialize = Some(name);
            } else {
                self.deserialize = Some(name);
            }
            Ok(())
        })
    }
}

/// What stands on a struct, enum or variant.
#[derive(Default)]
pub(crate) struct SerdeContainer {
    renames: Renames,
    rename_all: Renames,
    rename_all_fields: Renames,
    pub(crate) is_transparent: bool,
    pub(crate) default: Option<Span>,
    /// The attributes by which the serialised form is not that of the fields.
    pub(crate) detours: Vec<(String, Span)>,
}

impl SerdeContainer {
    pub(crate) fn read(attributes: &[Attribute]) -> Self {
        let mut serde = Self::default();
        for_each_arg(attributes, |name, meta| {
            match name {
                "rename" => return serde.renames.read(meta),
                "rename_all" => return serde.rename_all.read(meta),
                "rename_all_fields" => return serde.rename_all_fields.read(meta),
                "default" => serde.default = Some(syn::spanned::Spanned::span(&meta.path)),
                "transparent" | "untagged" | "into" | "from" | "try_from" => {
                    serde.is_transparent |= name == "transparent";
                    serde.detours.push((name.to_owned(), syn::spanned::Spanned::span(&meta.path)));
                }
                _ => {}
            }
            Ok(())
        });
        serde
    }

    /// The cases of the fields in here, for both directions; those of the enum stand where a variant has none.
    pub(crate) fn field_cases(&self, of_enum: Option<&Self>) -> Cases {
        let whole = of_enum.map(|whole| Cases::of(&whole.rename_all_fields)).unwrap_or_default();
        Cases::of(&self.rename_all).or(whole)
    }

    /// The serialised name of a variant with these attributes.
    pub(crate) fn variant_name(&self, variant: &syn::Ident, of_enum: &Self) -> String {
        let plain = variant.unraw().to_string();
        match &self.renames.serialize {
            Some(name) => name.value(),
            None => Cases::of(&of_enum.rename_all).serialize.map_or(plain.clone(), |case| case.of_variant(&plain)),
        }
    }
}

/// A case for each direction.
#[derive(Clone, Copy, Default)]
pub(crate) struct Cases {
    serialize: Option<Case>,
    deserialize: Option<Case>,
}

impl Cases {
    fn of(renames: &Renames) -> Self {
        let case = |name: &Option<LitStr>| name.as_ref().and_then(|name| Case::named(&name.value()));
        Self { serialize: case(&renames.serialize), deserialize: case(&renames.deserialize) }
    }

    fn or(self, other: Self) -> Self {
        Self { serialize: self.serialize.or(other.serialize), deserialize: self.deserialize.or(other.deserialize) }
    }
}

/// What stands on a field.
#[derive(Default)]
pub(crate) struct SerdeField {
    renames: Renames,
    pub(crate) skip_serializing: Option<Span>,
    pub(crate) skip_deserializing: Option<Span>,
    pub(crate) skip_serializing_if: Option<Span>,
    pub(crate) flatten: Option<Span>,
    pub(crate) default: Option<Span>,
    /// `with` and its halves: the field's form is not that of its type.
    pub(crate) with: Option<Span>,
}

impl SerdeField {
    pub(crate) fn read(attributes: &[Attribute]) -> Self {
        let mut serde = Self::default();
        for_each_arg(attributes, |name, meta| {
            let span = Some(syn::spanned::Spanned::span(&meta.path));
            match name {
                "rename" => return serde.renames.read(meta),
                "skip" => (serde.skip_serializing, serde.skip_deserializing) = (span, span),
                "skip_serializing" => serde.skip_serializing = span,
                "skip_deserializing" => serde.skip_deserializing = span,
                "skip_serializing_if" => serde.skip_serializing_if = span,
                "flatten" => serde.flatten = span,
                "default" => serde.default = span,
                "with" | "serialize_with" | "deserialize_with" => serde.with = span,
                _ => {}
            }
            Ok(())
        });
        serde
    }

    /// The names under which the field is written and read.
    pub(crate) fn names(&self, field: &syn::Ident, cases: Cases) -> Names {
        let plain = field.unraw().to_string();
        let name = |renamed: &Option<LitStr>, case: Option<Case>| match renamed {
            Some(name) => name.value(),
            None => case.map_or(plain.clone(), |case| case.of_field(&plain)),
        };
        Names {
            serialized: name(&self.renames.serialize, cases.serialize),
            deserialized: name(&self.renames.deserialize, cases.deserialize),
        }
    }
}

/// The names of one field.
pub(crate) struct Names {
    pub(crate) serialized: String,
    pub(crate) deserialized: String,
}
