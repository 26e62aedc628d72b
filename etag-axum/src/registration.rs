//! Whether what was registered can work.

use std::collections::HashSet;

use etag_core::{Comparison, Dialect, DigestRule, Model, Validator};

use crate::{
    api::Registration,
    resource::{Methods, Settings},
};

/// Panics with what is wrong and what would be right.
pub(crate) fn check(registrations: &[Registration], dialect: &Dialect) {
    let mut collections = HashSet::new();
    let mut schemas = HashSet::new();
    for Registration { model, settings, schema } in registrations {
        let model = model.description();
        let Model { name, collection, .. } = model;
        assert!(collections.insert(collection), "`{name}` is the second resource of the collection {collection:?}");
        for described in schema.names() {
            assert!(
                !schemas.contains(&described),
                "`{name}` is the second model with the schema name {described:?}; give one of them another with \
                 `#[schema(as = ...)]`"
            );
            schemas.insert(described);
        }
        assert!(
            is_path_segment(collection),
            "the collection {collection:?} of `{name}` is part of paths; use letters, digits, `-`, `_` and `.`"
        );
        check_page_size(model, settings);
        if settings.methods == Methods::All {
            check_can_be_written(model, dialect);
        }
    }
}

fn is_path_segment(text: &str) -> bool {
    let is_unreserved = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~');
    !text.is_empty() && text.bytes().all(is_unreserved)
}

fn check_page_size(model: &Model, settings: &Settings) {
    let (name, page) = (model.name, settings.page_size);
    assert!(
        (1..=page.max).contains(&page.default),
        "the page sizes of `{name}` are {} and at most {}; the first must be at least 1 and not above the second",
        page.default,
        page.max
    );
}

fn check_can_be_written(model: &Model, dialect: &Dialect) {
    let name = model.name;
    let never_matches =
        model.validator == Validator::Digest(DigestRule::Weak) && dialect.comparison != Comparison::Weak;
    assert!(
        !never_matches,
        "`{name}` has `validator = digest(weak)`, whose tags never match If-Match in the dialect {:?}; choose a dialect \
         that compares weakly, or make the resource `read_only()`",
        dialect.name
    );
    assert!(
        model.validator != Validator::Opaque,
        "`{name}` has an opaque validator, whose tags only the server that made them can change; make the resource \
         `read_only()`"
    );
}
