//! What the sources leave open, the other way round.

use serde_json::json;

use crate::support::Request;
use crate::{OFFER, at, create, document, expect_error, get, portal, post, put};

const NEVER_WAS: &str = "W/\"datetime'2019-10-30T22%3A03%3A51.6562051Z'\"";

#[test]
fn a_wildcard_may_demand_an_offer() {
    for (flags, status, code) in [
        (&["--star", "exists"][..], 404, "ResourceNotFound"),
        (&["--star", "exists", "--absent-is-mismatch"][..], 412, "PreconditionFailed"),
    ] {
        let portal = portal(flags);
        let mut client = portal.client();
        expect_error(client.send(&put("first").if_match("*")), status, code);
        client.send(&put("first").if_none_match("*")).expect(201);
        client.send(&put("second").if_match("*")).expect(200);
    }
}

#[test]
fn first_puts_may_need_no_condition_where_a_wildcard_demands_an_offer() {
    let portal = portal(&["--compat", "--star", "exists"]);
    let mut client = portal.client();
    expect_error(client.send(&put("first").if_match("*")), 404, "ResourceNotFound");
    client.send(&put("first")).expect(201);
    client.send(&put("second").if_match("*")).expect(200);
}

#[test]
fn a_tag_that_lost_its_weakness_may_be_the_same_tag() {
    let portal = portal(&["--compare", "weakly"]);
    let mut client = portal.client();
    let etag = create(&mut client);
    expect_error(client.send(&put("second").if_match(NEVER_WAS.trim_start_matches("W/"))), 412, "PreconditionFailed");
    client.send(&put("second").if_match(etag.trim_start_matches("W/"))).expect(200);
    client.send(&put("third").if_match(&etag)).expect(412);
}

#[test]
fn only_if_match_may_say_how_a_write_deals_with_others() {
    let date = "Fri, 01 Jan 2038 00:00:00 GMT";
    let strategies = || [put("second").if_none_match("*"), put("second").header("If-Unmodified-Since", date)];
    let portal_of_one = portal(&["--strategies", "if-match"]);
    let mut client = portal_of_one.client();
    for request in strategies() {
        expect_error(client.send(&request), 400, "IfMatchRequired");
    }
    create(&mut client);
    for request in strategies() {
        expect_error(client.send(&request), 400, "IfMatchRequired");
        client.send(&request.if_match("*")).expect(200);
    }
    let etag = get(&mut client, OFFER).etag();
    client.send(&Request::get(at(OFFER)).if_none_match(etag)).expect(304);
}

#[test]
fn the_tag_in_a_body_may_be_a_condition() {
    let portal = portal(&["--body-tag", "compared"]);
    let mut client = portal.client();
    let etag = create(&mut client);
    let put = |tag: &str| {
        let mut body = document("second");
        body["eTag"] = json!(tag);
        Request::put(at(OFFER), &body)
    };
    let now = client.send(&put(&etag)).expect(200).etag();
    expect_error(client.send(&put(&etag)), 412, "PreconditionFailed");
    expect_error(client.send(&put(&now).if_match(&etag)), 412, "PreconditionFailed");
    client.send(&put(&etag).if_match(&now)).expect(200);
    for unreadable in ["abc", "*", ""] {
        expect_error(client.send(&put(unreadable)), 412, "PreconditionFailed");
    }
    expect_error(client.send(&crate::put("third")), 400, "IfMatchRequired");
}

#[test]
fn a_put_that_changes_nothing_may_leave_the_tag() {
    let portal = portal(&["--no-op", "keep"]);
    let mut client = portal.client();
    let etag = create(&mut client);
    assert_eq!(client.send(&put("first").if_match(&etag)).expect(200).etag(), etag);
    assert_ne!(client.send(&put("second").if_match(&etag)).expect(200).etag(), etag);
}

#[test]
fn reads_may_always_be_sent() {
    let portal = portal(&["--reads", "plain"]);
    let mut client = portal.client();
    let etag = create(&mut client);
    assert_eq!(client.send(&Request::get(at(OFFER)).if_none_match(&etag)).expect(200).etag(), etag);
    client.send(&put("second").if_match(&etag).if_none_match("\"1\"")).expect(200);
}

#[test]
fn codes_that_no_document_has_are_as_chosen() {
    let portal = portal(&["--missing-code", "BadRequest", "--mismatch-code", "ConditionNotMet"]);
    let mut client = portal.client();
    expect_error(client.send(&put("first")), 400, "BadRequest");
    create(&mut client);
    for wrong in [NEVER_WAS, "abc"] {
        expect_error(client.send(&put("second").if_match(wrong)), 412, "ConditionNotMet");
    }
}

#[test]
fn a_create_may_be_answered_as_a_change_is() {
    let portal = portal(&["--created-status", "200"]);
    portal.client().send(&put("first").if_match("*")).expect(200);
}

#[test]
fn an_offer_remembers_as_many_operations_as_is_chosen() {
    for (flags, most) in [(&[][..], 50), (&["--operations", "2"][..], 2)] {
        let portal = portal(flags);
        let mut client = portal.client();
        create(&mut client);
        for _ in 0..=most {
            client.send(&post("publish")).expect(202);
        }
        let known = get(&mut client, &format!("{OFFER}/submissions/")).expect(200).json();
        let versions: Vec<_> = known.as_array().expect("a list").iter().map(|one| one["version"].as_u64()).collect();
        assert_eq!((versions.len(), versions[0], versions[most - 1]), (most, Some(3), Some(2 + most as u64)));
    }
}
