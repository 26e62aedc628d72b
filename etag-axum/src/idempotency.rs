//! Writes that are done once, however often they are sent (rule P6).

use axum::response::Response;
use bytes::Bytes;
use etag_core::{
    Batch, Committed, ContentDigest, Digester, Effect, Error, ErrorKind, Head, InFlight, LedgerClaim, LedgerEntry,
    LedgerKey, Replay, Store, Touched, Written,
};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header, request::Parts};

use crate::{
    authorize::Principal,
    call::{Call, Seen},
    limits::Limits,
    location,
    problem::{Problem, ProblemKind},
    respond,
};

pub(crate) const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// Tells that an answer is an earlier one's.
pub(crate) const IDEMPOTENCY_REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// The claim of a request to be done once; none where it has no key. It holds while the request is under way.
#[derive(Debug)]
pub(crate) struct Once<'a> {
    claim: LedgerClaim,
    _mark: InFlight<'a>,
}

/// What the ledger says of a request.
pub(crate) enum Entry<'a> {
    /// It has not been done.
    New(Option<Once<'a>>),
    /// It was done, and did this.
    Done(Done),
}

/// What a commit did to its resource, and to others.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) written: Written,
    pub(crate) touched: Vec<Touched>,
}

/// What the ledger's row says of a request.
pub(crate) enum Recalled<'a> {
    New(Option<Once<'a>>),
    Done(LedgerEntry),
}

impl Once<'_> {
    pub(crate) fn claim(&self) -> LedgerClaim {
        self.claim.clone()
    }
}

/// Looks a request up in the ledger, and marks it as under way.
pub(crate) async fn recall<'a>(
    store: &'a dyn Store,
    limits: &Limits,
    parts: &Parts,
    principal: &Principal,
    body: &[u8],
) -> Result<Recalled<'a>, Problem> {
    let Some(key) = ledger_key(&parts.headers, principal, limits.idempotency_key_bytes)? else {
        return Ok(Recalled::New(None));
    };
    let fingerprint = fingerprint(parts, body);
    let mark = store.coordinator().begin(&key)?;
    match store.recall(&key).await? {
        None => {
            let claim = LedgerClaim { key, fingerprint, keep_for: limits.idempotency_kept_for };
            Ok(Recalled::New(Some(Once { claim, _mark: mark })))
        }
        Some(entry) if entry.fingerprint == fingerprint => Ok(Recalled::Done(entry)),
        Some(_) => {
            let detail = "the Idempotency-Key came before with another request; choose a new key for a new request";
            Err(Problem::new(ProblemKind::KeyReused, detail))
        }
    }
}

fn ledger_key(headers: &HeaderMap, principal: &Principal, limit: usize) -> Result<Option<LedgerKey>, Problem> {
    let mut lines = headers.get_all(IDEMPOTENCY_KEY).into_iter();
    let Some(line) = lines.next() else { return Ok(None) };
    let key = line.to_str().ok().map(str::trim).filter(|key| (1..=limit).contains(&key.len()));
    match (key, lines.next()) {
        (Some(key), None) => Ok(Some(LedgerKey { principal: principal.name().to_owned(), key: key.to_owned() })),
        _ => Err(malformed_key(limit)),
    }
}

/// What tells a request from another one under the same key.
fn fingerprint(parts: &Parts, body: &[u8]) -> ContentDigest {
    let fields = [header::CONTENT_TYPE, header::IF_MATCH, header::IF_NONE_MATCH, header::IF_UNMODIFIED_SINCE];
    let mut digester = Digester::new();
    digester.str(parts.method.as_str());
    let uri = location::original(parts);
    digester.str(uri.path());
    digester.str(uri.query().unwrap_or_default());
    for name in &fields {
        feed_lines(&mut digester, &parts.headers, name);
    }
    digester.bytes(body);
    digester.finish()
}

impl<'a> Call<'a> {
    /// Looks the request up in the ledger, and marks it as under way.
    pub(crate) async fn look_up(&self, body: &[u8]) -> Result<Entry<'a>, Problem> {
        match recall(self.store(), self.endpoint.limits(), self.parts, &self.principal, body).await? {
            Recalled::New(once) => Ok(Entry::New(once)),
            Recalled::Done(entry) => done(entry),
        }
    }

    /// Commits the request's item and those that go with it, once where the request has a key.
    pub(crate) async fn commit(&self, batch: Batch, once: Option<&Once<'_>>) -> Result<Outcome, Error> {
        let batch = match once {
            Some(once) => batch.once(once.claim.clone()),
            None => batch,
        };
        Outcome::of(self.store().commit(batch).await?)
    }

    /// The answer that the first of several equal requests got, as far as it still holds.
    pub(crate) async fn replay(&self, done: Done) -> Result<Response, Problem> {
        let Done { written: Written { effect, head: Some(head), .. }, touched } = done else {
            return Err(no_state().into());
        };
        let mut response = match effect {
            Effect::Created => self.replay_write(StatusCode::CREATED, &head).await?,
            Effect::Deleted => respond::bare(StatusCode::NO_CONTENT),
            _ => self.replay_write(StatusCode::OK, &head).await?,
        };
        self.place_touched(response.headers_mut(), &touched).await;
        response.headers_mut().insert(IDEMPOTENCY_REPLAYED, HeaderValue::from_static("true"));
        Ok(response)
    }

    /// The body is told only where it is still the one of the recorded tag.
    async fn replay_write(&self, status: StatusCode, head: &Head) -> Result<Response, Problem> {
        let row = self.store().read(&head.key).await?.filter(|row| row.head.tag == head.tag);
        let body = match row {
            Some(row) if self.may_disclose(&head.key, Some(&Seen::of_row(row.clone()))).await => {
                Some(self.endpoint.model.representation(&row)?)
            }
            _ => None,
        };
        Ok(self.written(status, head, body))
    }
}

/// What a commit did, of which the first item is the request's.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// This, just now, with a document where the store completed the given one.
    Written(Effect, Head, Option<Bytes>, Vec<Touched>),
    /// An equal request was faster, and did this.
    Repeated(Done),
}

impl Outcome {
    fn of(committed: Committed) -> Result<Self, Error> {
        let Committed { items, touched, replay } = committed;
        let written = items.into_iter().next().ok_or_else(no_state)?;
        match (replay, written) {
            (Replay::Repeated, written) => Ok(Self::Repeated(Done { written, touched })),
            (Replay::Original, Written { effect, head: Some(head), body }) => {
                Ok(Self::Written(effect, head, body, touched))
            }
            (Replay::Original, Written { head: None, .. }) => Err(no_state()),
        }
    }
}

fn no_state() -> Error {
    Error::new(ErrorKind::Engine, "the store answered a write without the state that it wrote")
}

fn done(entry: LedgerEntry) -> Result<Entry<'static>, Problem> {
    let LedgerEntry { items, touched, .. } = entry;
    let written = items.into_iter().next().ok_or_else(no_state)?;
    Ok(Entry::Done(Done { written, touched }))
}

fn malformed_key(limit: usize) -> Problem {
    let detail = format!("the Idempotency-Key must be one line of 1 to {limit} visible ASCII characters");
    Problem::new(ProblemKind::MalformedKey, detail).about_header("Idempotency-Key")
}

fn feed_lines(digester: &mut Digester, headers: &HeaderMap, name: &HeaderName) {
    let lines = headers.get_all(name);
    digester.list(lines.iter().count());
    lines.iter().for_each(|line| digester.bytes(line.as_bytes()));
}
