//! Which writes need a condition, and what it compares.

use serde_json::json;

use crate::support::Request;
use crate::{OFFER, create, document, expect_error, get, portal, post, put};

#[test]
fn a_tag_is_a_weak_escaped_timestamp_of_seven_digits_in_the_header_alone() {
    let portal = portal(&[]);
    let mut client = portal.client();
    let etag = create(&mut client);
    let offer = get(&mut client, OFFER).expect(200);
    assert_eq!(offer.etag(), etag);
    let time = etag.strip_prefix("W/\"datetime'").and_then(|rest| rest.strip_suffix("'\"")).expect(&etag);
    let plain = time.replace("%3A", ":");
    let form: String = plain.chars().map(|char| if char.is_ascii_digit() { '0' } else { char }).collect();
    assert_eq!(form, "0000-00-00T00:00:00.0000000Z");
    let body = offer.json();
    assert_eq!(body["changedTime"], plain);
    assert_eq!(time.matches("%3A").count(), 2, "{time}");
    assert!(body.get("eTag").is_none() && body.get("etag").is_none(), "{body}");
}

#[test]
fn a_put_without_if_match_is_400_also_if_it_would_create() {
    let portal = portal(&[]);
    let mut client = portal.client();
    expect_error(client.send(&put("first")), 400, "IfMatchRequired");
    create(&mut client);
    expect_error(client.send(&put("second")), 400, "IfMatchRequired");
    assert_eq!(get(&mut client, OFFER).json()["definition"]["displayText"], "first");
}

#[test]
fn a_put_under_the_current_tag_is_200_with_a_new_tag() {
    let portal = portal(&[]);
    let mut client = portal.client();
    let etag = create(&mut client);
    let modified = client.send(&put("second").if_match(&etag)).expect(200);
    assert_ne!(modified.etag(), etag);
    let offer = get(&mut client, OFFER);
    assert_eq!((offer.etag(), offer.json()), (modified.etag(), modified.json()));
    assert_eq!(offer.json()["definition"]["displayText"], "second");
}

#[test]
fn a_put_that_changes_nothing_gives_a_new_tag() {
    let portal = portal(&[]);
    let mut client = portal.client();
    let etag = create(&mut client);
    assert_ne!(client.send(&put("first").if_match(&etag)).expect(200).etag(), etag);
}

#[test]
fn a_stale_tag_is_412_and_writes_nothing() {
    let portal = portal(&[]);
    let mut client = portal.client();
    let stale = create(&mut client);
    client.send(&put("second").if_match(&stale)).expect(200);
    expect_error(client.send(&put("third").if_match(&stale)), 412, "PreconditionFailed");
    assert_eq!(get(&mut client, OFFER).json()["definition"]["displayText"], "second");
}

#[test]
fn a_text_that_never_was_the_tag_is_412() {
    let portal = portal(&[]);
    let mut client = portal.client();
    create(&mut client);
    for wrong in ["W/\"datetime'2019-10-30T22%3A03%3A51.6562051Z'\"", "\"1\"", "abc", "W/datetime'2019'"] {
        expect_error(client.send(&put("second").if_match(wrong)), 412, "PreconditionFailed");
    }
}

#[test]
fn a_tag_that_lost_its_weakness_is_another_text() {
    let portal = portal(&[]);
    let mut client = portal.client();
    let etag = create(&mut client);
    expect_error(client.send(&put("second").if_match(etag.trim_start_matches("W/"))), 412, "PreconditionFailed");
    client.send(&put("second").if_match(&etag)).expect(200);
}

#[test]
fn a_wildcard_creates_and_overwrites_whatever_is_there() {
    let portal = portal(&[]);
    let mut client = portal.client();
    client.send(&put("first").if_match("*")).expect(201);
    client.send(&put("second").if_match("*")).expect(200);
    client.send(&put("third").if_match("*")).expect(200);
    assert_eq!(get(&mut client, OFFER).json()["definition"]["displayText"], "third");
}

#[test]
fn a_put_that_may_only_create_is_412_where_the_offer_exists() {
    let portal = portal(&[]);
    let mut client = portal.client();
    client.send(&put("first").if_none_match("*")).expect(201);
    expect_error(client.send(&put("second").if_none_match("*")), 412, "ResourceExists");
    expect_error(client.send(&put("second").if_match("*").if_none_match("*")), 412, "ResourceExists");
    assert_eq!(get(&mut client, OFFER).json()["definition"]["displayText"], "first");
}

