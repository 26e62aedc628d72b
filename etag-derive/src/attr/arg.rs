//! The grammar of all our attributes: a list of `name`, `name = value` and `name(arguments)`.

use proc_macro2::{Span, TokenStream, TokenTree};
use syn::{
    Attribute, Expr, ExprLit, ExprPath, Ident, Lit, LitInt, LitStr, Meta, Path, Token,
    ext::IdentExt as _,
    parse::{Parse, ParseStream, Parser as _},
    token::Paren,
};

use super::{Spanned, nearest::hint};
use crate::errors::Errors;

/// One argument of an attribute.
pub(crate) struct Arg {
    pub(crate) name: Ident,
    value: Value,
}

enum Value {
    None,
    Equals(Expr),
    List(TokenStream),
}

impl Parse for Arg {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let name = Ident::parse_any(input)
            .map_err(|error| syn::Error::new(error.span(), "expected the name of an attribute"))?;
        let value = if input.peek(Token![=]) {
            Value::Equals(value_after_equals(&name, input)?)
        } else if input.peek(Paren) {
            let content;
            syn::parenthesized!(content in input);
            Value::List(content.parse()?)
        } else {
            Value::None
        };
        Ok(Self { name, value })
    }
}

fn value_after_equals(name: &Ident, input: ParseStream<'_>) -> syn::Result<Expr> {
    let equals: Token![=] = input.parse()?;
    if input.is_empty() || input.peek(Token![,]) {
        return Err(syn::Error::new_spanned(equals, format!("expected a value after `{name} =`")));
    }
    input.parse().map_err(|error: syn::Error| syn::Error::new(error.span(), format!("expected the value of `{name}`")))
}

/// The arguments of all `#[versioned(...)]` among `attributes`, without those that repeat an earlier one.
pub(crate) fn args_of(attributes: &[Attribute], errors: &mut Errors) -> Args {
    let mut args = Args::default();
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("versioned")) {
        match &attribute.meta {
            Meta::List(list) => args.read(list.tokens.clone(), errors),
            meta => {
                args.has_unread = true;
                errors.on(meta, "`versioned` takes a list: write `#[versioned(...)]`");
            }
        }
    }
    args
}

/// The arguments that could be read, and whether some could not.
#[derive(Default)]
pub(crate) struct Args {
    pub(crate) list: Vec<Arg>,
    pub(crate) has_unread: bool,
}

impl Args {
    /// The arguments in the parentheses of an argument.
    pub(crate) fn within(tokens: TokenStream, errors: &mut Errors) -> Self {
        let mut args = Self::default();
        args.read(tokens, errors);
        args
    }

    fn read(&mut self, tokens: TokenStream, errors: &mut Errors) {
        let whole = |input: ParseStream<'_>| {
            while !input.is_empty() {
                match one(input) {
                    Ok(arg) => self.add(arg, errors),
                    Err(error) => {
                        self.has_unread = true;
                        errors.push(error);
                        skip_past_comma(input)?;
                    }
                }
            }
            Ok(())
        };
        whole.parse2(tokens).unwrap_or_else(|error| errors.push(error));
    }

    fn add(&mut self, arg: Arg, errors: &mut Errors) {
        if self.list.iter().any(|earlier| earlier.name == arg.name) {
            errors.on(&arg.name, format!("`{}` is given twice; remove one", arg.name));
        } else {
            self.list.push(arg);
        }
    }
}

fn one(input: ParseStream<'_>) -> syn::Result<Arg> {
    let arg = input.parse()?;
    if input.is_empty() {
        return Ok(arg);
    }
    match input.parse::<Token![,]>() {
        Ok(_) => Ok(arg),
        Err(error) => Err(syn::Error::new(error.span(), "expected a comma between attributes")),
    }
}

fn skip_past_comma(input: ParseStream<'_>) -> syn::Result<()> {
    while !input.is_empty() {
        if matches!(input.parse()?, TokenTree::Punct(punct) if punct.as_char() == ',') {
            break;
        }
    }
    Ok(())
}

impl Arg {
    pub(crate) fn span(&self) -> Span {
        self.name.span()
    }

    pub(crate) fn is(&self, name: &str) -> bool {
        self.name == name
    }

    /// The place of an argument that says all by being there.
    pub(crate) fn flag(&self) -> syn::Result<Span> {
        match &self.value {
            Value::None => Ok(self.span()),
            _ => Err(self.error(format!("`{0}` takes no value; write `{0}` alone", self.name))),
        }
    }

