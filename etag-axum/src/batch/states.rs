//! The states that the items of a batch leave, as far as later items of it have to know them before the commit.

use std::{collections::HashMap, time::UNIX_EPOCH};

use etag_core::{Epoch, Head, Key, Put, Revision, Row, Strength};

/// A resource as an item meets it.
#[derive(Clone, Debug)]
pub(super) enum View {
    /// No earlier item wrote it.
    Stored,
    /// An earlier item writes this. Its tag, its revision and its times are known after the commit.
    Written(Box<Row>),
    /// An earlier item deletes it.
    Deleted,
    /// The earlier item that would have written it has failed.
    Unknown,
}

/// What the items so far leave.
#[derive(Debug, Default)]
pub(super) struct States(HashMap<Key, Left>);

#[derive(Debug)]
struct Left {
    view: View,
    by: usize,
}

impl States {
    pub(super) fn view(&self, key: &Key) -> View {
        self.0.get(key).map_or(View::Stored, |left| left.view.clone())
    }

    /// The index of the item that wrote it last.
    pub(super) fn writer(&self, key: &Key) -> Option<usize> {
        self.0.get(key).map(|left| left.by)
    }

    pub(super) fn set(&mut self, key: Key, view: View, by: usize) {
        self.0.insert(key, Left { view, by });
    }
}

/// The state that a write will leave, of which only the document and the parents are right.
pub(super) fn provisional(put: &Put, before: Option<&Head>) -> View {
    let mut head = before.cloned().unwrap_or_else(|| unborn(put));
    head.schema = put.schema;
    head.content = put.content;
    head.parents = put.parents.clone();
    View::Written(Box::new(Row { head, body: put.body.clone() }))
}

fn unborn(put: &Put) -> Head {
    let nowhere = Revision::new(Epoch::from_bytes([0; 6]), 0);
    Head {
        key: put.key.clone(),
        tag: put.plan.tag(nowhere, UNIX_EPOCH),
        revision: nowhere,
        edited: nowhere,
        created: nowhere,
        created_at: UNIX_EPOCH,
        modified_at: UNIX_EPOCH,
        date_strength: Strength::Weak,
        schema: put.schema,
        content: put.content,
        parents: put.parents.clone(),
    }
}
