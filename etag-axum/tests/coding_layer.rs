//! Tags behind `tower_http`'s compression (rule T7).

#[path = "coding_layer/app.rs"]
mod app;

use app::{Answer, app, send, send_to};
use axum::body::Body;
use axum::{Router, routing::get};
use etag_axum::{Coding, CodingTagLayer, ConditionalLayer};
use http::{HeaderMap, HeaderValue, Method, Request};
use tower_http::compression::{CompressionLayer, predicate::SizeAbove};

const GZIP: (&str, &str) = ("accept-encoding", "gzip");
const BR: (&str, &str) = ("accept-encoding", "br");

#[tokio::test]
async fn each_coding_has_its_own_tag() {
    let app = app();
    let tags = [&[][..], &[GZIP], &[BR]].map(|headers| send(&app, Method::GET, headers));
    let [plain, gzip, br] = tags;
    assert_eq!(plain.await.tag(), "\"0\"");
    assert_eq!(gzip.await.tag(), "\"0~gzip\"");
    assert_eq!(br.await.tag(), "\"0~br\"");
}

#[tokio::test]
async fn a_compressed_tag_makes_the_round_trip() {
    let app = app();
    let read = send(&app, Method::GET, &[GZIP]).await;
    let revalidation = [GZIP, ("if-none-match", &read.tag())];
    assert_eq!(send(&app, Method::GET, &revalidation).await.status, 304);

    assert_eq!(send(&app, Method::PUT, &[("if-match", &read.tag())]).await.status, 200);
    assert_eq!(send(&app, Method::GET, &revalidation).await.status, 200);
    assert_eq!(send(&app, Method::PUT, &[("if-match", &read.tag())]).await.status, 412);
}

#[tokio::test]
async fn a_304_carries_the_tag_that_the_client_holds() {
    let app = app();
    for (asked, expected) in [
        ("\"0~gzip\"", "\"0~gzip\""),
        ("W/\"0~gzip\"", "\"0~gzip\""),
        ("\"1\", \"0~gzip\"", "\"0~gzip\""),
        ("\"0\"", "\"0\""),
        ("\"0\", \"1~gzip\"", "\"0\""),
        ("*", "\"0\""),
    ] {
        let answer = send(&app, Method::GET, &[GZIP, ("if-none-match", asked)]).await;
        assert_eq!((answer.status.as_u16(), answer.tag().as_str()), (304, expected), "{asked}");
    }
}

#[tokio::test]
async fn a_read_matches_only_the_coding_that_it_would_get() {
    let app = app();
    for (accepted, tag) in [
        ("gzip", "\"0~br\""),
        ("br", "\"0~gzip\""),
        ("gzip, br", "\"0~gzip\""),
        ("identity", "\"0~gzip\""),
        ("gzip;q=0", "\"0~gzip\""),
        ("gzip", "\"0~deflate\""),
        ("gzip", "\"0~GZIP\""),
        ("gzip", "\"0~gzip~gzip\""),
    ] {
        let headers = [("accept-encoding", accepted), ("if-none-match", tag)];
        assert_eq!(send(&app, Method::GET, &headers).await.status, 200, "{accepted} {tag}");
        let headers = [("accept-encoding", accepted), ("if-match", tag)];
        assert_eq!(send(&app, Method::GET, &headers).await.status, 412, "{accepted} {tag}");
    }
}

#[tokio::test]
async fn a_write_matches_any_coding() {
    let app = app();
    for (version, coding) in ["gzip", "br", "deflate", "zstd"].into_iter().enumerate() {
        let tag = format!("\"{version}~{coding}\"");
        assert_eq!(send(&app, Method::PUT, &[("if-none-match", &tag)]).await.status, 412, "{coding}");
        assert_eq!(send(&app, Method::PUT, &[("if-match", &tag)]).await.status, 200, "{coding}");
    }
    assert_eq!(send(&app, Method::PUT, &[("if-match", "\"4~gzip~gzip\"")]).await.status, 412);
}

#[tokio::test]
async fn a_tag_that_a_proxy_weakened_still_fails_if_match() {
    assert_eq!(send(&app(), Method::PUT, &[("if-match", "W/\"0~gzip\"")]).await.status, 412);
}

#[tokio::test]
async fn the_tag_of_a_write_is_accepted_by_the_next_one() {
    let app = app();
    let first = send(&app, Method::PUT, &[GZIP, ("if-match", "\"0\"")]).await;
    assert_eq!(first.tag(), "\"1~gzip\"");
    assert_eq!(send(&app, Method::PUT, &[GZIP, ("if-match", &first.tag())]).await.tag(), "\"2~gzip\"");
}

