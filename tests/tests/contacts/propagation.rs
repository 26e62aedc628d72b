//! Reads that lag behind writes, and updates that come too fast.

use crate::{
    biography_of, contacts, create_ada, etag_of, get, is_stale, name_of,
    support::{Client, Request},
    write,
};

/// What a loop of read and update meets, as it is reported.
fn read_and_update(client: &mut Client, name: &str, text: &str) -> u16 {
    let person = get(client, name);
    write(client, name, etag_of(&person), text).status
}

#[test]
fn a_loop_of_read_and_update_fails_in_the_window_and_not_after_it() {
    let (_server, mut client) = contacts(&["--propagation-reads", "2"]);
    let ada = create_ada(&mut client);
    let statuses = ["1", "2", "3", "4"].map(|text| read_and_update(&mut client, name_of(&ada), text));
    assert_eq!(statuses, [200, 400, 400, 200]);
}

#[test]
fn a_read_after_a_write_has_the_tag_before_and_updates_compare_with_the_truth() {
    let (_server, mut client) = contacts(&["--propagation-reads", "1"]);
    let ada = create_ada(&mut client);
    let name = name_of(&ada);
    let written = write(&mut client, name, etag_of(&ada), "second").expect(200).json();
    let stale = get(&mut client, name);
    assert_eq!((etag_of(&stale), biography_of(&stale)), (etag_of(&ada), Some("first")));
    is_stale(write(&mut client, name, etag_of(&stale), "lost"));
    let now = get(&mut client, name);
    assert_eq!((etag_of(&now), biography_of(&now)), (etag_of(&written), Some("second")));
}

#[test]
fn a_chain_of_tags_of_answers_never_fails_in_the_window() {
    let (_server, mut client) = contacts(&["--propagation-ms", "600000", "--propagation-reads", "9"]);
    let ada = create_ada(&mut client);
    let (name, mut etag) = (name_of(&ada), etag_of(&ada).to_owned());
    for round in 0..20 {
        let text = format!("round {round}");
        let updated = write(&mut client, name, &etag, &text).expect(200).json();
        assert_eq!(biography_of(&updated), Some(&*text));
        assert_ne!(biography_of(&get(&mut client, name)), Some(&*text));
        updated["etag"].as_str().expect("it has a tag").clone_into(&mut etag);
    }
}

#[test]
fn lists_and_reads_of_several_lag_too() {
    let (_server, mut client) = contacts(&["--propagation-ms", "600000"]);
    let ada = create_ada(&mut client);
    write(&mut client, name_of(&ada), etag_of(&ada), "second").expect(200);
    let list = Request::get("/v1/people/me/connections?personFields=biographies");
    assert_eq!(biography_of(&client.send(&list).expect(200).json()["connections"][0]), Some("first"));
    let several = Request::get(format!("/v1/people:batchGet?personFields=biographies&resourceNames={}", name_of(&ada)));
    assert_eq!(biography_of(&client.send(&several).expect(200).json()["responses"][0]["person"]), Some("first"));
}

#[test]
fn without_flags_a_read_sees_every_write_at_once() {
    let (_server, mut client) = contacts(&[]);
    let ada = create_ada(&mut client);
    for text in ["1", "2", "3"] {
        assert_eq!(read_and_update(&mut client, name_of(&ada), text), 200);
        assert_eq!(biography_of(&get(&mut client, name_of(&ada))), Some(text));
    }
}

#[test]
fn an_update_too_soon_after_another_is_told_that_its_tag_is_stale() {
    let (_server, mut client) = contacts(&["--write-guard-ms", "600000"]);
    let ada = create_ada(&mut client);
    // The first comes after a creation, which is no update.
    let updated = write(&mut client, name_of(&ada), etag_of(&ada), "second").expect(200).json();
    is_stale(write(&mut client, name_of(&ada), etag_of(&updated), "third"));
}
