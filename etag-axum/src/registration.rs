//! Whether what was registered can work.

use std::collections::{HashMap, HashSet};

use etag_core::{
    BothConditions, Cardinality, Comparison, ConditionPlacement, Dialect, DigestRule, IfUnchanged, Link, Model,
    OnDelete, TagOfAbsent, TagPlacement, Validator, Wildcard,
};

use crate::{
    api::Registration,
    settings::{Methods, Settings},
};

/// Panics with what is wrong and what would be right.
pub(crate) fn check(registrations: &[Registration], dialect: &Dialect) {
    check_dialect(dialect);
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
    check_families(registrations);
}

/// These routes are made for tags in headers, as the store makes them; they must not pass over what a dialect says else.
fn check_dialect(dialect: &Dialect) {
    let Dialect { name, codec, tag_placement, condition_placement, wildcard, .. } = dialect;
    let speaks_headers = *tag_placement == TagPlacement::Header && *condition_placement == ConditionPlacement::Headers;
    let is_as_stored = codec.is_as_stored() && dialect.if_unchanged == IfUnchanged::Keep;
    let is_in_order = *wildcard == Wildcard::Exists
        && dialect.both_conditions == BothConditions::InOrder
        && dialect.tag_of_absent == TagOfAbsent::Mismatch;
    assert!(
        speaks_headers && is_as_stored && is_in_order,
        "the dialect {name:?} has tags or conditions that the routes of `Api` don't speak; write its handlers with `Dialogue` \
         and `Exchange`, which speak every dialect"
    );
}

fn check_families(registrations: &[Registration]) {
    let mut paths = HashMap::new();
    let is_registered =
        |parent: &Model| registrations.iter().any(|other| other.model.description().collection == parent.collection);
    for Registration { model, settings, .. } in registrations {
        check_segments(model.description(), settings);
        if model.starts_with_parent() {
            check_starts_with_parent(model.description(), is_registered);
        }
        for link in model.description().links.iter().filter(|link| is_registered((link.parent)())) {
            check_path_below(model.description(), settings, link, &mut paths);
        }
    }
}

fn check_segments(model: &Model, settings: &Settings) {
    let name = model.name;
    for (link, segment) in &settings.segments {
        assert!(model.link(link).is_some(), "`nested({link:?}, ..)`: `{name}` has no link of this name");
        assert!(
            is_path_segment(segment),
            "the segment {segment:?} of `{name}` is part of paths; use letters, digits, `-`, `_` and `.`"
        );
    }
}

/// One path can't list the children of two links.
fn check_path_below(
    model: &'static Model,
    settings: &Settings,
    link: &Link,
    paths: &mut HashMap<(&'static str, String), String>,
) {
    let (parent, segment) = ((link.parent)(), settings.segment_of(model, link).to_owned());
    let of = format!("`{}` by its link {:?}", model.name, link.name);
    if let Some(other) = paths.insert((parent.collection, segment.clone()), of.clone()) {
        panic!(
            "`/{}/{{id}}/{segment}` would be both {other} and {of}; choose a segment for one of them with \
             `Resource::nested`",
            parent.collection
        );
    }
}

fn check_starts_with_parent(model: &Model, is_registered: impl Fn(&Model) -> bool) {
    let name = model.name;
    let Some(link) = model.links.iter().find(|link| link.cardinality == Cardinality::One) else {
        panic!("`{name}` can't start with a parent: its id is not the parent's; put the link on the field with the id");
    };
    assert!(
        link.rule.on_delete == OnDelete::Cascade,
        "`{name}` starts with its parent, so it goes with it: its link must say `on_delete = cascade`"
    );
    let parent = (link.parent)();
    assert!(
        is_registered(parent),
        "`{name}` starts with its parent, so the parent `{}` must be a resource, too",
        parent.name
    );
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
    let matches_weak = matches!(dialect.comparison, Comparison::Weak | Comparison::Identical);
    let never_matches = model.validator == Validator::Digest(DigestRule::Weak) && !matches_weak;
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
