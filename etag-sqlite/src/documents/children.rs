//! Which documents are whose children. Whoever has no parent never gets here.

use etag_core::{Head, Key, ParentLink, Parents};
use rusqlite::{CachedStatement, Connection, Result};

use super::{
    changed_one,
    columns::{head_columns, head_of, text_of},
};
use crate::numbers;

pub(super) const SELECT_PAGE: &str = concat!(
    "SELECT ",
    head_columns!(),
    ", body, id FROM children CROSS JOIN documents ON created_sequence = child \
     WHERE parent_collection = ?4 AND parent_id = ?5 AND children.collection = ?1 AND link = ?6 AND child > ?2 ORDER BY child LIMIT ?3"
);

pub(super) const SELECT_TAGS: &str = "SELECT child, id, tag FROM children CROSS JOIN documents INDEXED BY documents_by_creation \
     ON documents.collection = children.collection AND created_sequence = child \
     WHERE parent_collection = ?4 AND parent_id = ?5 AND children.collection = ?1 AND link = ?6 AND child > ?2 ORDER BY child LIMIT ?3";

// A child may name the parent by several links, and counts once.
pub(super) const SELECT_HEADS: &str = concat!(
    "SELECT ",
    head_columns!(),
    ", collection, id FROM documents WHERE created_sequence IN \
     (SELECT DISTINCT child FROM children WHERE parent_collection = ?1 AND parent_id = ?2 LIMIT ?3)"
);

const INSERT: &str =
    "INSERT INTO children (parent_collection, parent_id, collection, link, child) VALUES (?1, ?2, ?3, ?4, ?5)";

pub(super) const DELETE: &str = "DELETE FROM children \
     WHERE parent_collection = ?1 AND parent_id = ?2 AND collection = ?3 AND link = ?4 AND child = ?5";

pub(super) fn of(connection: &Connection, parent: &Key, limit: usize) -> Result<Vec<Head>> {
    let mut statement = connection.prepare_cached(SELECT_HEADS)?;
    let heads = statement.query_map((parent.collection(), parent.id(), numbers::count_to_sql(limit)), |row| {
        let collection = text_of(row, 13)?.to_string();
        head_of(row, Key::new(collection, text_of(row, 14)?))
    })?;
    heads.collect()
}

/// Puts a document below the parents that it has now.
pub(super) fn move_to(connection: &Connection, head: &Head, before: Option<&Head>) -> Result<()> {
    let former = before.map_or(&Parents::NONE, |before| &before.parents);
    if *former == head.parents {
        return Ok(());
    }
    let is_among = |link: &ParentLink, links: &Parents| links.of_link(&link.name) == Some(&link.parent);
    for link in former.held().filter(|link| !is_among(link, &head.parents)) {
        changed_one(execute(connection.prepare_cached(DELETE)?, head, link)?)?;
    }
    for link in head.parents.held().filter(|link| !is_among(link, former)) {
        changed_one(execute(connection.prepare_cached(INSERT)?, head, link)?)?;
    }
    Ok(())
}

pub(super) fn remove(connection: &Connection, head: &Head) -> Result<()> {
    for link in head.parents.held() {
        changed_one(execute(connection.prepare_cached(DELETE)?, head, link)?)?;
    }
    Ok(())
}

fn execute(mut statement: CachedStatement<'_>, head: &Head, link: &ParentLink) -> Result<usize> {
    let (parent, child) = (&link.parent, numbers::sequence_to_sql(head.created));
    statement.execute((parent.collection(), parent.id(), head.key.collection(), &link.name, child))
}
