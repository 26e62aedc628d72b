//! Errors in JSON, by a table that is read in both directions.

use serde_json::Value;

use super::{ErrorBody, ErrorContext, ErrorFormat, ErrorShape, Refusal, RefusalKind, error_shape::Found};

/// The errors of an API family as a table: a row for each kind of refusal, and the [shape](ErrorShape) that all of them have.
/// A server writes by it, and a client reads by the same rows.
///
/// # Writing
/// A refusal is told by the first row of its kind that has the refusal's code, or else by the first row of its kind; one whose
/// kind has no row has an empty code, and its own words.
///
/// # Reading
/// An answer is read by its code, in any case of its letters. Of several rows with this code it is the one that fits best in
/// status, fixed words and target, and the first one where several fit alike. A row with an empty code stands for all codes
/// that no row has, under its status and, where it has fixed words, with these.
///
/// Which kinds can't be told apart by a client is said by [`Dialect::misread_kinds`](crate::Dialect::misread_kinds): ask it in
/// a test.
///
/// ```
/// use etag_core::{Dialect, ErrorEnvelope, ErrorFormat, ErrorRow, ErrorTable, RefusalKind};
///
/// const ERRORS: ErrorTable = ErrorTable::new(&[
///     ErrorRow::new(RefusalKind::Stale, "Outdated").saying("Somebody was faster."),
///     ErrorRow::new(RefusalKind::ConditionMissing, "Unguarded").under(403),
///     ErrorRow::new(RefusalKind::NotFound, "NotFound").or_for(&[RefusalKind::Gone]),
///     ErrorRow::new(RefusalKind::Invalid, "BadRequest"),
///     ErrorRow::new(RefusalKind::Invalid, ""), // whatever else is 400
/// ]);
/// const LARDER: Dialect =
///     Dialect { missing_status: 403, error_envelope: ErrorEnvelope::Own(&ERRORS), ..Dialect::RFC_9110 };
///
/// assert_eq!(ERRORS.read(412, br#"{"error":{"code":"Outdated","message":"-"}}"#), Some(RefusalKind::Stale));
/// assert_eq!(ERRORS.read(400, br#"{"error":{"code":"NoLabel","message":"-"}}"#), Some(RefusalKind::Invalid));
/// assert!(LARDER.misread_kinds().contains(&(RefusalKind::Gone, Some(RefusalKind::NotFound))));
/// ```
///
/// A variant of a dialect, such as a switch turns on, has a table of its own, made of the other one:
///
/// ```
/// # use etag_core::{ErrorRow, ErrorTable, RefusalKind};
/// const ROWS: [ErrorRow; 1] = [ErrorRow::new(RefusalKind::Stale, "Outdated")];
/// const ERRORS: ErrorTable = ErrorTable::new(&ROWS);
/// const CURT: ErrorTable = ErrorTable { rows: &[ROWS[0].saying("No.")], ..ERRORS };
/// # let _ = CURT;
/// ```
#[derive(Clone, Copy, Debug)]
pub struct ErrorTable {
    /// The media type of errors.
    pub content_type: &'static str,
    /// The headers of requests that the shape asks for, in lower case.
    pub echoed_headers: &'static [&'static str],
    /// Where code and words stand, and what stands beside them.
    pub shape: ErrorShape,
    /// What the kinds are called.
    pub rows: &'static [ErrorRow],
}

/// What a kind of refusal is called: a row of an [`ErrorTable`].
///
/// ```
/// use etag_core::{ErrorRow, RefusalKind};
///
/// const STALE: ErrorRow = ErrorRow::new(RefusalKind::Stale, "conditionNotMet")
///     .saying("Precondition Failed")
///     .about("If-Match")
///     .or_for(&[RefusalKind::UnknownTag, RefusalKind::ForeignTag]);
/// # let _ = STALE;
/// ```
#[derive(Clone, Copy, Debug)]
pub struct ErrorRow {
    kind: RefusalKind,
    others: &'static [RefusalKind],
    code: &'static str,
    status: u16,
    words: Words,
    target: Option<&'static str>,
}

