//! `patch(name = Ident, derive(...))`: the name and the derives of the patch struct.

use proc_macro2::TokenStream;
use syn::{Expr, Ident, Path, Token, parse::Parser as _, punctuated::Punctuated};

use super::arg::{Arg, Args};
use crate::errors::Errors;

const EXAMPLE: &str = "patch(name = TaskChanges, derive(Clone, Debug))";

/// How the patch struct is to be written.
#[derive(Default)]
pub(crate) struct PatchAttrs {
    pub(crate) name: Option<Ident>,
    pub(crate) derives: Vec<Path>,
}

impl PatchAttrs {
    pub(super) fn read(arg: &Arg, errors: &mut Errors) -> syn::Result<Self> {
        let mut attrs = Self::default();
        let tokens = arg.list(EXAMPLE)?;
        if tokens.is_empty() {
            return Err(arg.error(format!("an empty `patch` says nothing; remove it, or write `{EXAMPLE}`")));
        }
        for arg in Args::within(tokens, errors).list {
            let read = attrs.take(&arg);
            errors.absorb(read);
        }
        Ok(attrs)
    }

    fn take(&mut self, arg: &Arg) -> syn::Result<()> {
        if arg.is("name") {
            self.name = Some(type_name(arg.expr("name = TaskChanges")?)?);
        } else if arg.is("derive") {
            self.derives = derives(arg.list("derive(Clone, Debug)")?)?;
        } else {
            return Err(arg.unknown(&["name", "derive"], (&[], "")));
        }
        Ok(())
    }

    pub(crate) fn derive(&self, name: &str) -> Option<&Path> {
        self.derives.iter().find(|path| path.segments.last().is_some_and(|last| last.ident == name))
    }

    pub(crate) fn is_serialised(&self) -> bool {
        self.derive("Serialize").is_some() || self.derive("Deserialize").is_some()
    }
}

fn type_name(expr: &Expr) -> syn::Result<Ident> {
    let name = match expr {
        Expr::Path(path) => path.path.get_ident().cloned(),
        _ => None,
    };
    name.ok_or_else(|| syn::Error::new_spanned(expr, "the patch's name is an identifier: `name = TaskChanges`"))
}

fn derives(tokens: TokenStream) -> syn::Result<Vec<Path>> {
    let paths = Punctuated::<Path, Token![,]>::parse_terminated.parse2(tokens);
    let paths = paths
        .map_err(|error| syn::Error::new(error.span(), "expected the path of a derive macro, as in `derive(Clone)`"))?;
    Ok(paths.into_iter().collect())
}
