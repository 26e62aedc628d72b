//! The input as what it means: a model and its fields.

use syn::{Data, DeriveInput, Fields, GenericParam, Generics, Ident, Type, Visibility};

use crate::{
    attr::{FieldAttrs, LinkAttr, MergeAttr, ModelAttrs, Role, ValidatorAttr},
    errors::Errors,
    paths::Krate,
    serde_attr::{Names, SerdeContainer, SerdeField},
};

/// The methods that every model has: a link's functions can't have their names.
pub(crate) const RESERVED_METHODS: &[&str] =
    &["etag", "create_if_absent", "replace_if_match", "patch_if_match", "delete_if_match"];

/// A `#[derive(Versioned)]` struct.
pub(crate) struct Model<'a> {
    pub(crate) vis: &'a Visibility,
    pub(crate) ident: &'a Ident,
    pub(crate) generics: &'a Generics,
    pub(crate) attrs: ModelAttrs,
    pub(crate) serde: SerdeContainer,
    pub(crate) krate: Krate,
    pub(crate) fields: Vec<Field<'a>>,
}

impl<'a> Model<'a> {
    pub(crate) fn from_ast(input: &'a DeriveInput, errors: &mut Errors) -> Self {
        let attrs = ModelAttrs::read(&input.attrs, errors);
        let serde = SerdeContainer::read(&input.attrs);
        Self {
            vis: &input.vis,
            ident: &input.ident,
            generics: &input.generics,
            krate: Krate::new(attrs.krate.as_ref()),
            fields: fields_from_ast(input, &serde, errors),
            attrs,
            serde,
        }
    }

    pub(crate) fn validator(&self) -> ValidatorAttr {
        self.attrs.validator.value
    }

    pub(crate) fn id(&self) -> Option<&Field<'a>> {
        self.fields.iter().find(|field| field.is_id())
    }

    pub(crate) fn stamps(&self) -> impl Iterator<Item = &Field<'a>> {
        self.fields.iter().filter(|field| field.is_stamp())
    }

    pub(crate) fn derived(&self) -> impl Iterator<Item = &Field<'a>> {
        self.fields.iter().filter(|field| field.is_derived())
    }

    /// The links, without those of the fields that can't have one.
    pub(crate) fn links(&self) -> impl Iterator<Item = (&Field<'a>, &LinkAttr)> {
        let fields = self.fields.iter().filter(|field| !field.is_the_servers());
        fields.filter_map(|field| Some((field, field.attrs.link.as_ref()?)))
    }

    /// The fields whose links get functions: of several with one name, which is a mistake, the first.
    pub(crate) fn accessors(&self) -> Vec<&'a Ident> {
        let mut names: Vec<_> = RESERVED_METHODS.iter().map(ToString::to_string).collect();
        let mut are_new = |link: &LinkAttr| {
            let of_link = [link.name().to_string(), link.children_name().to_string()];
            let are_new = of_link.iter().all(|name| !names.contains(name));
            names.extend(of_link);
            are_new
        };
        self.links().filter(|(_, link)| are_new(link)).map(|(field, _)| field.ident).collect()
    }

    pub(crate) fn has_lifetimes(&self) -> bool {
        self.generics.lifetimes().next().is_some()
    }

    /// The fields that are content, hidden ones left out, in the order of their serialised names.
    pub(crate) fn content(&self) -> Vec<&Field<'a>> {
        self.sorted(|field| field.is_content() && field.is_serialised())
    }

    /// The fields that a digest tag covers, in the order of their serialised names.
    pub(crate) fn tagged(&self) -> Vec<&Field<'a>> {
        self.sorted(Field::is_tagged)
    }

    fn sorted(&self, is_in: impl Fn(&Field<'a>) -> bool) -> Vec<&Field<'a>> {
        let mut fields: Vec<_> = self.fields.iter().filter(|field| is_in(field)).collect();
        fields.sort_by(|left, right| left.names.serialized.cmp(&right.names.serialized));
        fields
    }

    pub(crate) fn patched(&self) -> impl Iterator<Item = &Field<'a>> {
        self.fields.iter().filter(|field| field.is_patched())
    }

    pub(crate) fn patch_ident(&self) -> Ident {
        let named = self.attrs.patch.name.clone();
        named.unwrap_or_else(|| quote::format_ident!("{}Patch", self.ident))
    }

    pub(crate) fn is_generic(&self) -> bool {
        !self.generics.params.is_empty()
    }

    pub(crate) fn type_params(&self) -> impl Iterator<Item = &'a Ident> {
        self.generics.params.iter().filter_map(|param| match param {
            GenericParam::Type(param) => Some(&param.ident),
            GenericParam::Lifetime(_) | GenericParam::Const(_) => None,
        })
    }
}

