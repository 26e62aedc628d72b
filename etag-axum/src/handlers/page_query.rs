//! The query of a list: which page, and of whose children.

use axum::extract::Query;
use etag_core::{Key, Link, Scan};

use crate::{
    authorize::Access,
    call::Call,
    cursor,
    endpoint::Endpoint,
    location,
    problem::{Problem, ProblemKind},
};

/// A page, and the part of the query that chose the list that it is of.
pub(super) struct PageQuery {
    pub(super) scan: Scan,
    filter: Option<(&'static str, String)>,
}

impl PageQuery {
    /// The page that the query asks for.
    pub(super) async fn of(call: &Call<'_>) -> Result<Self, Problem> {
        let asked = Asked::of(call)?;
        let collection = call.endpoint.description().collection;
        let after =
            asked.cursor.map(|text| cursor::decode(collection, &text).ok_or_else(unknown_cursor)).transpose()?;
        let scan = Scan::new(collection, limit(call, asked.limit)?).after(after);
        match (&call.parent, asked.filter) {
            (Some(parent), _) => Ok(Self { scan: scan.under(parent.link.name, parent.key.clone()), filter: None }),
            (None, None) => Ok(Self { scan, filter: None }),
            (None, Some((link, endpoint, text))) => {
                let parent = parent_named(call, link, endpoint, &text).await?;
                Ok(Self { scan: scan.under(link.name, parent), filter: Some((link.field, text)) })
            }
        }
    }

    /// The path of the page that begins at `cursor`.
    pub(super) fn next(&self, call: &Call<'_>, cursor: &str) -> String {
        let path = location::original(call.parts).path();
        let filter = self.filter.as_ref().map(|(field, id)| format!("&{field}={}", location::encoded(id)));
        format!("{path}?limit={}&cursor={cursor}{}", self.scan.limit, filter.unwrap_or_default())
    }
}

/// The parameters of a query.
#[derive(Default)]
struct Asked<'a> {
    limit: Option<usize>,
    cursor: Option<String>,
    filter: Option<(&'static Link, &'a Endpoint, String)>,
}

impl<'a> Asked<'a> {
    fn of(call: &Call<'a>) -> Result<Self, Problem> {
        let Query(parameters) = Query::<Vec<(String, String)>>::try_from_uri(&call.parts.uri)
            .map_err(|error| malformed(error.body_text()))?;
        parameters.into_iter().try_fold(Self::default(), |asked, (name, value)| asked.with(call, &name, value))
    }

    fn with(mut self, call: &Call<'a>, name: &str, value: String) -> Result<Self, Problem> {
        let is_repeated = match name {
            "limit" => {
                let limit = value.parse().map_err(|_| malformed(format!("limit is {value:?}; it must be a number")))?;
                self.limit.replace(limit).is_some()
            }
            "cursor" => self.cursor.replace(value).is_some(),
            _ => {
                let (link, parent) = filter(call, name).ok_or_else(|| unknown(call, name))?;
                self.filter.replace((link, parent, value)).is_some()
            }
        };
        if is_repeated { Err(malformed(format!("{name} is one parameter too many of its kind"))) } else { Ok(self) }
    }
}

/// The link whose parent this parameter chooses. Below a parent it is chosen already.
fn filter<'a>(call: &Call<'a>, name: &str) -> Option<(&'static Link, &'a Endpoint)> {
    let mut filters = call.route.registry.filters_of(call.endpoint.description());
    filters.find(|(link, _)| link.field == name && call.parent.is_none()).map(|(link, parent)| (link, &**parent))
}

/// A parent that is missing, and one that whoever is asking may not read, are told alike (rule H8).
async fn parent_named(call: &Call<'_>, link: &Link, endpoint: &Endpoint, text: &str) -> Result<Key, Problem> {
    let unknown = || malformed(format!("{} is {text:?}, which names no {}", link.field, link.name));
    let key = endpoint.key(text).ok_or_else(unknown)?;
    endpoint.authorize(Access::to_read(&key), call.parts).await.map_err(|_| unknown())?;
    match call.look_at_neighbour(endpoint, &key).await {
        Ok(Some(_)) => Ok(key),
        Ok(None) => Err(unknown()),
        Err(problem) if problem.is_refusal() => Err(unknown()),
        Err(problem) => Err(problem),
    }
}

fn limit(call: &Call<'_>, asked: Option<usize>) -> Result<usize, Problem> {
    let page = call.endpoint.settings.page_size;
    let limit = asked.unwrap_or(page.default);
    if (1..=page.max).contains(&limit) {
        return Ok(limit);
    }
    Err(malformed(format!("limit is {limit}; it must be from 1 to {}", page.max)))
}

fn unknown(call: &Call<'_>, name: &str) -> Problem {
    let filters = call.route.registry.filters_of(call.endpoint.description()).map(|(link, _)| link.field);
    let known: Vec<_> = ["limit", "cursor"].into_iter().chain(filters.filter(|_| call.parent.is_none())).collect();
    malformed(format!("{name:?} is none of the parameters {}", known.join(", ")))
}

fn unknown_cursor() -> Problem {
    malformed("cursor was not given by this collection; take it from `next` of a page, or leave it out to begin")
}

fn malformed(detail: impl Into<String>) -> Problem {
    Problem::new(ProblemKind::MalformedQuery, detail)
}