#[test]
fn a_tag_of_an_offer_that_does_not_exist_is_404() {
    let portal = portal(&[]);
    expect_error(portal.client().send(&put("first").if_match("W/\"datetime'2019'\"")), 404, "ResourceNotFound");
}

#[test]
fn a_tag_of_an_offer_that_does_not_exist_is_412_where_that_is_chosen() {
    let portal = portal(&["--absent-is-mismatch"]);
    expect_error(portal.client().send(&put("first").if_match("W/\"datetime'2019'\"")), 412, "PreconditionFailed");
}

#[test]
fn tag_and_version_in_a_body_are_ignored() {
    let portal = portal(&[]);
    let mut client = portal.client();
    let etag = create(&mut client);
    let mut body = document("second");
    body["eTag"] = json!("W/\"datetime'2017-06-07T06%3A15%3A40.4771399Z'\"");
    body["version"] = json!(41);
    let put = |etag: &str| Request::put(crate::at(OFFER), &body).if_match(etag);
    let modified = client.send(&put(&etag)).expect(200).json();
    assert_eq!(modified["version"], 1);
    assert!(modified.get("eTag").is_none(), "{modified}");
    body["eTag"] = json!(get(&mut client, OFFER).etag());
    let unconditional = Request::put(crate::at(OFFER), &body);
    expect_error(client.send(&unconditional), 400, "IfMatchRequired");
}

#[test]
fn reads_need_no_condition_and_are_304_under_the_current_tag() {
    let portal = portal(&[]);
    let mut client = portal.client();
    let etag = create(&mut client);
    let unchanged = client.send(&Request::get(crate::at(OFFER)).if_none_match(&etag)).expect(304);
    assert_eq!((unchanged.etag(), unchanged.text()), (etag, String::new()));
}

#[test]
fn publish_go_live_and_cancel_compare_only_what_is_sent() {
    let portal = portal(&[]);
    let mut client = portal.client();
    let stale = create(&mut client);
    let etag = client.send(&put("second").if_match(&stale)).expect(200).etag();
    expect_error(client.send(&post("publish").if_match(&stale)), 412, "PreconditionFailed");
    let published = client.send(&post("publish").if_match(&etag)).expect(202).etag();
    expect_error(client.send(&post("golive").if_match(&etag)), 412, "PreconditionFailed");
    expect_error(client.send(&post("cancel").if_match(&etag)), 412, "PreconditionFailed");
    assert_ne!(published, etag);
    client.send(&post("golive")).expect(202);
}

#[test]
fn strict_actions_need_a_condition_too() {
    let portal = portal(&["--strict-actions"]);
    let mut client = portal.client();
    create(&mut client);
    for action in ["publish", "golive", "cancel"] {
        expect_error(client.send(&post(action)), 400, "IfMatchRequired");
    }
    let etag = client.send(&post("publish").if_match("*")).expect(202).etag();
    client.send(&post("golive").if_match(etag)).expect(202);
}

#[test]
fn a_compatible_put_without_if_match_creates_and_is_409_after() {
    let portal = portal(&["--compat"]);
    let mut client = portal.client();
    client.send(&put("first")).expect(201);
    let message = expect_error(client.send(&put("second")), 409, "InvalidResourceId");
    assert_eq!(
        message,
        "Offer ID already exists. If you wanted to update an existing offer, please ensure If-Match header is specified \
         as per documentation."
    );
    client.send(&put("second").if_match("*")).expect(200);
}

/// What devigned/pub did at v0.2.2: the `ETag` of the read before is the `If-Match` of the write.
#[test]
fn a_client_that_reads_and_writes_under_what_it_read_loses_no_update() {
    let portal = portal(&[]);
    let mut client = portal.client();
    create(&mut client);
    let read = get(&mut client, OFFER).expect(200);
    let other = client.send(&put("other").if_match(read.etag())).expect(200);
    expect_error(client.send(&put("mine").if_match(read.etag())), 412, "PreconditionFailed");
    let read = get(&mut client, OFFER).expect(200);
    assert_eq!(read.etag(), other.etag());
    let mut body = read.json();
    body["definition"]["displayText"] = json!("other, and mine");
    client.send(&Request::put(crate::at(OFFER), &body).if_match(read.etag())).expect(200);
}
