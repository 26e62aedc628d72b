//! Tags: in bodies alone, two of each contact, and one for ever for each state.

use std::collections::BTreeSet;

use serde_json::json;

use crate::{
    biography_of, contacts, create_ada, etag_of, get, get_request, name_of, patch, refusal, source_etag_of,
    support::Request, with_biography, write,
};

/// The bytes that a text stands for in base64, with padding.
pub(crate) fn decoded(text: &str) -> Vec<u8> {
    const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digits = text.trim_end_matches('=').chars().map(|letter| LETTERS.find(letter).expect("it is base64"));
    let bits: Vec<_> = digits.flat_map(|digit| (0..6).rev().map(move |bit| digit >> bit & 1)).collect();
    bits.chunks_exact(8).map(|byte| byte.iter().fold(0, |all, bit| all << 1 | u8::try_from(*bit).unwrap())).collect()
}

#[test]
fn a_person_has_a_tag_in_the_body_and_its_source_another_and_no_header_has_one() {
    let (_server, mut client) = contacts(&[]);
    let ada = create_ada(&mut client);
    let message = decoded(etag_of(&ada).strip_prefix('%').expect("it begins with %"));
    let version = source_etag_of(&ada).strip_prefix('#').expect("it begins with #");
    assert_eq!((version.len(), decoded(version).len()), (12, 8));
    // Field 3 of the message says the types of sources, field 4 is the version.
    assert_eq!(message, [&[0x1A, 4, 1, 2, 5, 7, 0x22, 12], version.as_bytes()].concat());
    assert_eq!(ada["metadata"]["sources"][0]["type"], "CONTACT");
    assert!(ada["metadata"]["sources"][0]["updateTime"].as_str().is_some_and(|time| time.ends_with('Z')));

    let read = client.send(&get_request(name_of(&ada), "names")).expect(200);
    assert_eq!(read.header("etag"), None);
    assert_eq!(read.json()["etag"], ada["etag"]);
    assert!(read.json().get("metadata").is_none());
}

#[test]
fn the_id_of_the_source_is_that_of_the_contact_in_hex() {
    let (_server, mut client) = contacts(&[]);
    let ada = create_ada(&mut client);
    let digits = name_of(&ada).strip_prefix("people/c").expect("a contact");
    let number: u64 = digits.parse().expect("digits");
    assert_eq!(ada["metadata"]["sources"][0]["id"], format!("{number:x}"));
    assert_eq!(ada["names"][0]["metadata"]["source"]["id"], format!("{number:x}"));
}

#[test]
fn every_write_gives_a_new_tag_also_one_that_changes_nothing() {
    let (_server, mut client) = contacts(&[]);
    let ada = create_ada(&mut client);
    let mut tags = BTreeSet::from([etag_of(&ada).to_owned()]);
    for _ in 0..5 {
        let etag = get(&mut client, name_of(&ada));
        let updated = write(&mut client, name_of(&ada), etag_of(&etag), "the same").expect(200).json();
        assert!(tags.insert(etag_of(&updated).to_owned()));
    }
}

#[test]
fn conditional_headers_mean_nothing() {
    let (_server, mut client) = contacts(&[]);
    let ada = create_ada(&mut client);
    let name = name_of(&ada);
    for (header, value) in [("If-None-Match", format!("\"{}\"", etag_of(&ada))), ("If-Match", "\"other\"".to_owned())] {
        client.send(&get_request(name, "names").header(header, value)).expect(200);
    }
    for value in ["\"other\"", "not a tag", "*"] {
        let etag = get(&mut client, name);
        let update = patch(name, "biographies", &with_biography(etag_of(&etag), value)).if_match(value);
        let updated = client.send(&update).expect(200);
        assert_eq!(biography_of(&updated.json()), Some(value));
    }
    let matching = patch(name, "biographies", &json!({})).if_match("*");
    assert_eq!(client.send(&matching).expect(400).json()["error"]["status"], "INVALID_ARGUMENT");
}

#[test]
fn tags_are_not_those_of_an_earlier_contact_or_server() {
    let (_server, mut client) = contacts(&[]);
    let (_other_server, mut other_client) = contacts(&[]);
    let tags: BTreeSet<_> = [create_ada(&mut client), create_ada(&mut client), create_ada(&mut other_client)]
        .iter()
        .map(|person| etag_of(person).to_owned())
        .collect();
    assert_eq!(tags.len(), 3);
}

#[test]
fn a_token_is_demanded_where_the_server_was_told_so() {
    let (_server, mut client) = contacts(&["--require-token"]);
    let list = Request::get("/v1/people/me/connections?personFields=names");
    let message = "Request is missing required authentication credential.";
    refusal(client.send(&list), 401, "UNAUTHENTICATED", message);
    client.send(&list.header("Authorization", "Bearer local")).expect(200);
}
