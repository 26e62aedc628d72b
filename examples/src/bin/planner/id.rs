//! Ids of plans, buckets and tasks.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use etag_core::{Environment, ModelId};
use serde::{Deserialize, Serialize};

/// How many characters an id has.
const LENGTH: usize = 28;

/// Where ids of ours have a mark of letters in both cases, by which one is known whose case was changed on its way.
const MARK: (std::ops::Range<usize>, &str) = (22..25, "QAz");

/// An id that the service made: 28 characters whose case counts.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ModelId)]
#[serde(try_from = "String", into = "String")]
pub(crate) struct PlannerId(String);

impl PlannerId {
    /// An id that nothing has.
    pub(crate) fn new(environment: &Environment) -> Self {
        let mut text = URL_SAFE_NO_PAD.encode(environment.random_bytes::<21>());
        text.replace_range(MARK.0, MARK.1);
        Self(text)
    }
}

impl TryFrom<String> for PlannerId {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let is_known = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
        if text.len() != LENGTH || !text.bytes().all(is_known) {
            return Err("an id has 28 letters, digits, `_` and `-`");
        }
        let mark = &text[MARK.0];
        if mark.eq_ignore_ascii_case(MARK.1) && mark != MARK.1 {
            return Err("the case of this id's letters was changed");
        }
        Ok(Self(text))
    }
}

impl From<PlannerId> for String {
    fn from(id: PlannerId) -> Self {
        id.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_id(text: &str) -> bool {
        PlannerId::try_from(text.to_owned()).is_ok()
    }

    #[test]
    fn an_id_is_read_back() {
        let id = PlannerId::new(&Environment::system());
        assert!(is_id(&id.0));
    }

    #[test]
    fn an_id_in_another_case_is_none() {
        let PlannerId(id) = PlannerId::new(&Environment::system());
        assert!(!is_id(&id.to_lowercase()));
        assert!(!is_id(&id.to_uppercase()));
    }

    #[test]
    fn only_28_characters_of_the_alphabet_are_an_id() {
        assert!(is_id("01gzSlKkIUSUl6DF_EilrmQAKDhh"));
        for text in ["", "01gzSlKkIUSUl6DF_EilrmQAKDh", "01gzSlKkIUSUl6DF_EilrmQAKDhhh", "01gzSlKkIUSUl6DF.EilrmQAKDhh"]
        {
            assert!(!is_id(text), "{text}");
        }
    }
}