#[tokio::test]
async fn the_current_tag_of_a_412_has_a_suffix_only_where_the_412_is_compressed() {
    let app = app();
    let stale = ("if-match", "\"9\"");
    assert_eq!(send(&app, Method::PUT, &[stale]).await.tag(), "\"0\"");
    let compressed = send(&app, Method::PUT, &[stale, GZIP]).await;
    assert_eq!((compressed.status.as_u16(), compressed.tag().as_str()), (412, "\"0~gzip\""));
    assert_eq!(send(&app, Method::PUT, &[("if-match", &compressed.tag())]).await.status, 200);
}

#[tokio::test]
async fn vary_is_on_200_and_304_alike() {
    let app = app();
    for method in [Method::GET, Method::HEAD] {
        for headers in [&[][..], &[GZIP], &[("if-none-match", "\"0\"")], &[GZIP, ("if-none-match", "\"0~gzip\"")]] {
            let answer = send(&app, method.clone(), headers).await;
            assert_eq!(answer.all("vary"), ["accept-encoding"], "{method} {headers:?} {}", answer.status);
        }
    }
}

#[tokio::test]
async fn vary_is_merged_and_not_repeated() {
    for (own, expected) in [
        ("origin", &["origin", "accept-encoding"][..]),
        ("Accept-Encoding", &["Accept-Encoding"]),
        ("origin,  ACCEPT-ENCODING ", &["origin,  ACCEPT-ENCODING"]),
        ("x-accept-encoding", &["x-accept-encoding", "accept-encoding"]),
        ("*", &["*"]),
    ] {
        let page = move || async move { ([("vary", own.trim())], "short") };
        let app = tagged(Router::new().route("/", get(page)));
        assert_eq!(send(&app, Method::GET, &[GZIP]).await.all("vary"), expected);
    }
}

#[tokio::test]
async fn head_tells_the_tag_of_get() {
    assert_eq!(send(&app(), Method::HEAD, &[GZIP]).await.tag(), "\"0~gzip\"");
}

#[tokio::test]
async fn what_is_not_compressed_keeps_its_tag() {
    let app = tagged(Router::new().route("/", get(|| async { ([("etag", "\"1\"")], "short") })));
    assert_eq!(send(&app, Method::GET, &[GZIP]).await.tag(), "\"1\"");
}

#[tokio::test]
async fn a_weak_tag_is_shared_by_all_codings() {
    let page = || async { ([("etag", "W/\"1\"")], "a".repeat(100)) };
    let app = tagged(Router::new().route("/", get(page)).layer(ConditionalLayer::new()));
    let read = send(&app, Method::GET, &[GZIP]).await;
    assert_eq!((read.tag().as_str(), read.all("content-encoding")), ("W/\"1\"", vec!["gzip".to_owned()]));
    let again = send(&app, Method::GET, &[GZIP, ("if-none-match", &read.tag())]).await;
    assert_eq!((again.status.as_u16(), again.tag().as_str()), (304, "W/\"1\""));
}

#[tokio::test]
async fn what_is_no_tag_is_left_alone() {
    for malformed in ["1", "\"a b\"", "\"1\", \"2\""] {
        let page = move || async move { ([("etag", malformed)], "a".repeat(100)) };
        let app = tagged(Router::new().route("/", get(page)));
        assert_eq!(send(&app, Method::GET, &[GZIP]).await.tag(), malformed);
    }
}

#[tokio::test]
async fn a_304_that_the_compression_layer_labelled_keeps_its_plain_tag() {
    let page = || async { ([("etag", "\"1\"")], "short") };
    let compression = CompressionLayer::new().compress_when(SizeAbove::new(0));
    let inner = Router::new().route("/", get(page)).layer(ConditionalLayer::new());
    let app = inner.layer(compression.clone()).layer(CodingTagLayer::of(&compression));
    let answer = send(&app, Method::GET, &[GZIP, ("if-none-match", "\"1\"")]).await;
    assert_eq!((answer.status.as_u16(), answer.tag().as_str()), (304, "\"1\""));
}

#[tokio::test]
async fn a_range_is_never_matched_by_a_compressed_tag() {
    let app = echo();
    for name in ["if-range", "if-match", "if-none-match"] {
        let headers = [GZIP, ("range", "bytes=10-"), (name, "\"0~gzip\"")];
        assert_eq!(send(&app, Method::GET, &headers).await.all(name), ["\"0~gzip\""]);
    }
    assert_eq!(send(&app, Method::GET, &[GZIP, ("if-range", "\"0~gzip\"")]).await.all("if-range"), ["\"0~gzip\""]);
}

