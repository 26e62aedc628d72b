//! Several requests in one multipart body.

use serde_json::json;

use crate::{
    STALE_PERSON, biography_of, contacts, create_ada, etag_of, get, name_of,
    support::{Client, Request, Response},
    with_biography,
};

/// A part as google-api-python-client writes it.
fn part(id: usize, method: &str, path: &str, body: &str) -> String {
    let head = "Content-Type: application/http\r\nMIME-Version: 1.0\r\nContent-Transfer-Encoding: binary";
    let inner = format!("{method} {path} HTTP/1.1\r\nContent-Type: application/json\r\nMIME-Version: 1.0\r\n");
    let length = body.len();
    format!(
        "--==b==\r\n{head}\r\nContent-ID: <81c2a0e4 + {id}>\r\n\r\n{inner}content-length: {length}\r\n\
         Host: people.test\r\n\r\n{body}\r\n"
    )
}

fn send(client: &mut Client, parts: &[String]) -> Response {
    let body = format!("{}--==b==--", parts.concat());
    client.send(&Request::new("POST", "/batch").body("multipart/mixed; boundary=\"==b==\"", body))
}

/// The status and the text of each part of an answer, in their order, after its name was looked at.
fn parts(answer: &Response) -> Vec<(u16, String)> {
    let media = answer.header("content-type").expect("it has a media type");
    let boundary = media.split_once("boundary=").expect("it is multipart").1.trim_matches('"').to_owned();
    let text = answer.text();
    let parts: Vec<_> = text.split(&format!("--{boundary}")).collect();
    let inner = &parts[1..parts.len() - 1];
    let read = |(number, part): (usize, &&str)| {
        let name = format!("Content-ID: <response-81c2a0e4 + {}>\r\n", number + 1);
        assert!(part.contains(&name), "no {name:?} in {part}");
        let status = part.split_once("HTTP/1.1 ").and_then(|(_, rest)| rest.get(..3)?.parse().ok());
        (status.expect("it has a status"), (*part).to_owned())
    };
    inner.iter().enumerate().map(read).collect()
}

#[test]
fn the_parts_of_a_batch_are_done_in_order_each_by_itself() {
    let (_server, mut client) = contacts(&[]);
    let ada = create_ada(&mut client);
    let (name, update) = (name_of(&ada), format!("/v1/{}:updateContact?updatePersonFields=biographies", name_of(&ada)));
    let write = |id, text| part(id, "PATCH", &update, &with_biography(etag_of(&ada), text).to_string());
    let requests = [
        part(1, "POST", "/v1/people:createContact", &json!({ "names": [{ "givenName": "Eve" }] }).to_string()),
        write(2, "second"),
        write(3, "lost"),
        part(4, "GET", &format!("/v1/{name}?personFields=biographies"), ""),
        part(5, "GET", "/v1/people/c1?personFields=names", ""),
    ];
    let answer = send(&mut client, &requests).expect(200);
    let parts = parts(&answer);
    assert_eq!(parts.iter().map(|part| part.0).collect::<Vec<_>>(), [200, 200, 400, 200, 404]);
    assert!(parts[2].1.contains("HTTP/1.1 400 Bad Request") && parts[2].1.contains(STALE_PERSON));
    assert!(parts[3].1.contains("\"second\""));
    assert_eq!(biography_of(&get(&mut client, name)), Some("second"));
}

#[test]
fn a_body_that_is_no_batch_is_400_in_their_envelope() {
    let (_server, mut client) = contacts(&[]);
    for (media, body) in [("multipart/mixed", "x"), ("multipart/mixed; boundary=b", "x"), ("application/json", "{}")] {
        let answer = client.send(&Request::new("POST", "/batch").body(media, body));
        assert!((400..500).contains(&answer.status), "{answer:?}");
        assert_eq!(answer.json()["error"]["code"], answer.status);
    }
}
