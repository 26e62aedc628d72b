//! Touches by what is derived, and by nothing else of a child (rule F2).

use etag_core::{
    Batch, Comparison, Delete, Expectation, Item, StoreExt as _, StoredTag, TagMatch, Versioned as _, put_document,
};

use super::{
    Family,
    models::{Comment, Plan, Poll, Vote},
};
use crate::{
    Ability, Backend,
    trial::{has, touch_of},
};

/// A poll `q` of the plan.
struct Opinions(Family);

impl Opinions {
    async fn on(backend: &dyn Backend) -> Option<Self> {
        let family = Family::on(backend).await?;
        let poll = Poll { id: family.0.id("q"), plan_id: family.0.id("p"), voters: [].into() };
        family.0.store.create(&poll).await.expect("its id is new");
        Some(Self(family))
    }

    fn vote(&self, voter: &str, reason: &str) -> Item {
        let (id, poll_id) = (self.0.0.id("1"), self.0.0.id("q"));
        let vote = Vote { id, poll_id, voter: voter.into(), reason: reason.into() };
        self.0.put(&vote, Expectation::Unconditional).into()
    }

    fn comment(&self) -> Item {
        let comment = Comment { id: self.0.0.id("1"), poll_id: self.0.0.id("q") };
        put_document(&*self.0.0.store, &comment, Expectation::Absent).expect("it can be written").into()
    }

    /// Does something to a vote; tells who has voted then, and whether that touched the poll and its plan.
    async fn after(&self, item: Item) -> (Vec<String>, bool) {
        let (poll, plan) = (Poll::key_of(&self.0.0.id("q")), Plan::key_of(&self.0.0.id("p")));
        let before = [self.0.0.tag(&poll).await, self.0.0.tag(&plan).await];
        let done = self.0.0.done(Batch::new().with(item)).await;
        let after = [self.0.0.tag(&poll).await, self.0.0.tag(&plan).await];
        let is_touched = before[0] != after[0];
        assert_eq!(before[1] != after[1], is_touched, "a plan is touched with its poll");
        if is_touched {
            let told = [touch_of(&done, &poll).after.clone(), touch_of(&done, &plan).after.clone()];
            assert_eq!(told, after.map(Some));
        } else {
            assert!(done.touched.is_empty(), "{:?}", done.touched);
        }
        (self.voters().await, is_touched)
    }

    async fn voters(&self) -> Vec<String> {
        let poll = self.0.0.store.get::<Poll>(&self.0.0.id("q")).await.expect("it was created");
        poll.voters.values().cloned().collect()
    }

    async fn own_part(&self) -> StoredTag {
        self.0.0.tag(&Poll::key_of(&self.0.0.id("q"))).await.own_part()
    }
}

pub(crate) async fn a_child_touches_by_what_is_derived_alone_where_its_link_says_so(backend: &dyn Backend) {
    let Some(opinions) = Opinions::on(backend).await else { return };
    let ada = vec!["ada".to_owned()];
    assert_eq!(opinions.after(opinions.vote("ada", "x")).await, (ada.clone(), true));
    assert_eq!(opinions.after(opinions.vote("ada", "y")).await, (ada, false));
    assert_eq!(opinions.after(opinions.vote("bob", "y")).await, (vec!["bob".to_owned()], true));
    let delete = Delete::new(Vote::key_of(&opinions.0.0.id("1")), Expectation::Exists);
    assert_eq!(opinions.after(delete.into()).await, (vec![], true));
}

/// A comment touches the poll and leaves its editors alone; the vote beside it does not.
pub(crate) async fn what_is_derived_touches_those_whom_another_touch_spared(backend: &dyn Backend) {
    let Some(opinions) = Opinions::on(backend).await else { return };
    let before = opinions.own_part().await;
    opinions.0.0.done(Batch::new().with(opinions.comment()).with(opinions.vote("ada", "x"))).await;
    assert_ne!(opinions.own_part().await, before);
    let voted = opinions.own_part().await;
    let rewritten = Batch::new()
        .with(Delete::new(Comment::key_of(&opinions.0.0.id("1")), Expectation::Exists))
        .with(opinions.vote("ada", "y"));
    opinions.0.0.done(rewritten).await;
    assert_eq!(opinions.own_part().await, voted);
}

/// The model would remember more than the one version.
pub(crate) async fn what_is_derived_is_remembered_for_as_long_as_its_parents_writer_said(backend: &dyn Backend) {
    let Some(family) = Family::on(backend).await else { return };
    let mut put = family.put(&family.task("3", "a"), Expectation::Absent);
    put.changes.keep = 1;
    let first = family.0.write(put).await.tag;
    for (remark, is_known) in [("1", true), ("2", false)] {
        family.create(&family.remark(remark, "3", "x")).await;
        let demanded = TagMatch { tags: [first.clone()].into_iter().collect(), comparison: Comparison::Strong };
        let put = family.put(&family.task("3", "b"), Expectation::Matches(demanded));
        let changed = family.0.refused(put).await.conflicts()[0].changed.clone();
        assert_eq!(changed.is_some(), is_known && has(backend, Ability::ChangeLog), "{changed:?}");
    }
}
