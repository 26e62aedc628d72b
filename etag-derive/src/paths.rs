//! Where generated code finds what it names: always in full, so that no name of the user's can stand in the way (rule D4).

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::Path;

/// The path of `etag_core`, as the user's crate knows it.
pub(crate) struct Krate(TokenStream);

impl Krate {
    pub(crate) fn new(given: Option<&Path>) -> Self {
        Self(given.map_or_else(|| quote!(::etag_core), ToTokens::to_token_stream))
    }

    /// The module of what generated code alone may name.
    pub(crate) fn private(&self) -> TokenStream {
        let Self(krate) = self;
        quote!(#krate::__private)
    }

    /// The path of an item of the private module, as the text that serde's attributes want.
    pub(crate) fn text_of_private(&self, item: &str) -> String {
        let path: String = self.0.to_string().split_whitespace().collect();
        format!("{path}::__private::{item}")
    }
}

impl ToTokens for Krate {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.0.to_tokens(tokens);
    }
}
