//! `parent(Board, touch = content, on_delete = cascade)`: a field's link to a parent.

use proc_macro2::{Ident, Span, TokenStream};
use syn::{
    ExprPath, Token, Type, TypePath,
    ext::IdentExt as _,
    parse::{ParseStream, Parser as _},
};

use super::{
    Spanned,
    arg::{Arg, Args},
};
use crate::{errors::Errors, serde_attr::snake_case};

const EXAMPLE: &str = "parent(Board, touch = content)";

const LINK_ARGS: &[&str] = &["touch", "lock", "on_delete", "cascade", "derive", "name"];

const TOUCHES: &[(&str, TouchAttr)] = &[
    ("content", TouchAttr::Content),
    ("structure", TouchAttr::Structure),
    ("derived", TouchAttr::Derived),
    ("none", TouchAttr::None),
];

const LOCKS: &[(&str, LockAttr)] = &[("family", LockAttr::Family), ("own", LockAttr::Own)];

const ON_DELETES: &[(&str, OnDeleteAttr)] =
    &[("restrict", OnDeleteAttr::Restrict), ("cascade", OnDeleteAttr::Cascade), ("detach", OnDeleteAttr::Detach)];

/// A link as it is declared.
pub(crate) struct LinkAttr {
    pub(crate) parent: Type,
    /// `None` where it is missing or could not be read, which is a mistake that has been noted.
    pub(crate) touch: Option<Spanned<TouchAttr>>,
    pub(crate) lock: Option<Spanned<LockAttr>>,
    pub(crate) on_delete: Option<Spanned<OnDeleteAttr>>,
    /// The function by which fields of the parent follow the child.
    pub(crate) derive: Option<Spanned<ExprPath>>,
    /// The place of `cascade = unseen`.
    pub(crate) unseen: Option<Span>,
    /// Whether something could not be read, so that what is missing may only be misspelt.
    pub(crate) has_unread: bool,
    name: Option<Ident>,
}

/// What a child's write does to its parent's tag.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum TouchAttr {
    Content,
    Structure,
    Derived,
    None,
}

/// Whether a touch makes the parent's editors stale.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum LockAttr {
    Family,
    Own,
}

/// What a delete of the parent does to the child.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum OnDeleteAttr {
    Restrict,
    Cascade,
    Detach,
}

impl LinkAttr {
    /// The link; its arguments' mistakes are noted.
    pub(super) fn read(arg: &Arg, errors: &mut Errors) -> syn::Result<Self> {
        let (parent, rest) = split_parent.parse2(arg.list(EXAMPLE)?).map_err(|_| no_parent(arg))?;
        let args = Args::within(rest, errors);
        let mut link = Self::to(parent, args.has_unread);
        for arg in &args.list {
            let read = link.take(arg);
            link.has_unread |= read.is_err();
            errors.absorb(read);
        }
        if link.touch.is_none() && !link.has_unread {
            let why = "how a write touches the parent must be spelled: \
                       add `touch = content`, `touch = structure`, `touch = derived` or `touch = none`";
            errors.on(&arg.name, why);
        }
        Ok(link)
    }

    fn to(parent: Type, has_unread: bool) -> Self {
        Self { parent, touch: None, lock: None, on_delete: None, derive: None, unseen: None, has_unread, name: None }
    }

    fn take(&mut self, arg: &Arg) -> syn::Result<()> {
        match arg.name.to_string().as_str() {
            "touch" => self.touch = Some(arg.word(TOUCHES)?),
            "lock" => self.lock = Some(Spanned::new(arg.word(LOCKS)?.value, arg.span())),
            "on_delete" => self.on_delete = Some(arg.word(ON_DELETES)?),
            "cascade" => self.unseen = arg.word(&[("unseen", arg.span())]).map(|word| Some(word.value))?,
            "derive" => self.derive = Some(Spanned::new(arg.path("derive = Board::follow_task")?, arg.span())),
            "name" => self.name = Some(link_name(arg)?),
            _ => return Err(arg.unknown(LINK_ARGS, (&[], ""))),
        }
        Ok(())
    }

    /// The name that the author gave, or the parent's in snake case.
    pub(crate) fn name(&self) -> Ident {
        self.name.clone().unwrap_or_else(|| parent_name(&self.parent))
    }

    pub(crate) fn touches(&self, touch: TouchAttr) -> bool {
        self.touch.is_some_and(|spelled| spelled.value == touch)
    }

    /// The place that says that the child goes with its parent.
    pub(crate) fn cascade(&self) -> Option<Span> {
        self.on_delete.filter(|on_delete| on_delete.value == OnDeleteAttr::Cascade).map(|on_delete| on_delete.span)
    }

    /// The name of the function that reads a parent's children.
    pub(crate) fn children_name(&self) -> Ident {
        quote::format_ident!("of_{}", self.name().unraw(), span = self.name().span())
    }
}

fn split_parent(input: ParseStream<'_>) -> syn::Result<(Type, TokenStream)> {
    let parent = input.parse()?;
    if !input.is_empty() {
        input.parse::<Token![,]>()?;
    }
    Ok((parent, input.parse()?))
}

fn no_parent(arg: &Arg) -> syn::Error {
    arg.error(format!("expected the type of the parent first: `{EXAMPLE}`"))
}

fn link_name(arg: &Arg) -> syn::Result<Ident> {
    let name = arg.text("name = \"owner\"")?;
    let wrong = "a link's name is also a method's: write an identifier, as in \"owner\"";
    name.parse().map_err(|_| syn::Error::new_spanned(name, wrong))
}

/// `TaskList` is `task_list`; a name that is a keyword becomes a raw identifier.
fn parent_name(parent: &Type) -> Ident {
    match parent {
        Type::Group(group) => parent_name(&group.elem),
        Type::Path(TypePath { path, .. }) => path.segments.last().map_or_else(unnamed, |last| method_name(&last.ident)),
        _ => unnamed(),
    }
}

fn method_name(parent: &Ident) -> Ident {
    let name = snake_case(&parent.unraw().to_string());
    let mut name =
        syn::parse_str(&name).or_else(|_| syn::parse_str(&format!("r#{name}"))).unwrap_or_else(|_| unnamed());
    name.set_span(parent.span());
    name
}

/// The link to a type without a name that could be a method's, as `Self`.
fn unnamed() -> Ident {
    Ident::new("parent", Span::call_site())
}