    pub(crate) fn expr(&self, example: &str) -> syn::Result<&Expr> {
        match &self.value {
            Value::Equals(value) => Ok(ungrouped(value)),
            _ => Err(self.error(format!("`{}` needs a value: `{example}`", self.name))),
        }
    }

    pub(crate) fn list(&self, example: &str) -> syn::Result<TokenStream> {
        match &self.value {
            Value::List(tokens) => Ok(tokens.clone()),
            _ => Err(self.error(format!("`{}` needs arguments: `{example}`", self.name))),
        }
    }

    pub(crate) fn text(&self, example: &str) -> syn::Result<LitStr> {
        match self.expr(example)? {
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Ok(text.clone()),
            other => Err(syn::Error::new_spanned(other, format!("`{}` is a text: `{example}`", self.name))),
        }
    }

    /// One of a few words, each of which means something.
    pub(crate) fn word<T: Copy>(&self, words: &[(&str, T)]) -> syn::Result<Spanned<T>> {
        let names: Vec<_> = words.iter().map(|(name, _)| *name).collect();
        let example = format!("{} = {}", self.name, names.first().unwrap_or(&""));
        let expr = self.expr(&example)?;
        let word = word(expr);
        let found = words.iter().find(|(name, _)| *name == word);
        let wrong = || syn::Error::new_spanned(expr, not_one_of(&self.name, &word, &names));
        found.map(|(_, value)| Spanned::new(*value, syn::spanned::Spanned::span(expr))).ok_or_else(wrong)
    }

    /// An integer from 1.
    pub(crate) fn number(&self) -> syn::Result<Spanned<u32>> {
        let example = format!("{} = 2", self.name);
        let expr = self.expr(&example)?;
        let number = match expr {
            Expr::Lit(ExprLit { lit: Lit::Int(number), .. }) => positive(number),
            _ => None,
        };
        let wrong = || syn::Error::new_spanned(expr, format!("`{}` is a whole number from 1: `{example}`", self.name));
        Ok(Spanned::new(number.ok_or_else(wrong)?, self.span()))
    }

    /// The path of a function.
    pub(crate) fn path(&self, example: &str) -> syn::Result<ExprPath> {
        match self.expr(example)? {
            Expr::Path(path) => Ok(path.clone()),
            other => {
                Err(syn::Error::new_spanned(other, format!("`{}` is the path of a function: `{example}`", self.name)))
            }
        }
    }

    /// The path of a crate or module.
    pub(crate) fn module(&self) -> syn::Result<Path> {
        match self.expr("crate = ::path::to::etag_core")? {
            Expr::Path(ExprPath { qself: None, path, .. }) => Ok(path.clone()),
            other => Err(syn::Error::new_spanned(other, "`crate` is a path: `crate = ::path::to::etag_core`")),
        }
    }

    /// The mistake of a name that is not among `known`; `elsewhere` are names that have another place.
    pub(crate) fn unknown(&self, known: &[&str], elsewhere: (&[&str], &str)) -> syn::Error {
        let name = self.name.to_string();
        let (others, place) = elsewhere;
        if others.contains(&name.as_str()) {
            return self.error(format!("`{name}` stands on {place}"));
        }
        let are = if known.len() == 1 { "is" } else { "are" };
        self.error(format!("unknown attribute `{name}`{} known here {are} {}", hint(&name, known), listed(known)))
    }

    pub(crate) fn error(&self, message: String) -> syn::Error {
        syn::Error::new_spanned(&self.name, message)
    }
}

/// The identifier that the expression is; empty for every other.
pub(super) fn word(expr: &Expr) -> String {
    match expr {
        Expr::Path(path) => path.path.get_ident().map(ToString::to_string).unwrap_or_default(),
        _ => String::new(),
    }
}

fn not_one_of(argument: &Ident, word: &str, names: &[&str]) -> String {
    let alternatives = if names.len() == 1 { "" } else { "one of " };
    format!("not a value of `{argument}`{} write {alternatives}{}", hint(word, names), listed(names))
}

/// What a `macro_rules!` passes on stands in a group that has no delimiters.
fn ungrouped(expr: &Expr) -> &Expr {
    match expr {
        Expr::Group(group) => ungrouped(&group.expr),
        other => other,
    }
}

fn positive(number: &LitInt) -> Option<u32> {
    number.base10_parse().ok().filter(|number| *number >= 1)
}

/// The names as words of a sentence.
pub(crate) fn listed(names: &[&str]) -> String {
    let quoted: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        None => String::new(),
    }
}
