//! What a group changes, as columns of arrays: one statement for each kind of change, whatever the number of callers.

use std::time::SystemTime;

use etag_core::{Head, Key, LedgerEntry, LedgerKey, ParentLink, Strength};
use futures_util::future::{BoxFuture, FutureExt as _, join_all};
use tokio_postgres::{Client, Statement, types::ToSql};

use crate::{
    loaded::{Document, Resource},
    numbers,
    statements::Statements,
};

type Result<T> = std::result::Result<T, tokio_postgres::Error>;

/// Heads, a column each.
#[derive(Default)]
pub(crate) struct Heads {
    collections: Vec<String>,
    ids: Vec<String>,
    tags: Vec<Vec<u8>>,
    numbers: [Vec<i64>; 8],
    dates_are_strong: Vec<bool>,
    schemas: Vec<i32>,
    contents: Vec<Vec<u8>>,
    parents: Vec<Option<String>>,
}

impl Heads {
    pub(crate) fn push(&mut self, head: &Head) {
        self.collections.push(head.key.collection().to_owned());
        self.ids.push(head.key.id().to_owned());
        self.tags.push(head.tag.as_bytes().to_vec());
        let revisions = [head.revision, head.edited, head.created];
        let numbers = revisions
            .into_iter()
            .flat_map(|revision| [numbers::to_sql(revision.sequence()), numbers::epoch_to_sql(revision.epoch())]);
        let times = [head.created_at, head.modified_at].map(numbers::time_to_sql);
        for (column, number) in self.numbers.iter_mut().zip(numbers.chain(times)) {
            column.push(number);
        }
        self.dates_are_strong.push(head.date_strength == Strength::Strong);
        self.schemas.push(i32::try_from(head.schema).unwrap_or(i32::MAX));
        self.contents.push(head.content.to_bytes().to_vec());
        self.parents.push(head.parents.to_json());
    }

    fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    pub(crate) fn columns(&self) -> Vec<&(dyn ToSql + Sync)> {
        let mut columns: Vec<&(dyn ToSql + Sync)> = vec![&self.collections, &self.ids, &self.tags];
        columns.extend(self.numbers.iter().map(|column| column as &(dyn ToSql + Sync)));
        columns.extend([&self.dates_are_strong as &(dyn ToSql + Sync), &self.schemas, &self.contents, &self.parents]);
        columns
    }
}

/// Rows that say which child names which parent.
#[derive(Default)]
struct Children {
    parent_collections: Vec<String>,
    parent_ids: Vec<String>,
    links: Vec<String>,
    collections: Vec<String>,
    created: Vec<i64>,
    ids: Vec<String>,
}

impl Children {
    fn push(&mut self, child: &Head, link: &ParentLink) {
        self.parent_collections.push(link.parent.collection().to_owned());
        self.parent_ids.push(link.parent.id().to_owned());
        self.links.push(link.name.to_string());
        self.collections.push(child.key.collection().to_owned());
        self.created.push(numbers::to_sql(child.created.sequence()));
        self.ids.push(child.key.id().to_owned());
    }

    fn columns(&self) -> [&(dyn ToSql + Sync); 6] {
        [&self.parent_collections, &self.parent_ids, &self.links, &self.collections, &self.created, &self.ids]
    }
}

/// Rows of the ledger.
#[derive(Default)]
struct Ledger {
    principals: Vec<String>,
    keys: Vec<String>,
    fingerprints: Vec<Vec<u8>>,
    outcomes: Vec<String>,
    ends: Vec<i64>,
}

impl Ledger {
    fn columns(&self) -> [&(dyn ToSql + Sync); 5] {
        [&self.principals, &self.keys, &self.fingerprints, &self.outcomes, &self.ends]
    }
}

/// All that a group changes.
#[derive(Default)]
pub(crate) struct Writes {
    removed: (Vec<String>, Vec<String>),
    inserted: Heads,
    inserted_bodies: Vec<Vec<u8>>,
    inserted_logs: Vec<Option<String>>,
    updated: Heads,
    updated_bodies: Vec<Vec<u8>>,
    updated_logs: Vec<Option<String>>,
    touched: Heads,
    touched_logs: Vec<Option<String>>,
    unlinked: Children,
    linked: Children,
    ledger: Ledger,
    removal: Option<i64>,
}

