use quote::quote;
use syn::DeriveInput;

use super::versioned;

fn expanded(input: proc_macro2::TokenStream) -> String {
    let input: DeriveInput = syn::parse2(input).unwrap();
    versioned(&input).to_string()
}

fn is_refused(input: proc_macro2::TokenStream) -> bool {
    expanded(input).contains("compile_error")
}

#[test]
fn odd_parents_make_no_panic() {
    let parents = [
        quote!(Self, touch = none),
        quote!(Crate, touch = none),
        quote!(r#type, touch = none),
        quote!((A, B), touch = none),
        quote!([u8; 4], touch = none),
        quote!(some::path::Board<u8>, touch = none),
        quote!(dyn Board, touch = none),
        quote!(<A as B>::C, touch = none),
        quote!(Board, touch = none, name = "r#type"),
        quote!(Board, touch = none, name = " spaced "),
    ];
    for parent in parents {
        expanded(quote! {
            #[versioned(collection = "tasks")]
            struct Task { #[versioned(id)] id: u64, #[versioned(parent(#parent))] parent: u64 }
        });
    }
}

#[test]
fn odd_arguments_of_links_are_mistakes() {
    let arguments = [
        quote!(touch),
        quote!(touch = ),
        quote!(touch = some::path),
        quote!(touch = none()),
        quote!(touch(none)),
        quote!(touch = none, lock = 1),
        quote!(touch = none, on_delete("cascade")),
        quote!(touch = none, cascade),
        quote!(touch = none touch = none),
        quote!(touch = content, on_delete = cascade, cascade = unseen),
    ];
    for arguments in arguments {
        let text = arguments.to_string();
        let model = quote! {
            #[versioned(collection = "tasks")]
            struct Task { #[versioned(id)] id: u64, #[versioned(parent(Board, #arguments))] parent: u64 }
        };
        assert!(is_refused(model), "{text}");
    }
}

#[test]
fn odd_names_make_no_panic() {
    assert!(!is_refused(quote! {
        #[versioned(collection = "tasks", patch(name = r#type))]
        struct r#struct { #[versioned(id)] r#fn: u64, r#match: u8, ünï: u8 }
    }));
    assert!(is_refused(quote!(
        struct Empty {}
    )));
}

#[test]
fn odd_attributes_are_mistakes() {
    let attributes = [
        quote!(#[versioned]),
        quote!(#[versioned(,)]),
        quote!(#[versioned("collection")]),
        quote!(#[versioned(collection = )]),
        quote!(#[versioned(collection = "a" "b")]),
        quote!(#[versioned(collection("a"))]),
        quote!(#[versioned(collection = "a", validator = digest(weak, keyed))]),
        quote!(#[versioned(collection = "a", validator(digest))]),
        quote!(#[versioned(collection = "a", schema = 4294967296)]),
        quote!(#[versioned(collection = "a", schema = -1)]),
        quote!(#[versioned(collection = "a", patch())]),
        quote!(#[versioned(collection = "a", patch(derive(1)))]),
        quote!(#[versioned(collection = "a", patch(name = a::b))]),
        quote!(#[versioned(collection = "")]),
        quote!(#[versioned(collection = "-a")]),
    ];
    for attribute in attributes {
        let text = attribute.to_string();
        assert!(is_refused(quote!(#attribute struct Task { #[versioned(id)] id: u64 })), "{text}");
    }
}

#[test]
fn odd_attributes_of_serde_are_left_to_serde() {
    assert!(!is_refused(quote! {
        #[versioned(collection = "tasks")]
        #[serde(rename_all = "wrongCase", deny_unknown_fields, tag = "type", what = 1 + 2, rename(serialize = 3))]
        struct Task {
            #[versioned(id)]
            #[serde(default = "zero", alias = "key")]
            id: u64,
            #[serde]
            #[serde(= 1)]
            #[serde(rename)]
            title: String,
        }
    }));
}
