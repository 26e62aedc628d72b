//! The derive macros of `etag-core`.

mod ast;
mod attr;
mod check;
mod content;
mod errors;
mod expand;
mod fallback;
mod model_id;
mod paths;
mod place;
mod serde_attr;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

/// Versioned.
#[proc_macro_derive(Versioned, attributes(versioned))]
pub fn derive_versioned(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    expand::versioned(&input).into()
}

/// Content.
#[proc_macro_derive(Content, attributes(versioned))]
pub fn derive_content(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    content::expand(&input).into()
}

/// `ModelId`.
#[proc_macro_derive(ModelId, attributes(versioned))]
pub fn derive_model_id(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    model_id::expand(&input).into()
}