impl Writes {
    /// The net change of each resource, in the order in which all processes write.
    pub(crate) fn of<'a>(resources: impl Iterator<Item = (&'a Key, &'a Resource)>) -> Self {
        let mut changed: Vec<_> = resources.filter(|(_, resource)| resource.found != resource.now).collect();
        changed.sort_by_key(|(key, _)| *key);
        let mut writes = Self::default();
        for (key, resource) in changed {
            writes.add(key, resource);
        }
        writes
    }

    fn add(&mut self, key: &Key, resource: &Resource) {
        self.relink(resource.found.as_ref(), resource.now.as_ref());
        let body = || resource.body.as_deref().unwrap_or_default().to_vec();
        let log = || resource.log.as_ref().map(etag_core::ChangeLog::to_json);
        match (&resource.found, &resource.now) {
            (_, None) => {
                self.removed.0.push(key.collection().to_owned());
                self.removed.1.push(key.id().to_owned());
            }
            (None, Some(head)) => {
                self.inserted.push(head);
                self.inserted_bodies.push(body());
                self.inserted_logs.push(log());
            }
            (Some(_), Some(head)) if resource.document == Document::New => {
                self.updated.push(head);
                self.updated_bodies.push(body());
                self.updated_logs.push(log());
            }
            (Some(_), Some(head)) => {
                self.touched.push(head);
                self.touched_logs.push(log());
            }
        }
    }

    /// Rows of links that went, and of those that came.
    fn relink(&mut self, found: Option<&Head>, now: Option<&Head>) {
        let has = |head: Option<&Head>, other: &Head, link: &ParentLink| {
            head.is_some_and(|head| {
                head.created == other.created && head.parents.of_link(&link.name) == Some(&link.parent)
            })
        };
        if let Some(head) = found {
            head.parents.held().filter(|link| !has(now, head, link)).for_each(|link| self.unlinked.push(head, link));
        }
        if let Some(head) = now {
            head.parents.held().filter(|link| !has(found, head, link)).for_each(|link| self.linked.push(head, link));
        }
    }

    pub(crate) fn record(&mut self, recorded: Vec<(LedgerKey, LedgerEntry, SystemTime)>) {
        let mut recorded = recorded;
        recorded.sort_by(|(one, ..), (other, ..)| one.cmp(other));
        for (key, entry, until) in recorded {
            self.ledger.principals.push(key.principal);
            self.ledger.keys.push(key.key);
            self.ledger.fingerprints.push(entry.fingerprint.to_bytes().to_vec());
            self.ledger.outcomes.push(entry.outcome());
            self.ledger.ends.push(numbers::time_to_sql(until));
        }
    }

    /// The second of the latest removal: all that is compared with it are seconds.
    pub(crate) fn remember_removal(&mut self, at: Option<SystemTime>) {
        self.removal = at.map(|at| numbers::time_to_sql(at) / 1_000_000 * 1_000_000);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.removed.1.is_empty()
            && self.inserted.is_empty()
            && self.updated.is_empty()
            && self.touched.is_empty()
            && self.ledger.keys.is_empty()
    }

    /// Sends all statements in one go, the given ones last.
    pub(crate) async fn send(
        &self,
        client: &Client,
        statements: &Statements,
        now: SystemTime,
        last: Vec<BoxFuture<'_, Result<u64>>>,
    ) -> Vec<Result<u64>> {
        let now = numbers::time_to_sql(now);
        let (removed, ledger) = (&self.removed, &self.ledger);
        let mut inserted = self.inserted.columns();
        inserted.extend([&self.inserted_bodies as &(dyn ToSql + Sync), &self.inserted_logs]);
        let mut updated = self.updated.columns();
        updated.extend([&self.updated_bodies as &(dyn ToSql + Sync), &self.updated_logs]);
        let mut touched = self.touched.columns();
        touched.push(&self.touched_logs);
        let unlinked = &self.unlinked.columns()[..5];
        let mut needed: Vec<(&Statement, Vec<&(dyn ToSql + Sync)>)> = Vec::with_capacity(9);
        if !removed.1.is_empty() {
            needed.push((&statements.delete, vec![&removed.0, &removed.1]));
        }
        if !self.inserted.is_empty() {
            needed.push((&statements.insert, inserted));
        }
        if !self.updated.is_empty() {
            needed.push((&statements.update, updated));
        }
        if !self.touched.is_empty() {
            needed.push((&statements.update_head, touched));
        }
        if !self.unlinked.ids.is_empty() {
            needed.push((&statements.delete_children, unlinked.to_vec()));
        }
        if !self.linked.ids.is_empty() {
            needed.push((&statements.insert_children, self.linked.columns().to_vec()));
        }
        if !ledger.keys.is_empty() {
            needed.push((&statements.purge_ledger, vec![&now, &ledger.principals, &ledger.keys]));
            needed.push((&statements.insert_ledger, ledger.columns().to_vec()));
        }
        if let Some(removal) = &self.removal {
            needed.push((&statements.removal, vec![removal]));
        }
        let mut sent: Vec<BoxFuture<'_, Result<u64>>> = Vec::with_capacity(needed.len() + last.len());
        for (statement, columns) in &needed {
            sent.push(client.execute(*statement, columns).boxed());
        }
        sent.extend(last);
        join_all(sent).await
    }
}
