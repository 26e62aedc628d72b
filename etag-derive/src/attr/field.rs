//! The attributes of a field of a `#[derive(Versioned)]` struct.

use proc_macro2::Span;
use syn::{Attribute, Expr, ExprPath};

use super::{
    LinkAttr, Spanned,
    arg::{Arg, args_of, listed},
    model::STRUCT_ATTRS,
    nearest::nearest,
};
use crate::errors::Errors;

pub(crate) const FIELD_ATTRS: &[&str] =
    &["id", "created", "modified", "revision", "etag", "derived", "parent", "exclude", "include", "hash_with", "merge"];

const MERGE_RULES: &[&str] = &["reject", "ours", "theirs", "union", "max"];

/// What a field's attributes say.
#[derive(Default)]
pub(crate) struct FieldAttrs {
    /// Each role that the field is given; more than one is a mistake.
    pub(crate) roles: Vec<Spanned<Role>>,
    pub(crate) link: Option<LinkAttr>,
    pub(crate) exclude: Option<Span>,
    pub(crate) include: Option<Span>,
    pub(crate) hash_with: Option<Spanned<ExprPath>>,
    pub(crate) merge: Option<Spanned<MergeAttr>>,
    /// Whether something could not be read, so that what is missing may only be misspelt.
    pub(crate) has_unread: bool,
}

/// What a field is for, where it isn't plain data.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Id,
    Created,
    Modified,
    Revision,
    ETag,
    Derived,
}

impl Role {
    /// As it is written.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Created => "created",
            Self::Modified => "modified",
            Self::Revision => "revision",
            Self::ETag => "etag",
            Self::Derived => "derived",
        }
    }

    pub(crate) fn is_stamp(self) -> bool {
        !matches!(self, Self::Id | Self::Derived)
    }
}

/// How two edits of a field merge.
pub(crate) enum MergeAttr {
    Reject,
    Ours,
    Theirs,
    Union,
    Max,
    Custom(ExprPath),
}

impl FieldAttrs {
    pub(crate) fn read(attributes: &[Attribute], errors: &mut Errors) -> Self {
        let args = args_of(attributes, errors);
        let mut attrs = Self { has_unread: args.has_unread, ..Self::default() };
        for arg in &args.list {
            if let Err(error) = attrs.take(arg, errors) {
                attrs.has_unread = true;
                errors.push(error);
            }
        }
        attrs
    }

    fn take(&mut self, arg: &Arg, errors: &mut Errors) -> syn::Result<()> {
        match arg.name.to_string().as_str() {
            "id" => self.give(Role::Id, arg)?,
            "created" => self.give(Role::Created, arg)?,
            "modified" => self.give(Role::Modified, arg)?,
            "revision" => self.give(Role::Revision, arg)?,
            "etag" => self.give(Role::ETag, arg)?,
            "derived" => self.give(Role::Derived, arg)?,
            "parent" => self.link = Some(LinkAttr::read(arg, errors)?),
            "exclude" => self.exclude = Some(arg.flag()?),
            "include" => self.include = Some(arg.flag()?),
            "hash_with" => self.hash_with = Some(Spanned::new(arg.path("hash_with = path::to::function")?, arg.span())),
            "merge" => self.merge = Some(Spanned::new(merge(arg)?, arg.span())),
            _ => return Err(arg.unknown(FIELD_ATTRS, (STRUCT_ATTRS, "the struct, not on a field"))),
        }
        Ok(())
    }

    fn give(&mut self, role: Role, arg: &Arg) -> syn::Result<()> {
        self.roles.push(Spanned::new(role, arg.flag()?));
        Ok(())
    }
}

fn merge(arg: &Arg) -> syn::Result<MergeAttr> {
    let example = "merge = union";
    let Expr::Path(path) = arg.expr(example)? else {
        let wrong = format!("not a merge rule; write one of {}, or the path of a function", listed(MERGE_RULES));
        return Err(syn::Error::new_spanned(arg.expr(example)?, wrong));
    };
    let Some(word) = path.path.get_ident() else { return Ok(MergeAttr::Custom(path.clone())) };
    match word.to_string().as_str() {
        "reject" => Ok(MergeAttr::Reject),
        "ours" => Ok(MergeAttr::Ours),
        "theirs" => Ok(MergeAttr::Theirs),
        "union" => Ok(MergeAttr::Union),
        "max" => Ok(MergeAttr::Max),
        other => match nearest(other, MERGE_RULES) {
            Some(near) => Err(misspelt_rule(path, other, near)),
            None => Ok(MergeAttr::Custom(path.clone())),
        },
    }
}

fn misspelt_rule(path: &ExprPath, word: &str, near: &str) -> syn::Error {
    let message =
        format!("unknown merge rule `{word}`; did you mean `{near}`? a function of that name is `self::{word}`");
    syn::Error::new_spanned(path, message)
}
