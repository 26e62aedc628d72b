//! The attributes of a `#[derive(Versioned)]` struct.

use proc_macro2::Span;
use syn::{Attribute, Expr, ExprLit, ExprPath, Lit, LitStr, Path};

use super::{
    PatchAttrs, Spanned,
    arg::{Arg, Args, args_of, listed, word},
    field::FIELD_ATTRS,
    nearest::hint,
};
use crate::errors::Errors;

pub(crate) const STRUCT_ATTRS: &[&str] =
    &["collection", "validator", "representation", "schema", "upgrade", "validate", "changes", "patch", "crate"];

const VALIDATORS: &[&str] = &["revision", "digest", "digest(weak)", "digest(keyed)", "last_modified", "opaque"];

/// What the struct's attributes say.
pub(crate) struct ModelAttrs {
    pub(crate) collection: Option<LitStr>,
    pub(crate) validator: Spanned<ValidatorAttr>,
    pub(crate) representation: u32,
    pub(crate) schema: u32,
    pub(crate) upgrade: Option<Spanned<ExprPath>>,
    pub(crate) validate: Option<ExprPath>,
    pub(crate) changes: ChangesAttr,
    pub(crate) patch: PatchAttrs,
    pub(crate) krate: Option<Path>,
    /// Whether something could not be read, so that what is missing may only be misspelt.
    pub(crate) has_unread: bool,
}

/// How many changes are remembered, and to how many levels of members.
#[derive(Clone, Copy)]
pub(crate) struct ChangesAttr {
    pub(crate) keep: u16,
    pub(crate) depth: u8,
}

/// Where the model's tags come from.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum ValidatorAttr {
    Revision,
    Digest,
    WeakDigest,
    KeyedDigest,
    LastModified,
    Opaque,
    /// Given, but not to be understood: no rule that depends on it can tell right from wrong.
    Unread,
}

impl ModelAttrs {
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
            "collection" => self.collection = Some(collection(arg)?),
            "validator" => self.validator = validator(arg, errors),
            "representation" => self.representation = arg.number()?.value,
            "schema" => self.schema = arg.number()?.value,
            "upgrade" => self.upgrade = Some(Spanned::new(arg.path("upgrade = path::to::function")?, arg.span())),
            "validate" => self.validate = Some(arg.path("validate = path::to::function")?),
            "changes" => self.changes = changes(arg, errors)?,
            "patch" => self.patch = PatchAttrs::read(arg, errors)?,
            "crate" => self.krate = Some(arg.module()?),
            _ => return Err(arg.unknown(STRUCT_ATTRS, (FIELD_ATTRS, "a field, not on the struct"))),
        }
        Ok(())
    }
}

impl Default for ModelAttrs {
    fn default() -> Self {
        Self {
            collection: None,
            validator: Spanned::new(ValidatorAttr::Revision, Span::call_site()),
            representation: 1,
            schema: 1,
            upgrade: None,
            validate: None,
            changes: ChangesAttr { keep: 0, depth: 1 },
            patch: PatchAttrs::default(),
            krate: None,
            has_unread: false,
        }
    }
}

/// A collection is the first segment of its resources' paths, which is why its letters are few.
fn collection(arg: &Arg) -> syn::Result<LitStr> {
    let name = arg.text("collection = \"tasks\"")?;
    let text = name.value();
    let is_segment = text.starts_with(|first: char| first.is_ascii_lowercase() || first.is_ascii_digit())
        && text.chars().all(|each| each.is_ascii_lowercase() || each.is_ascii_digit() || "-_".contains(each));
    let wrong = "a collection is the first segment of a path: lower-case letters, digits, `-` and `_`, as in \"tasks\"";
    if is_segment { Ok(name) } else { Err(syn::Error::new_spanned(name, wrong)) }
}

/// `changes = 20` or `changes(keep = 20, depth = 3)`; none is the default, and is said by saying nothing.
fn changes(arg: &Arg, errors: &mut Errors) -> syn::Result<ChangesAttr> {
    let Ok(within) = arg.list(CHANGES_EXAMPLE) else { return Ok(ChangesAttr { keep: kept(arg)?, depth: 1 }) };
    let args = Args::within(within, errors);
    let (mut keep, mut depth) = (None, 1);
    for inner in &args.list {
        match inner.name.to_string().as_str() {
            "keep" => keep = Some(kept(inner)?),
            "depth" => depth = level_count(inner)?,
            _ => return Err(inner.unknown(&["keep", "depth"], (&[], ""))),
        }
    }
    let keep = keep.or(args.has_unread.then_some(1));
    let keep = keep.ok_or_else(|| arg.error(format!("how many changes are remembered? write `{CHANGES_EXAMPLE}`")))?;
    Ok(ChangesAttr { keep, depth })
}

const CHANGES_EXAMPLE: &str = "changes(keep = 20, depth = 3)";

fn kept(arg: &Arg) -> syn::Result<u16> {
    let (name, expr) = (&arg.name, arg.expr(&format!("{} = 20", arg.name))?);
    let wrong = |why: String| Err(syn::Error::new_spanned(expr, why));
    match whole_number(expr) {
        Some(0) => wrong("without `changes` none are remembered; leave it out".to_owned()),
        Some(number) => Ok(number),
        None => wrong(format!("`{name}` is a whole number from 1 to 65535: `{name} = 20`")),
    }
}

fn level_count(arg: &Arg) -> syn::Result<u8> {
    let expr = arg.expr("depth = 3")?;
    let depth = whole_number(expr).filter(|depth| *depth > 0);
    depth.ok_or_else(|| syn::Error::new_spanned(expr, "`depth` is a whole number from 1 to 255: `depth = 3`"))
}

fn whole_number<N: std::str::FromStr<Err: std::fmt::Display>>(expr: &Expr) -> Option<N> {
    match expr {
        Expr::Lit(ExprLit { lit: Lit::Int(number), .. }) => number.base10_parse().ok(),
        _ => None,
    }
}

fn validator(arg: &Arg, errors: &mut Errors) -> Spanned<ValidatorAttr> {
    let read = arg.expr("validator = revision").and_then(known_validator);
    errors.absorb(read).unwrap_or(Spanned::new(ValidatorAttr::Unread, arg.span()))
}

fn known_validator(expr: &Expr) -> syn::Result<Spanned<ValidatorAttr>> {
    let (name, rule) = match expr {
        Expr::Call(call) if call.args.len() == 1 => (&*call.func, call.args.first()),
        other => (other, None),
    };
    let kind = match (word(name).as_str(), rule.map(word).as_deref()) {
        ("revision", None) => ValidatorAttr::Revision,
        ("digest", None) => ValidatorAttr::Digest,
        ("digest", Some("weak")) => ValidatorAttr::WeakDigest,
        ("digest", Some("keyed")) => ValidatorAttr::KeyedDigest,
        ("last_modified", None) => ValidatorAttr::LastModified,
        ("opaque", None) => ValidatorAttr::Opaque,
        (name, _) => return Err(syn::Error::new_spanned(expr, unknown_validator(name))),
    };
    Ok(Spanned::new(kind, syn::spanned::Spanned::span(rule.unwrap_or(name))))
}

fn unknown_validator(name: &str) -> String {
    format!("not a validator{} write one of {}", hint(name, VALIDATORS), listed(VALIDATORS))
}