/// Whose words an error has.
#[derive(Clone, Copy, Debug)]
enum Words {
    Refusal,
    RefusalOr(&'static str),
    Fixed(&'static str),
}

impl ErrorRow {
    /// A kind and its code, with the words of each refusal, under the kind's usual status.
    pub const fn new(kind: RefusalKind, code: &'static str) -> Self {
        Self { kind, others: &[], code, status: kind.usual_status(), words: Words::Refusal, target: None }
    }

    /// Always in these words, whatever those of the refusal are.
    #[must_use]
    pub const fn saying(self, words: &'static str) -> Self {
        Self { words: Words::Fixed(words), ..self }
    }

    /// In these words, where the refusal has none of its own.
    #[must_use]
    pub const fn usually_saying(self, words: &'static str) -> Self {
        Self { words: Words::RefusalOr(words), ..self }
    }

    /// Under this status, by which it is told from others with its code. What status an answer has is said by the dialect.
    #[must_use]
    pub const fn under(self, status: u16) -> Self {
        Self { status, ..self }
    }

    /// About this, such as a header or a member: [`ErrorShape::Target`].
    #[must_use]
    pub const fn about(self, target: &'static str) -> Self {
        Self { target: Some(target), ..self }
    }

    /// These kinds are told in the same way, and read as the row's own.
    #[must_use]
    pub const fn or_for(self, kinds: &'static [RefusalKind]) -> Self {
        Self { others: kinds, ..self }
    }

    fn is_for(&self, kind: RefusalKind) -> bool {
        self.kind == kind || self.others.contains(&kind)
    }

    /// In how many ways an answer with its code differs from what it says.
    fn misfit(&self, status: u16, found: &Found<'_>) -> usize {
        let differs = [self.status != status, !self.has_words_of(found), self.target != found.target];
        differs.into_iter().filter(|differs| *differs).count()
    }

    fn has_words_of(&self, found: &Found<'_>) -> bool {
        if let Words::Fixed(words) = self.words { found.message == Some(words) } else { true }
    }
}

/// A refusal in the words of an [`ErrorTable`].
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct ToldError<'a> {
    /// The refusal.
    pub refusal: &'a Refusal,
    /// Its code, or else that of its row.
    pub code: &'a str,
    /// The code of its row.
    pub row_code: &'static str,
    /// Its words.
    pub message: &'a str,
    /// What it is about.
    pub target: Option<&'static str>,
}

impl ErrorTable {
    /// These rows, as `{"error": {"code": …, "message": …}}` in `application/json`.
    pub const fn new(rows: &'static [ErrorRow]) -> Self {
        let shape = ErrorShape::CODE_AND_MESSAGE;
        Self { content_type: "application/json", echoed_headers: &[], shape, rows }
    }

    /// What the table says of a refusal: for places besides errors that tell one, such as entries of a list.
    ///
    /// ```
    /// use etag_core::{ErrorRow, ErrorTable, Refusal, RefusalKind};
    ///
    /// const ERRORS: ErrorTable = ErrorTable::new(&[ErrorRow::new(RefusalKind::NotFound, "Absent")]);
    /// let refusal = Refusal::new(RefusalKind::NotFound).saying("no such jar");
    /// assert_eq!((ERRORS.told(&refusal).code, ERRORS.told(&refusal).message), ("Absent", "no such jar"));
    /// ```
    pub fn told<'a>(&self, refusal: &'a Refusal) -> ToldError<'a> {
        let (row, own_code) = (self.row_of(refusal), refusal.code.as_deref());
        let own_words = || refusal.message.as_deref();
        let (row_code, words, target) = row.map_or(("", Words::Refusal, None), |row| (row.code, row.words, row.target));
        let message = match words {
            Words::Refusal => own_words().unwrap_or(refusal.kind.usual_message()),
            Words::RefusalOr(words) => own_words().unwrap_or(words),
            Words::Fixed(words) => words,
        };
        ToldError { refusal, code: own_code.unwrap_or(row_code), row_code, message, target }
    }

    fn row_of(&self, refusal: &Refusal) -> Option<&'static ErrorRow> {
        let mut rows = self.rows.iter().filter(|row| row.is_for(refusal.kind));
        let with_code = rows.clone().find(|row| refusal.code.as_deref() == Some(row.code));
        with_code.or_else(|| rows.next())
    }
}

