//! The parents of a resource as JSON.

use etag_core::{Hold, Key, LinkRule, ParentLink, Parents};

/// What is kept is not what was written.
pub(crate) type Unreadable = Box<dyn std::error::Error + Send + Sync>;

/// The link's name, the parent's collection and id, the code of the rule, and whether it holds.
pub(crate) type ParentRecord = (String, String, String, u8, bool);

/// `None` for those of a resource that has none.
pub(crate) fn to_json(parents: &Parents) -> serde_json::Result<Option<String>> {
    if parents.is_empty() { Ok(None) } else { serde_json::to_string(&records(parents)).map(Some) }
}

pub(crate) fn from_json(text: &str) -> Result<Parents, Unreadable> {
    from_records(serde_json::from_str(text)?)
}

pub(crate) fn records(parents: &Parents) -> Vec<ParentRecord> {
    parents.links().iter().map(record).collect()
}

fn record(link: &ParentLink) -> ParentRecord {
    let (name, parent) = (link.name.clone().into_owned(), &link.parent);
    (name, parent.collection().to_owned(), parent.id().to_owned(), link.rule.code(), link.hold == Hold::Held)
}

pub(crate) fn from_records(records: Vec<ParentRecord>) -> Result<Parents, Unreadable> {
    records.into_iter().map(link).collect()
}

fn link((name, collection, id, code, is_held): ParentRecord) -> Result<ParentLink, Unreadable> {
    let rule = LinkRule::from_code(code).ok_or_else(|| format!("{code} is no rule of a link"))?;
    let hold = if is_held { Hold::Held } else { Hold::Detached };
    Ok(ParentLink { name: name.into(), parent: Key::new(collection, id), rule, hold })
}

#[cfg(test)]
mod tests {
    use etag_core::{Lock, OnDelete, Touch};

    use super::*;

    #[test]
    fn parents_are_read_back_as_they_were_written() {
        let rule = LinkRule { touch: Touch::Content, lock: Lock::Own, on_delete: OnDelete::Detach };
        let held = ParentLink { name: "task".into(), parent: Key::new("tasks", "ü \""), rule, hold: Hold::Held };
        let detached = ParentLink { name: "board".into(), hold: Hold::Detached, ..held.clone() };
        let parents: Parents = [held, detached].into_iter().collect();
        assert_eq!(from_json(&to_json(&parents).unwrap().unwrap()).unwrap(), parents);
    }

    #[test]
    fn no_parents_are_no_text() {
        assert_eq!(to_json(&Parents::NONE).unwrap(), None);
    }

    #[test]
    fn a_rule_that_does_not_exist_is_an_error() {
        assert!(from_json(r#"[["task","tasks","1",255,true]]"#).is_err());
    }
}
