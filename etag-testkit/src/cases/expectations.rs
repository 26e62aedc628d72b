//! Every expectation on every verb, on what is there and on what is not (rules S1, S2).

use etag_core::{Batch, Comparison, Epoch, ErrorKind, Expectation, Head, Item, Key, Revision, TagPlan};

use crate::{
    Backend,
    documents::{Shape, check, create, delete, matching, matching_any, put, update, weakened},
    trial::Trial,
};

/// A demand, and what it is answered with where the resource is there and where it is not.
struct Demand {
    expectation: Expectation,
    there: Option<ErrorKind>,
    absent: Option<ErrorKind>,
}

fn demand(expectation: Expectation, there: Option<ErrorKind>, absent: Option<ErrorKind>) -> Demand {
    Demand { expectation, there, absent }
}

/// A resource in its second state, and what its first one was known by.
struct Subject {
    key: Key,
    before: Head,
    now: Head,
}

async fn subject(trial: &Trial, id: &str) -> Subject {
    let key = trial.note(id);
    let before = trial.write(create(&key, "first")).await;
    let now = trial.write(update(&key, "second")).await;
    Subject { key, before, now }
}

const MET: Option<ErrorKind> = None;
const STALE: Option<ErrorKind> = Some(ErrorKind::Stale);
const NOT_FOUND: Option<ErrorKind> = Some(ErrorKind::NotFound);
const ALREADY_EXISTS: Option<ErrorKind> = Some(ErrorKind::AlreadyExists);

fn demands(Subject { before, now, .. }: &Subject) -> Vec<Demand> {
    let weak = weakened(&now.tag);
    let tags = matching_any;
    vec![
        demand(Expectation::Unconditional, MET, MET),
        demand(Expectation::Absent, ALREADY_EXISTS, MET),
        demand(Expectation::Exists, MET, NOT_FOUND),
        demand(matching(&now.tag), MET, NOT_FOUND),
        demand(matching(&before.tag), STALE, NOT_FOUND),
        demand(tags(&[], Comparison::Strong), STALE, NOT_FOUND),
        demand(tags(&[&before.tag, &now.tag], Comparison::Strong), MET, NOT_FOUND),
        demand(tags(&[&weak], Comparison::Strong), STALE, NOT_FOUND),
        demand(tags(&[&weak], Comparison::Weak), MET, NOT_FOUND),
        demand(tags(&[&weak], Comparison::Identical), STALE, NOT_FOUND),
        demand(tags(&[&now.tag], Comparison::Identical), MET, NOT_FOUND),
        demand(tags(&[&weakened(&before.tag)], Comparison::Weak), STALE, NOT_FOUND),
        demand(Expectation::At(now.revision), MET, NOT_FOUND),
        demand(Expectation::At(before.revision), STALE, NOT_FOUND),
        demand(Expectation::At(of_another_epoch(now.revision)), STALE, NOT_FOUND),
        demand(Expectation::Unedited(now.edited), MET, NOT_FOUND),
        demand(Expectation::Unedited(before.edited), STALE, NOT_FOUND),
        demand(Expectation::LeftBy(0), STALE, NOT_FOUND),
    ]
}

fn of_another_epoch(revision: Revision) -> Revision {
    let mut epoch = revision.epoch().to_bytes();
    epoch[0] ^= 1;
    Revision::new(Epoch::from_bytes(epoch), revision.sequence())
}

/// Tries an item under each demand on a resource that is there and on one that is not.
async fn try_each(backend: &dyn Backend, item: fn(&Key, Expectation) -> Item, needs: Needs) {
    let trial = Trial::on(backend).await;
    for index in 0..demands(&subject(&trial, "sample").await).len() {
        let there = subject(&trial, &format!("there-{index}")).await;
        let Demand { expectation, there: expected, .. } = demands(&there).swap_remove(index);
        try_one(&trial, item(&there.key, expectation), expected, Some(&there.now)).await;

        let absent = trial.note(&format!("absent-{index}"));
        let Demand { expectation, absent: expected, .. } = demands(&there).swap_remove(index);
        let expected = if needs == Needs::AResource { expected.or(NOT_FOUND) } else { expected };
        try_one(&trial, item(&absent, expectation), expected, None).await;
    }
}

/// What there must be for a verb whatever its item demands.
#[derive(PartialEq, Eq)]
enum Needs {
    Nothing,
    AResource,
}

/// A refusal leaves the state as it was, and tells of it.
async fn try_one(trial: &Trial, item: Item, expected: Option<ErrorKind>, before: Option<&Head>) {
    let (key, expectation) = (item.key().clone(), item.expectation().clone());
    let wrote = !matches!(item, Item::Check(_));
    match (trial.commit(Batch::new().with(item)).await, expected) {
        (Ok(_), None) => {
            let is_as_before = trial.find(&key).await.as_ref() == before;
            assert_ne!(is_as_before, wrote, "{key} under {expectation:?}");
        }
        (Err(error), Some(kind)) => {
            assert_eq!(error.kind(), kind, "{key} under {expectation:?}");
            let conflict = &error.conflicts()[0];
            assert_eq!((&conflict.key, &conflict.expectation), (&key, &expectation));
            assert_eq!(conflict.met.as_ref(), before);
            assert_eq!(trial.find(&key).await.as_ref(), before, "{key} under {expectation:?}");
        }
        (Ok(_), Some(kind)) => panic!("{key} under {expectation:?} should be {kind:?}, and was done"),
        (Err(error), None) => panic!("{key} under {expectation:?} should be done, and is {error}"),
    }
}

pub(crate) async fn a_put_happens_only_where_its_expectation_is_met(backend: &dyn Backend) {
    try_each(backend, |key, expectation| put(key, "third", expectation).into(), Needs::Nothing).await;
}

pub(crate) async fn a_delete_happens_only_where_its_expectation_is_met(backend: &dyn Backend) {
    try_each(backend, |key, expectation| delete(key, expectation).into(), Needs::AResource).await;
}

pub(crate) async fn a_check_holds_only_where_its_expectation_is_met(backend: &dyn Backend) {
    try_each(backend, |key, expectation| check(key, expectation).into(), Needs::Nothing).await;
}

pub(crate) async fn a_tag_is_good_for_one_write(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let note = trial.note("1");
    let tag = trial.write(create(&note, "a")).await.tag;
    trial.write(put(&note, "b", matching(&tag))).await;
    assert!(trial.refused(put(&note, "c", matching(&tag))).await.is_stale());
    assert!(trial.refused(delete(&note, matching(&tag))).await.is_stale());
    assert!(trial.text(&note).await.contains("\"b\""));
}

/// A tag that was weak when it was given says too little for a write (RFC 9110 §13.1.1).
pub(crate) async fn a_weak_tag_of_the_state_itself_matches_weakly_only(backend: &dyn Backend) {
    let trial = Trial::on(backend).await;
    let note = trial.note("1");
    let tag = trial.write(create(&note, "a").tagged_by(TagPlan::LastModified)).await.tag;
    assert!(tag.as_bytes().starts_with(b"W/"));
    assert!(trial.refused(put(&note, "b", matching(&tag))).await.is_stale());
    trial.write(put(&note, "b", matching_any(&[&tag], Comparison::Weak))).await;
}