impl ErrorFormat for ErrorTable {
    fn echoed_headers(&self) -> &'static [&'static str] {
        self.echoed_headers
    }

    fn write(&self, refusal: &Refusal, context: &ErrorContext<'_>) -> ErrorBody {
        let said = self.shape.say(&self.told(refusal), context);
        let body = serde_json::to_vec(&said).expect("texts, numbers and JSON are JSON");
        ErrorBody { content_type: self.content_type.into(), body: body.into() }
    }

    fn read(&self, status: u16, body: &[u8]) -> Option<RefusalKind> {
        let body: Value = serde_json::from_slice(body).ok()?;
        let mut found = Found::default();
        self.shape.find(&body, &mut found);
        let code = found.row_code.or(found.code).or(found.message.map(|_| ""))?;
        let named = self.rows.iter().filter(|row| !row.code.is_empty() && row.code.eq_ignore_ascii_case(code));
        let row = named.min_by_key(|row| row.misfit(status, &found)).or_else(|| {
            let mut nameless = self.rows.iter().filter(|row| row.code.is_empty());
            nameless.find(|row| row.status == status && row.has_words_of(&found))
        })?;
        Some(row.kind)
    }
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use super::*;

    const ROWS: [ErrorRow; 6] = [
        ErrorRow::new(RefusalKind::Stale, "failed").saying("Read it again.").about("If-Match"),
        ErrorRow::new(RefusalKind::Exists, "failed").saying("Read it again.").about("If-None-Match"),
        ErrorRow::new(RefusalKind::Unavailable, "fault").usually_saying("Come again."),
        ErrorRow::new(RefusalKind::Unavailable, "tooOften"),
        ErrorRow::new(RefusalKind::Internal, "fault"),
        ErrorRow::new(RefusalKind::NotFound, "").saying("Nothing.").or_for(&[RefusalKind::Gone]),
    ];

    const TABLE: ErrorTable = ErrorTable {
        shape: ErrorShape::Object(&[
            (
                "all",
                ErrorShape::List(&[ErrorShape::Object(&[
                    ("reason", ErrorShape::Code),
                    ("family", ErrorShape::Text("larder")),
                    ("place", ErrorShape::Target),
                ])]),
            ),
            ("status", ErrorShape::Status),
            ("class", ErrorShape::RowCode),
            ("text", ErrorShape::Message),
            ("more", ErrorShape::List(&[ErrorShape::Own(|told, _| told.refusal.details.clone())])),
            ("asker", ErrorShape::Own(|_, context| (context.header)("from").map(Value::from))),
        ]),
        echoed_headers: &["from"],
        ..ErrorTable::new(&ROWS)
    };

    fn written(refusal: &Refusal, status: u16, from: Option<&str>) -> String {
        let context = ErrorContext { status, at: UNIX_EPOCH, request_id: [0; 16], header: &|_| from };
        String::from_utf8(TABLE.write(refusal, &context).body.to_vec()).unwrap()
    }

    #[test]
    fn members_stand_in_the_order_of_the_shape_and_silent_ones_are_left_out() {
        let stale = Refusal::new(RefusalKind::Stale).saying("not told");
        assert_eq!(
            written(&stale, 412, Some("me")),
            r#"{"all":[{"reason":"failed","family":"larder","place":"If-Match"}],"status":412,"class":"failed","text":"Read it again.","asker":"me"}"#
        );
        let detailed = Refusal::new(RefusalKind::Internal).saying("leak").with_details(serde_json::json!({"at": 1}));
        assert_eq!(
            written(&detailed, 500, None),
            r#"{"all":[{"reason":"fault","family":"larder"}],"status":500,"class":"fault","text":"leak","more":[{"at":1}]}"#
        );
    }

    #[test]
    fn a_refusal_is_told_by_the_row_of_its_code() {
        let told = |refusal: Refusal| {
            let told = TABLE.told(&refusal);
            (told.code.to_owned(), told.row_code, told.message.to_owned())
        };
        let unavailable = || Refusal::new(RefusalKind::Unavailable);
        assert_eq!(told(unavailable()), ("fault".into(), "fault", "Come again.".into()));
        let often = unavailable().with_code("tooOften").saying("Slower.");
        assert_eq!(told(often), ("tooOften".into(), "tooOften", "Slower.".into()));
        assert_eq!(told(unavailable().with_code("new")), ("new".into(), "fault", "Come again.".into()));
        let nameless = told(Refusal::new(RefusalKind::Conflicting));
        assert_eq!(nameless, (String::new(), "", RefusalKind::Conflicting.usual_message().into()));
    }

    #[test]
    fn rows_of_one_code_are_told_apart_by_target_and_status() {
        let read = |refusal: &Refusal| {
            let status = refusal.kind.usual_status();
            TABLE.read(status, written(refusal, status, None).as_bytes())
        };
        for kind in [RefusalKind::Stale, RefusalKind::Exists, RefusalKind::Unavailable, RefusalKind::Internal] {
            assert_eq!(read(&Refusal::new(kind)), Some(kind));
        }
        assert_eq!(read(&Refusal::new(RefusalKind::NotFound)), Some(RefusalKind::NotFound));
    }

    #[test]
    fn a_code_is_enough_for_a_reader() {
        assert_eq!(TABLE.read(418, br#"{"class":"TOOOFTEN"}"#), Some(RefusalKind::Unavailable));
        assert_eq!(TABLE.read(412, br#"{"class":"failed","text":"reworded"}"#), Some(RefusalKind::Stale));
    }

    #[test]
    fn a_row_without_a_code_reads_any_code_under_its_status_in_its_words() {
        assert_eq!(TABLE.read(404, br#"{"class":"odd","text":"Nothing."}"#), Some(RefusalKind::NotFound));
        assert_eq!(TABLE.read(404, br#"{"class":"odd","text":"Something."}"#), None);
        assert_eq!(TABLE.read(410, br#"{"class":"","text":"Nothing."}"#), None);
    }

    #[test]
    fn what_has_another_shape_is_not_read() {
        for body in ["", "<html>", "{}", "[]", r#"{"status":412}"#, r#"{"class":7}"#] {
            assert_eq!(TABLE.read(404, body.as_bytes()), None, "{body}");
        }
    }
}
