//! Bugs in what a batch is taken for.

use std::time::Duration;

use etag_core::{
    Batch, ChangeRule, Comparison, ContentDigest, Derives, Expectation, IfUnchanged, Item, Key, LedgerClaim, LinkRule,
    Lock, OnDelete, Parents, Put, Revision, TagMatch, Touch,
};

use crate::{
    bug::Bug,
    rows::{Rows, epoch},
};

/// The batch as a store with this bug understands it.
pub(crate) fn understood(bug: Bug, batch: &Batch, rows: &Rows) -> Batch {
    let mut items: Vec<Item> = batch.items().iter().map(|item| item_of(bug, item, batch, rows)).collect();
    match bug {
        Bug::SortsItems => items.sort_by_key(|item| item.key().clone()),
        Bug::WritesAtMostNinetyItems => items.truncate(90),
        _ => {}
    }
    let understood: Batch = items.into_iter().collect();
    match batch.ledger().and_then(|claim| claim_of(bug, claim)) {
        Some(claim) => understood.once(claim),
        None => understood,
    }
}

fn claim_of(bug: Bug, claim: &LedgerClaim) -> Option<LedgerClaim> {
    let mut claim = claim.clone();
    match bug {
        Bug::KeepsNoLedger => return None,
        Bug::IgnoresFingerprints => claim.fingerprint = ContentDigest::from_bytes([0; 16]),
        Bug::SharesKeysBetweenPrincipals => claim.key.principal.clear(),
        Bug::KeepsTheLedgerForEver => claim.keep_for = Duration::from_secs(1 << 30),
        _ => {}
    }
    Some(claim)
}

fn item_of(bug: Bug, item: &Item, batch: &Batch, rows: &Rows) -> Item {
    let mut item = item.clone();
    let expectation = expectation_of(bug, &item, batch, rows);
    match &mut item {
        Item::Put(put) => {
            put.expectation = expectation;
            distort_put(bug, put);
        }
        Item::Delete(delete) => delete.expectation = expectation,
        Item::Check(check) => check.expectation = expectation,
    }
    item
}

fn expectation_of(bug: Bug, item: &Item, batch: &Batch, rows: &Rows) -> Expectation {
    let demanded = item.expectation().clone();
    match (bug, item, &demanded) {
        (Bug::IgnoresExpectationsOfPuts, Item::Put(_), _)
        | (Bug::IgnoresExpectationsOfDeletes, Item::Delete(_), _)
        | (Bug::IgnoresExpectationsOfChecks, Item::Check(_), _) => Expectation::Unconditional,
        (Bug::CreatesWhatMustExist, Item::Put(put), _) if !rows.kept.contains_key(&put.key) => {
            Expectation::Unconditional
        }
        (Bug::TakesEqualContentForOnesOwn, Item::Put(put), _) if is_stored(put, rows) => Expectation::Exists,
        (Bug::ComparesWithTheStateBeforeTheBatch, _, Expectation::Matches(_)) if comes_again(item.key(), batch) => {
            Expectation::Exists
        }
        (Bug::TakesLeftByForExists, _, Expectation::LeftBy(_))
        | (Bug::TakesUneditedForExists, _, Expectation::Unedited(_)) => Expectation::Exists,
        (Bug::IgnoresEpochs, _, Expectation::At(revision)) => {
            Expectation::At(Revision::new(epoch(), revision.sequence()))
        }
        (Bug::ComparesOwnPartsInDeletes, Item::Delete(_) | Item::Check(_), Expectation::Matches(demanded))
            if matches_own_part(demanded, item.key(), rows) =>
        {
            Expectation::Exists
        }
        (_, _, Expectation::Matches(tags)) => Expectation::Matches(tags_of(bug, tags.clone())),
        _ => demanded,
    }
}

fn tags_of(bug: Bug, mut demanded: TagMatch) -> TagMatch {
    match bug {
        Bug::ComparesWeakly => demanded.comparison = Comparison::Weak,
        Bug::ComparesStrongly => demanded.comparison = Comparison::Strong,
        Bug::ReadsTheFirstTagOnly => demanded.tags.truncate(1),
        _ => {}
    }
    demanded
}

fn is_stored(put: &Put, rows: &Rows) -> bool {
    rows.kept.get(&put.key).is_some_and(|row| row.head.content == put.content)
}

fn comes_again(key: &Key, batch: &Batch) -> bool {
    batch.items().iter().filter(|item| item.key() == key).count() > 1
}

fn matches_own_part(demanded: &TagMatch, key: &Key, rows: &Rows) -> bool {
    rows.head(key).is_some_and(|head| demanded.tags.iter().any(|tag| tag.own_part() == head.tag.own_part()))
}

fn distort_put(bug: Bug, put: &mut Put) {
    match bug {
        Bug::RewritesEqualContent => put.if_unchanged = IfUnchanged::Rewrite,
        Bug::RefusesToRewrite => put.if_unchanged = IfUnchanged::Keep,
        Bug::KeepsTheFirstSchema => put.schema = 1,
        Bug::KeepsNoChanges => put.changes = ChangeRule::NONE,
        Bug::ForgetsNoChange if !put.changes.is_none() => put.changes.keep = u16::MAX,
        Bug::TakesTheClientsDerivedFields => put.keep_derived = None,
        Bug::KeepsChangesOfMembersOnly => put.changes.depth = 1,
        Bug::PlacesWithoutALook => put.parents = Parents::NONE,
        Bug::DeletesByTheFirstLink => put.parents = by_the_first_link(&put.parents),
        _ => put.parents = ruled(bug, &put.parents),
    }
}

/// The parents with other rules.
fn ruled(bug: Bug, parents: &Parents) -> Parents {
    let links = parents.links().iter().cloned().map(|mut link| {
        link.rule = rule_of(bug, link.rule);
        link
    });
    links.collect()
}

fn rule_of(bug: Bug, rule: LinkRule) -> LinkRule {
    let touch = match (bug, rule.touch) {
        (Bug::ForgetsTouches, _) => Touch::None,
        (Bug::TouchesByStructureOnly, Touch::Content) | (Bug::TouchesThroughEveryLink, Touch::None) => Touch::Structure,
        (Bug::TouchesByContentAlways, Touch::Structure | Touch::Derived) => Touch::Content,
        (_, touch) => touch,
    };
    let lock = match bug {
        Bug::LocksTheFamilyAlways => Lock::Family,
        Bug::LocksTheFamilyNever => Lock::Own,
        _ => rule.lock,
    };
    let on_delete = match (bug, rule.on_delete) {
        (Bug::CascadesInsteadOfRestricting, OnDelete::Restrict)
        | (Bug::CascadesInsteadOfDetaching, OnDelete::Detach) => OnDelete::Cascade,
        (Bug::DetachesInsteadOfCascading, OnDelete::Cascade) => OnDelete::Detach,
        (_, on_delete) => on_delete,
    };
    let derives = if bug == Bug::DerivesNothing { Derives::Nothing } else { rule.derives };
    LinkRule { touch, lock, on_delete, derives }
}

fn by_the_first_link(parents: &Parents) -> Parents {
    let links = parents.links();
    let first = |parent: &Key| links.iter().find(|link| link.parent == *parent).map(|link| link.rule.on_delete);
    let links = links.iter().cloned().map(|mut link| {
        link.rule.on_delete = first(&link.parent).unwrap_or(link.rule.on_delete);
        link
    });
    links.collect()
}
