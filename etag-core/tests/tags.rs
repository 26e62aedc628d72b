//! The tag that a store keeps and the tag that the world sees.

use std::time::{Duration, UNIX_EPOCH};

use etag_core::{ChangeRule, ContentDigest, ETag, Epoch, Model, Revision, StoredTag, Strength, TagPlan, Validator};

const fn model(validator: Validator, representation: u32) -> Model {
    Model {
        name: "Note",
        collection: "notes",
        representation,
        schema: 1,
        validator,
        fields: &[],
        links: &[],
        changes: ChangeRule::NONE,
    }
}

static FIRST: Model = model(Validator::Revision, 1);
static SECOND: Model = model(Validator::Revision, 2);
static TWENTIETH: Model = model(Validator::Revision, 20);
static OPAQUE: Model = model(Validator::Opaque, 3);

fn revision_tag(sequence: u64) -> StoredTag {
    TagPlan::Revision.tag(Revision::new(Epoch::from_bytes([1, 2, 3, 4, 5, 6]), sequence), UNIX_EPOCH)
}

fn etag(text: &str) -> ETag {
    text.parse().unwrap()
}

#[test]
fn the_forms_of_tags_are_pinned() {
    let digest = TagPlan::Digest { digest: ContentDigest::from_bytes([0xAB; 16]), strength: Strength::Weak };
    let at = UNIX_EPOCH + Duration::from_micros(1_234_567);
    let revision = Revision::new(Epoch::from_bytes([0; 6]), 0);
    assert_eq!(FIRST.publish(&revision_tag(42)), etag("\"r1.AQIDBAUG.42\""));
    assert_eq!(SECOND.publish(&digest.tag(revision, at)), etag("W/\"d2.q6urq6urq6urq6urq6urqw\""));
    assert_eq!(FIRST.publish(&TagPlan::LastModified.tag(revision, at)), etag("W/\"m1.1234567\""));
}

#[test]
fn a_published_tag_is_accepted_back() {
    for sequence in [0, 1, 9, 10, u64::MAX] {
        let stored = revision_tag(sequence);
        for model in [&FIRST, &SECOND, &TWENTIETH] {
            assert_eq!(model.stored(&model.publish(&stored)), Some(stored.clone()));
        }
    }
}

#[test]
fn another_representation_has_other_tags_and_accepts_none_of_the_former() {
    let stored = revision_tag(42);
    assert_ne!(FIRST.publish(&stored), SECOND.publish(&stored));
    assert_eq!(SECOND.stored(&FIRST.publish(&stored)), None);
    assert_eq!(SECOND.stored(&TWENTIETH.publish(&stored)), None);
    assert_eq!(TWENTIETH.stored(&SECOND.publish(&stored)), None);
}

#[test]
fn a_tag_in_its_stored_form_is_not_accepted_from_outside() {
    assert_eq!(FIRST.stored(&etag("\"r.AQIDBAUG.42\"")), None);
    assert_eq!(FIRST.stored(&etag("\"\"")), None);
    assert_eq!(FIRST.stored(&etag("\"r\"")), None);
    assert_eq!(FIRST.stored(&etag("\"r1\"")), None);
}

#[test]
fn weakness_survives_both_ways() {
    let weak = etag("W/\"r1.AQIDBAUG.42\"");
    assert_eq!(FIRST.stored(&weak).map(|stored| FIRST.publish(&stored)), Some(weak));
}

#[test]
fn an_opaque_tag_is_published_as_it_came() {
    for text in ["\"\"", "\"x,y\"", "W/\"JzEtVGFzayAgQEBA\"", "\"r1.AQIDBAUG.42\""] {
        let stored = OPAQUE.stored(&etag(text)).unwrap();
        assert_eq!(OPAQUE.publish(&stored), etag(text));
    }
}

#[test]
fn a_revision_is_read_back_from_its_tag() {
    let revision = revision_tag(77).revision().unwrap();
    assert_eq!((revision.epoch().to_bytes(), revision.sequence()), ([1, 2, 3, 4, 5, 6], 77));
    assert_eq!(OPAQUE.stored(&etag("\"r.AQ\"")).unwrap().revision(), None);
}

#[test]
fn tags_of_this_project_never_hold_the_coding_mark() {
    assert!(!FIRST.publish(&revision_tag(u64::MAX)).as_bytes().contains(&b'~'));
}