fn fields_from_ast<'a>(input: &'a DeriveInput, serde: &SerdeContainer, errors: &mut Errors) -> Vec<Field<'a>> {
    let Data::Struct(data) = &input.data else { return Vec::new() };
    let Fields::Named(named) = &data.fields else { return Vec::new() };
    named.named.iter().filter_map(|field| Field::from_ast(field, serde, errors)).collect()
}

/// A field of the model.
pub(crate) struct Field<'a> {
    pub(crate) vis: &'a Visibility,
    pub(crate) ident: &'a Ident,
    pub(crate) ty: &'a Type,
    pub(crate) attrs: FieldAttrs,
    pub(crate) serde: SerdeField,
    pub(crate) names: Names,
}

impl<'a> Field<'a> {
    fn from_ast(field: &'a syn::Field, container: &SerdeContainer, errors: &mut Errors) -> Option<Self> {
        let ident = field.ident.as_ref()?;
        let serde = SerdeField::read(&field.attrs);
        let names = serde.names(ident, container.field_cases(None));
        let attrs = FieldAttrs::read(&field.attrs, errors);
        Some(Self { vis: &field.vis, ident, ty: &field.ty, attrs, serde, names })
    }

    pub(crate) fn is_id(&self) -> bool {
        self.role() == Some(Role::Id)
    }

    /// What the field is for; `None` is data.
    pub(crate) fn role(&self) -> Option<Role> {
        self.attrs.roles.first().map(|role| role.value)
    }

    pub(crate) fn is_stamp(&self) -> bool {
        self.role().is_some_and(Role::is_stamp)
    }

    /// Whether the field is made of children's states.
    pub(crate) fn is_derived(&self) -> bool {
        self.role() == Some(Role::Derived)
    }

    /// Whether no client can write the field.
    pub(crate) fn is_the_servers(&self) -> bool {
        self.is_stamp() || self.is_derived()
    }

    pub(crate) fn is_data(&self) -> bool {
        self.role().is_none()
    }

    pub(crate) fn is_content(&self) -> bool {
        !self.is_the_servers()
    }

    pub(crate) fn is_serialised(&self) -> bool {
        self.serde.skip_serializing.is_none()
    }

    /// Whether the field is part of what is versioned, on the wire or hidden.
    pub(crate) fn is_kept(&self) -> bool {
        self.is_serialised() || self.attrs.include.is_some()
    }

    pub(crate) fn is_tagged(&self) -> bool {
        self.is_content() && self.is_kept() && self.attrs.exclude.is_none()
    }

    /// Whether a client may write the field, by a patch too.
    pub(crate) fn is_patched(&self) -> bool {
        self.is_data() && self.is_serialised() && self.serde.skip_deserializing.is_none()
    }

    pub(crate) fn is_merged(&self) -> bool {
        self.is_data() && self.is_kept()
    }

    pub(crate) fn merge(&self) -> &MergeAttr {
        self.attrs.merge.as_ref().map_or(&MergeAttr::Reject, |rule| &rule.value)
    }
}
