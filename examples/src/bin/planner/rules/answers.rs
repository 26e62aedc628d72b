//! What answers say.

use std::str::FromStr;

use clap::{Args, ValueEnum};
use etag_core::{Dialect, ErrorEnvelope, ErrorRow, ErrorTable, RefusalKind, TagPlacement};

use crate::dialect::ERRORS;

/// The flags about answers.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Answers")]
pub(crate) struct AnswerRules {
    /// Whether the tag is in the `ETag` header, too
    #[arg(long, value_enum, value_name = "WHETHER", default_value = "sent")]
    etag_header: Header,
    /// Whether `Preference-Applied` says that a preference was followed
    #[arg(long, value_enum, value_name = "WHETHER", default_value = "sent")]
    preference_applied: Header,
    /// Whether errors have the request's `client-request-id`
    #[arg(long, value_enum, value_name = "WHETHER", default_value = "sent")]
    client_request_id: Header,
    /// Which changes are answered with the whole, and not with 204
    #[arg(long, value_enum, value_name = "WHICH", default_value = "preferred")]
    whole: Whole,
    /// The code and the text of an error, such as `not-found=,Gone fishing`; KIND is not-found, foreign-tag, unknown-tag or
    /// failed-dependency, and the flag may be given several times
    #[arg(long = "error", value_name = "KIND=CODE,TEXT")]
    errors: Vec<ToldError>,
}

/// Whether something is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Header {
    /// It is
    Sent,
    /// It is not
    LeftOut,
}

/// Which changes are answered with the whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Whole {
    /// Those with `Prefer: return=representation`
    Preferred,
    /// All
    Always,
}

/// How a kind of error is told.
#[derive(Clone, Debug)]
struct ToldError {
    kind: &'static (&'static str, &'static [RefusalKind]),
    code: String,
    text: String,
}

/// The kinds of errors of which nobody knows for sure how the service tells them.
const UNSURE: [(&str, &[RefusalKind]); 4] = [
    ("not-found", &[RefusalKind::NotFound, RefusalKind::Gone]),
    ("foreign-tag", &[RefusalKind::ForeignTag, RefusalKind::ConditionMalformed]),
    ("unknown-tag", &[RefusalKind::UnknownTag, RefusalKind::Stale, RefusalKind::Exists]),
    ("failed-dependency", &[RefusalKind::FailedDependency]),
];

impl FromStr for ToldError {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (name, (code, text)) = text
            .split_once('=')
            .and_then(|(name, told)| Some((name, told.split_once(',')?)))
            .ok_or("expected KIND=CODE,TEXT, where CODE may be empty")?;
        let kind = UNSURE.iter().find(|(kind, _)| *kind == name);
        let kind = kind.ok_or("expected not-found, foreign-tag, unknown-tag or failed-dependency before the `=`")?;
        Ok(Self { kind, code: code.to_owned(), text: text.to_owned() })
    }
}

impl ToldError {
    fn row(&self) -> ErrorRow {
        let (_, kinds) = *self.kind;
        ErrorRow::new(kinds[0], self.code.clone().leak()).saying(self.text.clone().leak()).or_for(&kinds[1..])
    }
}

impl AnswerRules {
    pub(super) fn change(&self, dialect: &mut Dialect) {
        if let (Header::LeftOut, Some(member)) = (self.etag_header, dialect.tag_placement.member()) {
            dialect.tag_placement = TagPlacement::Member(member);
        }
        // A dialect has its parts for as long as the process runs, and so have these.
        dialect.error_envelope = ErrorEnvelope::Own(Box::leak(Box::new(self.error_table())));
    }

    /// The first row of a kind is the one that counts.
    fn error_table(&self) -> ErrorTable {
        let rows: Vec<_> = self.errors.iter().map(ToldError::row).chain(ERRORS.rows.iter().copied()).collect();
        let echoed_headers = if self.client_request_id == Header::Sent { ERRORS.echoed_headers } else { &[] };
        ErrorTable { rows: rows.leak(), echoed_headers, ..ERRORS }
    }

    /// Whether a change is answered with the whole.
    pub(crate) fn are_whole(&self, is_preferred: bool) -> bool {
        is_preferred || self.whole == Whole::Always
    }

    /// Whether answers say that a preference was followed.
    pub(crate) fn tell_preferences(&self) -> bool {
        self.preference_applied == Header::Sent
    }
}
