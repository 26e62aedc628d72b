//! `parent(Board, touch = none, name = "owner")`: a field's link to a parent.

use proc_macro2::{Span, TokenStream};
use syn::{
    Ident, Token, Type, TypePath,
    ext::IdentExt as _,
    parse::{ParseStream, Parser as _},
};

use super::arg::{Arg, Args};
use crate::{errors::Errors, serde_attr::snake_case};

const EXAMPLE: &str = "parent(Board, touch = none)";

/// A link as it is declared.
pub(crate) struct LinkAttr {
    pub(crate) parent: Type,
    name: Option<Ident>,
}

impl LinkAttr {
    /// The link; `None` where its arguments hold mistakes, which are then noted.
    pub(super) fn read(arg: &Arg, errors: &mut Errors) -> syn::Result<Option<Self>> {
        let (parent, rest) = split_parent.parse2(arg.list(EXAMPLE)?).map_err(|_| no_parent(arg))?;
        let args = Args::within(rest, errors);
        let touch = args.list.iter().find(|arg| arg.is("touch"));
        if touch.is_none() && !args.has_unread {
            errors.on(&arg.name, "how a write touches the parent must be spelled: add `touch = none`");
        }
        let mut link = Self { parent, name: None };
        for arg in &args.list {
            let read = link.take(arg);
            errors.absorb(read);
        }
        Ok(Some(link))
    }

    fn take(&mut self, arg: &Arg) -> syn::Result<()> {
        match arg.name.to_string().as_str() {
            "touch" => only_none(arg),
            "name" => {
                self.name = Some(link_name(arg)?);
                Ok(())
            }
            other @ ("on_delete" | "lock") => {
                Err(arg.error(format!("`{other}` is not supported yet; remove it, and keep `touch = none`")))
            }
            _ => Err(arg.unknown(&["touch", "name"], (&[], ""))),
        }
    }

    /// The name that the author gave, or the parent's in snake case.
    pub(crate) fn name(&self) -> Ident {
        self.name.clone().unwrap_or_else(|| parent_name(&self.parent))
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

fn only_none(arg: &Arg) -> syn::Result<()> {
    let value = arg.expr("touch = none")?;
    let is_none = matches!(value, syn::Expr::Path(path) if path.path.is_ident("none"));
    let wrong = "this `touch` is not supported yet; write `touch = none`";
    if is_none { Ok(()) } else { Err(syn::Error::new_spanned(value, wrong)) }
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