#[tokio::test]
async fn fields_that_can_not_be_read_pass_byte_for_byte() {
    let fields: [&[&[u8]]; 6] = [
        &[b"0~gzip"],
        &[b"\"0~gzip"],
        &[b"\"0~gzip\" \"1~gzip\""],
        &[b"\"0~gzip\"", b"1~gzip"],
        &[b"*, \"0~gzip\""],
        &[b"\"0~gzip\xFF\", \"a b~gzip\""],
    ];
    for lines in fields {
        assert_eq!(seen_by_handler(Method::PUT, lines).await, lines);
        assert_eq!(seen_by_handler(Method::GET, lines).await, lines);
    }
}

#[tokio::test]
async fn all_else_in_a_field_stays_byte_for_byte() {
    let lines: [&[u8]; 3] = [b"\"a,~gzip\xFF~gzip\",,\t W/\"b~gzip\"", b"\"c\"", b" \"~gzip\" ,\"d~\",\"~\""];
    let expected: [&[u8]; 3] = [b"\"a,~gzip\xFF\",,\t W/\"b\"", b"\"c\"", b" \"\" ,\"d~\",\"~\""];
    assert_eq!(seen_by_handler(Method::PUT, &lines).await, expected);
    assert_eq!(seen_by_handler(Method::GET, &lines).await, expected);
}

#[tokio::test]
async fn the_codings_of_the_compression_layer_are_found() {
    let only = |compression: CompressionLayer| format!("{:?}", CodingTagLayer::of(&compression));
    let listed = |codings: &[Coding]| format!("{:?}", CodingTagLayer::offering(codings.iter().copied()));
    assert_eq!(only(CompressionLayer::new()), listed(&[Coding::Br, Coding::Gzip]));
    assert_eq!(only(CompressionLayer::new().no_br()), listed(&[Coding::Gzip]));
    assert_eq!(only(CompressionLayer::new().no_br().no_gzip()), listed(&[]));
}

/// The choice of `tower_http` is looked at, not trusted: whatever tag it led to must revalidate, and no other may.
#[tokio::test]
async fn the_coding_is_chosen_as_tower_http_chooses_it() {
    let app = app();
    let members = [
        "",
        "gzip",
        "br",
        "x-gzip",
        "GZIP",
        "zstd",
        "identity",
        "*",
        "gzip;q=0",
        "gzip;q=0.5",
        "gzip ; q=0.501",
        "br;q=0",
        "br;Q=0.5",
        "br;q=1.",
        "br;q=0.1234",
        "br;q=2",
        "*;q=0",
        "*;q=0.7",
        "*;q=x",
        "identity;q=0",
        "identity;q=0.6",
        "br;level=1",
        "unknown;q=1",
        "x-gzip;q=0.2",
    ];
    for first in members {
        for second in members {
            let accepted = format!("{first},{second}");
            check_choice(&app, ("accept-encoding", &accepted)).await;
        }
    }
}

async fn check_choice(app: &Router, accepted: (&str, &str)) {
    let read = send(app, Method::GET, &[accepted]).await;
    if read.status == 406 {
        return;
    }
    for coding in ["gzip", "br"] {
        let tag = format!("\"0~{coding}\"");
        let again = send(app, Method::GET, &[accepted, ("if-none-match", &tag)]).await;
        assert_eq!(again.status == 304, read.tag() == tag, "{accepted:?} {tag}");
    }
}

fn tagged(inner: Router) -> Router {
    let compression = CompressionLayer::new();
    inner.layer(compression.clone()).layer(CodingTagLayer::of(&compression))
}

/// Answers with the request's headers.
fn echo() -> Router {
    let echo = |mut headers: HeaderMap| async move {
        headers.remove("content-length");
        headers
    };
    tagged(Router::new().route("/", get(echo).put(echo)))
}

async fn seen_by_handler(method: Method, lines: &[&[u8]]) -> Vec<Vec<u8>> {
    let mut request = Request::new(Body::empty());
    *request.method_mut() = method;
    request.headers_mut().insert("accept-encoding", HeaderValue::from_static("gzip"));
    for line in lines {
        request.headers_mut().append("if-match", HeaderValue::from_bytes(line).unwrap());
    }
    let Answer { headers, .. } = send_to(&echo(), request).await;
    headers.get_all("if-match").into_iter().map(|line| line.as_bytes().to_vec()).collect()
}
