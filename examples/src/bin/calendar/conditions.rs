//! What of the conditional headers the service listens to, as switched.

use axum::{
    Router,
    extract::{MatchedPath, Request},
    middleware::map_request,
};
use examples::{ignore_headers, is_read};
use http::{HeaderName, HeaderValue, header};

use crate::{
    Calendar,
    switches::{ConditionSwitches, Count, ListReads, Unquoted},
};

const OF_WRITES: &[HeaderName] = &[header::IF_MATCH, header::IF_NONE_MATCH, header::IF_UNMODIFIED_SINCE];
const BESIDE_IF_MATCH: &[HeaderName] = &[header::IF_NONE_MATCH, header::IF_UNMODIFIED_SINCE];
const OF_READS: &[HeaderName] = &[header::IF_NONE_MATCH, header::IF_MODIFIED_SINCE];

/// How the paths of lists end.
const LISTS: [&str; 4] = ["/events", "/acl", "/calendarList", "/settings"];

/// A tag that nothing has.
const OF_NOTHING: &str = "\"\"";

/// The routes, which hear what they are to listen to.
pub(crate) fn as_switched(mut routes: Router<Calendar>, switches: ConditionSwitches) -> Router<Calendar> {
    if switches.other_conditions == Count::Ignored {
        routes = ignore_headers(routes, BESIDE_IF_MATCH, |request| !is_read(request));
    }
    if switches.move_conditions == Count::Ignored {
        routes = ignore_headers(routes, OF_WRITES, |request| has_path_to(request, &["/move"]));
    }
    if switches.lists == ListReads::Plain {
        routes = ignore_headers(routes, OF_READS, |request| is_read(request) && has_path_to(request, &LISTS));
    }
    match switches.unquoted {
        Unquoted::Refused => routes,
        Unquoted::Mismatch => routes.layer(map_request(async |request| mended(request, |_| OF_NOTHING.to_owned()))),
        Unquoted::Tag => routes.layer(map_request(async |request| mended(request, |text| format!("\"{text}\"")))),
    }
}

/// Whether the path of a route ends like one of these.
fn has_path_to(request: &Request, ends: &[&str]) -> bool {
    let path = request.extensions().get::<MatchedPath>().map(MatchedPath::as_str);
    path.is_some_and(|path| ends.iter().any(|end| path.ends_with(end)))
}

/// The request, with this in place of a text that would be a tag if it had quotes.
fn mended(mut request: Request, mend: impl Fn(&str) -> String) -> Request {
    for name in [header::IF_MATCH, header::IF_NONE_MATCH] {
        let text = request.headers().get(&name).and_then(|value| value.to_str().ok());
        let unquoted = text.map(str::trim).filter(|text| !(text.is_empty() || *text == "*" || text.contains('"')));
        if let Some(Ok(value)) = unquoted.map(|text| HeaderValue::try_from(mend(text))) {
            request.headers_mut().insert(name, value);
        }
    }
    request
}
