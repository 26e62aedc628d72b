//! Where the compiler points when generated code meets a type that can't do what it must.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote_spanned};

/// A stretch of the user's source. Generated tokens that stand there keep the names of the generated code, so that
/// `self` means the same in a struct that a `macro_rules!` wrote.
#[derive(Clone, Copy)]
pub(crate) struct Place {
    start: Span,
    end: Span,
}

impl Place {
    pub(crate) fn of(tokens: &impl ToTokens) -> Self {
        let (mut start, mut end) = (None, Span::call_site());
        for token in tokens.to_token_stream() {
            start.get_or_insert_with(|| first(&token));
            end = token.span();
        }
        let here = |span: Span| Span::call_site().located_at(span);
        Self { start: here(start.unwrap_or(end)), end: here(end) }
    }

    /// The place of a token.
    pub(crate) fn at(span: Span) -> Self {
        let here = Span::call_site().located_at(span);
        Self { start: here, end: here }
    }

    pub(crate) fn span(self) -> Span {
        self.start
    }

    /// `&owner.field`, from the first token of this place to its last.
    pub(crate) fn borrow(self, owner: &str, field: &Ident) -> TokenStream {
        let owner = Ident::new(owner, self.start);
        let mut field = field.clone();
        field.set_span(field.span().located_at(self.end));
        quote_spanned!(self.start=> &#owner.#field)
    }

    /// The same tokens, as if they stood at this place.
    pub(crate) fn hold(self, tokens: TokenStream) -> TokenStream {
        let held = tokens.into_iter().map(|mut token| {
            token.set_span(token.span().located_at(self.start));
            token
        });
        held.collect()
    }
}

/// A type from a `macro_rules!` comes in a group without delimiters, whose own place is the macro.
fn first(token: &TokenTree) -> Span {
    match token {
        TokenTree::Group(group) if group.delimiter() == proc_macro2::Delimiter::None => {
            group.stream().into_iter().next().map_or(group.span(), |token| first(&token))
        }
        other => other.span(),
    }
}
