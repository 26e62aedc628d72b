//! Where an error stands in its JSON, in both directions.

use serde::{Serialize, Serializer, ser::SerializeMap as _};
use serde_json::Value;

use super::{ErrorContext, ToldError};

/// The JSON of an error, as data: a server writes it, and a client finds code, words and target in it.
///
/// ```
/// use etag_core::ErrorShape;
///
/// /// `{"fault": {"name": …, "text": …, "seconds": …}}`, the last for whoever may come again.
/// const FAULT: ErrorShape = ErrorShape::Object(&[(
///     "fault",
///     ErrorShape::Object(&[
///         ("name", ErrorShape::Code),
///         ("text", ErrorShape::Message),
///         ("seconds", ErrorShape::Own(|told, _| Some(told.refusal.retry_after?.as_secs().into()))),
///     ]),
/// )]);
/// # let _ = FAULT;
/// ```
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum ErrorShape {
    /// These members, in this order. Those that say nothing are left out, and so is an object of which all are.
    Object(&'static [(&'static str, ErrorShape)]),
    /// These entries, likewise.
    List(&'static [ErrorShape]),
    /// The code of the refusal, or else that of its row.
    Code,
    /// The code of the row, also where the refusal has another one: for envelopes that have a place for each.
    RowCode,
    /// The words.
    Message,
    /// What the error is about, such as the name of a header; nothing where the row does not say.
    Target,
    /// The status of the answer.
    Status,
    /// Always this text.
    Text(&'static str),
    /// What the service says besides: `None` says nothing. It is written, and not read.
    Own(fn(&ToldError<'_>, &ErrorContext<'_>) -> Option<Value>),
}

impl ErrorShape {
    /// `{"error": {"code": …, "message": …}}`
    pub const CODE_AND_MESSAGE: Self =
        Self::Object(&[("error", Self::Object(&[("code", Self::Code), ("message", Self::Message)]))]);

    /// What it says of an error; `None` where that is nothing.
    pub(super) fn say<'a>(&self, told: &ToldError<'a>, context: &ErrorContext<'_>) -> Option<Said<'a>> {
        match *self {
            Self::Object(members) => {
                let members = members.iter().filter_map(|(name, shape)| Some((*name, shape.say(told, context)?)));
                Some(members.collect::<Vec<_>>()).filter(|members| !members.is_empty()).map(Said::Object)
            }
            Self::List(entries) => {
                let entries = entries.iter().filter_map(|shape| shape.say(told, context));
                Some(entries.collect::<Vec<_>>()).filter(|entries| !entries.is_empty()).map(Said::List)
            }
            Self::Code => Some(Said::Text(told.code)),
            Self::RowCode => Some(Said::Text(told.row_code)),
            Self::Message => Some(Said::Text(told.message)),
            Self::Target => told.target.map(Said::Text),
            Self::Status => Some(Said::Number(context.status)),
            Self::Text(text) => Some(Said::Text(text)),
            Self::Own(say) => say(told, context).map(Said::Own),
        }
    }

    /// What an error says, as far as it has this shape.
    pub(super) fn find<'v>(&self, value: &'v Value, found: &mut Found<'v>) {
        let place = match *self {
            Self::Object(members) => {
                let present = members.iter().filter_map(|(name, shape)| Some((shape, value.get(name)?)));
                return present.for_each(|(shape, value)| shape.find(value, found));
            }
            Self::List(entries) => {
                let present = entries.iter().enumerate().filter_map(|(at, shape)| Some((shape, value.get(at)?)));
                return present.for_each(|(shape, value)| shape.find(value, found));
            }
            Self::Code => &mut found.code,
            Self::RowCode => &mut found.row_code,
            Self::Message => &mut found.message,
            Self::Target => &mut found.target,
            Self::Status | Self::Text(_) | Self::Own(_) => return,
        };
        *place = place.or(value.as_str());
    }
}

/// What a client finds in an error.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Found<'v> {
    pub(super) code: Option<&'v str>,
    pub(super) row_code: Option<&'v str>,
    pub(super) message: Option<&'v str>,
    pub(super) target: Option<&'v str>,
}

/// What a server says, in the order of the shape.
pub(super) enum Said<'a> {
    Object(Vec<(&'static str, Said<'a>)>),
    List(Vec<Said<'a>>),
    Text(&'a str),
    Number(u16),
    Own(Value),
}

impl Serialize for Said<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Object(members) => {
                let mut map = serializer.serialize_map(Some(members.len()))?;
                members.iter().try_for_each(|(name, said)| map.serialize_entry(name, said))?;
                map.end()
            }
            Self::List(entries) => serializer.collect_seq(entries),
            Self::Text(text) => serializer.serialize_str(text),
            Self::Number(number) => serializer.serialize_u16(*number),
            Self::Own(value) => value.serialize(serializer),
        }
    }
}
