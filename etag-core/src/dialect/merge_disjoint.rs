//! Writes that go on under the tag of a former state, where nothing that they change was changed since.

use super::{ChangesSince, Mismatch, Named, Refusal, RefusalKind, Stale, WriteKind};
use crate::do_paths_overlap;

/// It goes on where nothing that it changes was changed since, and is refused where the two exclude each other.
///
/// The model needs a change log, `changes(keep = N, depth = D)`, and whoever writes says what a write changes:
/// [`WriteIntent::changes`](crate::WriteIntent::changes), as [`changed_paths`](crate::changed_paths) tells it. A write that does
/// not say it changes anything there is, and so does a delete.
///
/// | the tag names | and since then | it is |
/// |---|---|---|
/// | a former state | other paths were changed, or none | done, on the present state |
/// | a former state | one of the paths was changed, or one above or below it | [`Conflicting`](RefusalKind::Conflicting) |
/// | a former state, and the write is a delete | whatever happened | [`Conflicting`](RefusalKind::Conflicting) |
/// | a state that the change log does not go back to, or a tag that no version had | | [`UnknownTag`](RefusalKind::UnknownTag) |
/// | something else than this resource | | [`ForeignTag`](RefusalKind::ForeignTag) |
///
/// The merge is of members that differ, and no more: where two members mean something together, such as a start and an end, a
/// value's own checks see what became of both.
///
/// ```
/// use etag_core::{ChangesSince, MergeDisjoint, Mismatch, Named, RefusalKind, Stale, StoredTag, WriteKind};
///
/// let (mine, theirs) = (["checklist/a/done".to_owned()], ["title".to_owned(), "checklist/b".to_owned()]);
/// let named = Named::State(StoredTag::from_bytes(b"\"r.AAAAAAAA.42\"")?);
/// let stale = Stale { write: WriteKind::Update, changes: &mine, named: &named, since: ChangesSince::Known(&theirs) };
/// assert!(MergeDisjoint.judge(&stale).is_ok());
///
/// let theirs = ["checklist/a".to_owned()];
/// let refusal = MergeDisjoint.judge(&Stale { since: ChangesSince::Known(&theirs), ..stale }).unwrap_err();
/// assert_eq!(refusal.kind, RefusalKind::Conflicting);
/// # Ok::<(), etag_core::InvalidETag>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct MergeDisjoint;

impl Mismatch for MergeDisjoint {
    /// Also a delete: a tag that is no longer known is told from one that is out of date.
    fn wants_changes(&self, _write: WriteKind) -> bool {
        true
    }

    fn judge(&self, stale: &Stale<'_>) -> Result<(), Refusal> {
        match (stale.named, stale.since) {
            (Named::Foreign, _) => Err(Refusal::new(RefusalKind::ForeignTag)),
            (Named::State(_), ChangesSince::Known(theirs)) if is_disjoint(stale, theirs) => Ok(()),
            (Named::State(_), ChangesSince::Known(_)) => Err(Refusal::new(RefusalKind::Conflicting)),
            (Named::Unknown | Named::State(_), _) => Err(Refusal::new(RefusalKind::UnknownTag)),
        }
    }
}

fn is_disjoint(stale: &Stale<'_>, theirs: &[String]) -> bool {
    match stale.write {
        WriteKind::Delete => false,
        _ if stale.changes.is_empty() => theirs.is_empty(),
        _ => !do_paths_overlap(stale.changes, theirs),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::StoredTag;

    fn former() -> Named {
        Named::State(StoredTag::from_bytes(b"\"r.AAAAAAAA.42\"").unwrap())
    }

    fn judged(write: WriteKind, mine: &[&str], named: &Named, theirs: Option<&[&str]>) -> Option<RefusalKind> {
        let [mine, theirs_owned] = [mine, theirs.unwrap_or_default()]
            .map(|paths| paths.iter().map(|path| (*path).to_owned()).collect::<Vec<_>>());
        let since = theirs.map_or(ChangesSince::Forgotten, |_| ChangesSince::Known(&theirs_owned));
        MergeDisjoint.judge(&Stale { write, changes: &mine, named, since }).err().map(|refusal| refusal.kind)
    }

    fn updated(mine: &[&str], theirs: &[&str]) -> Option<RefusalKind> {
        judged(WriteKind::Update, mine, &former(), Some(theirs))
    }

    #[test]
    fn disjoint_changes_pass() {
        assert_eq!(updated(&["title"], &["priority", "list/a"]), None);
        assert_eq!(updated(&["list/a/done"], &["list/a/title", "list/b"]), None);
    }

    #[test]
    fn touches_alone_let_every_change_pass() {
        assert_eq!(updated(&["title"], &[]), None);
        assert_eq!(updated(&[], &[]), None);
    }

    #[test]
    fn overlapping_changes_conflict() {
        assert_eq!(updated(&["title", "priority"], &["title"]), Some(RefusalKind::Conflicting));
        assert_eq!(updated(&["list/a/done"], &["list/a"]), Some(RefusalKind::Conflicting));
        assert_eq!(updated(&["list"], &["list/a"]), Some(RefusalKind::Conflicting));
    }

    #[test]
    fn a_write_that_does_not_say_what_it_changes_conflicts_with_all() {
        assert_eq!(updated(&[], &["title"]), Some(RefusalKind::Conflicting));
    }

    #[test]
    fn a_delete_conflicts_with_touches_too() {
        assert_eq!(judged(WriteKind::Delete, &[], &former(), Some(&[])), Some(RefusalKind::Conflicting));
    }

    #[test]
    fn forgotten_and_unknown_states_are_told_from_tags_of_something_else() {
        for write in [WriteKind::Update, WriteKind::Delete] {
            assert_eq!(judged(write, &["a"], &former(), None), Some(RefusalKind::UnknownTag));
            assert_eq!(judged(write, &["a"], &Named::Unknown, None), Some(RefusalKind::UnknownTag));
            assert_eq!(judged(write, &["a"], &Named::Foreign, None), Some(RefusalKind::ForeignTag));
        }
    }
}
