//! Which tag stands for which value.

use std::{collections::HashMap, fmt};

use crate::history::{Answer, Ask, History, Operation, Tag, Value};

/// What all answers of a history say together. A tag is missing that no answer showed with its value, which happens to
/// writes whose answer was lost.
#[derive(Debug, Default)]
pub(crate) struct Tags {
    values: HashMap<Tag, Value>,
    tags: HashMap<Value, Tag>,
}

impl Tags {
    /// # Errors
    /// If two states had one tag, or if one write made two states.
    pub(crate) fn shown_in(history: &History) -> Result<Self, Ambiguity> {
        let mut all = Self::default();
        for (value, tag) in history.operations.iter().filter_map(shown) {
            all.insert(value, tag)?;
        }
        Ok(all)
    }

    fn insert(&mut self, value: &Value, tag: &Tag) -> Result<(), Ambiguity> {
        let former = self.values.insert(tag.clone(), value.clone());
        if let Some(former) = former.filter(|former| former != value) {
            return Err(Ambiguity::TagOfTwoStates(tag.clone(), [former, value.clone()]));
        }
        let former = self.tags.insert(value.clone(), tag.clone());
        if let Some(former) = former.filter(|former| former != tag) {
            return Err(Ambiguity::WrittenTwice(value.clone(), [former, tag.clone()]));
        }
        Ok(())
    }

    pub(crate) fn value(&self, tag: &Tag) -> Option<&Value> {
        self.values.get(tag)
    }

    pub(crate) fn tag(&self, value: &Value) -> Option<&Tag> {
        self.tags.get(value)
    }
}

fn shown(operation: &Operation) -> Option<(&Value, &Tag)> {
    match (&operation.ask, &operation.answer) {
        (_, Answer::Found(value, tag)) | (Ask::Put(value, _), Answer::Written(tag)) => Some((value, tag)),
        _ => None,
    }
}

/// What no order of the operations explains.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Ambiguity {
    TagOfTwoStates(Tag, [Value; 2]),
    WrittenTwice(Value, [Tag; 2]),
}

impl fmt::Display for Ambiguity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TagOfTwoStates(tag, values) => write!(f, "the tag {tag:?} was given to two states: {values:?}"),
            Self::WrittenTwice(value, tags) => write!(f, "{value:?}, written once, made two states: {tags:?}"),
        }
    }
}
