//! A client that reads and writes at random what others read and write.

use std::net::SocketAddr;

use serde_json::json;

use crate::{
    history::{Answer, Ask, Expectation, Log, Tag, Value},
    support::{Client, Random, Request, Response, new_id},
};

/// A task that all visitors share, with what happened to it.
pub(crate) struct Resource {
    path: String,
    pub(crate) log: Log,
}

impl Resource {
    pub(crate) fn new() -> Self {
        Self { path: format!("/tasks/{}", new_id()), log: Log::default() }
    }

    /// Asks, and records it. Gives nothing where the connection breaks.
    pub(crate) fn exchange(&self, client: &mut Client, ask: &Ask) -> Option<Answer> {
        self.log.record(ask, |ask| Some(read(ask, &client.try_send(&self.request(ask)).ok()?)))
    }

    fn request(&self, ask: &Ask) -> Request {
        match ask {
            Ask::Get(None) => Request::get(&self.path),
            Ask::Get(Some(tag)) => Request::get(&self.path).if_none_match(&tag.0),
            Ask::Put(value, expectation) => demand(Request::put(&self.path, &body(value)), expectation),
            Ask::Delete(tag) => Request::delete(&self.path).if_match(&tag.0),
        }
    }
}

fn demand(request: Request, expectation: &Expectation) -> Request {
    match expectation {
        Expectation::Absent => request.if_none_match("*"),
        Expectation::Exists => request.if_match("*"),
        Expectation::Matches(tag) => request.if_match(&tag.0),
        Expectation::Unconditional => request,
    }
}

/// Twice in it, so that half a write shows.
fn body(value: &Value) -> serde_json::Value {
    json!({ "title": value.0, "description": value.0 })
}

fn read(ask: &Ask, response: &Response) -> Answer {
    let tag = || Tag(response.etag());
    match (ask, response.status) {
        (Ask::Get(_), 200) => Answer::Found(value(response), tag()),
        (Ask::Get(Some(_)), 304) => Answer::NotModified,
        (Ask::Get(_) | Ask::Delete(_), 404) => Answer::NotFound,
        (Ask::Put(..), 200 | 201) => Answer::Written(tag()),
        (Ask::Delete(_), 204) => Answer::Deleted,
        (Ask::Put(..) | Ask::Delete(_), 412) => Answer::Refused(response.header("etag").map(|tag| Tag(tag.to_owned()))),
        (Ask::Put(_, Expectation::Unconditional), 428) => Answer::ConditionRequired,
        (_, 503) if response.header("retry-after").is_some() => Answer::Unavailable,
        (Ask::Put(..) | Ask::Delete(_), 504) => Answer::Lost,
        _ => panic!("to {ask:?} came {response:?}"),
    }
}

fn value(response: &Response) -> Value {
    let stored = response.json();
    assert_eq!(stored["title"], stored["description"], "half a write");
    Value(stored["title"].as_str().expect("a text").to_owned())
}

/// Its connection, what it remembers, and how it chooses what comes next.
pub(crate) struct Visitor {
    name: String,
    client: Client,
    random: Random,
    writes: usize,
    /// The last tag of each resource that it was shown. It may be stale, and then is sent all the same.
    tags: Vec<Option<Tag>>,
}

impl Visitor {
    /// The name is in all values that it writes, so nobody else has it.
    pub(crate) fn new(name: String, address: SocketAddr, seed: u64, resources: usize) -> Self {
        let (client, random) = (Client::new(address), Random::new(seed));
        Self { name, client, random, writes: 0, tags: vec![None; resources] }
    }

    /// Visits one of the resources. Gives nothing where the connection breaks.
    pub(crate) fn visit(&mut self, resources: &[Resource]) -> Option<Answer> {
        let place = self.random.below(resources.len());
        let ask = self.choose(self.tags[place].clone());
        let answer = resources[place].exchange(&mut self.client, &ask)?;
        if let Answer::Found(_, tag) | Answer::Written(tag) = &answer {
            self.tags[place] = Some(tag.clone());
        }
        Some(answer)
    }

    fn choose(&mut self, known: Option<Tag>) -> Ask {
        let Some(tag) = known else { return self.choose_without_a_tag() };
        match self.random.below(16) {
            0..6 => self.put(Expectation::Matches(tag)),
            6..8 => Ask::Delete(tag),
            8..11 => Ask::Get(Some(tag)),
            _ => self.choose_without_a_tag(),
        }
    }

    fn choose_without_a_tag(&mut self) -> Ask {
        match self.random.below(8) {
            0 | 1 => self.put(Expectation::Absent),
            2 => self.put(Expectation::Exists),
            3 => self.put(Expectation::Unconditional),
            _ => Ask::Get(None),
        }
    }

    fn put(&mut self, expectation: Expectation) -> Ask {
        self.writes += 1;
        Ask::Put(Value(format!("{}.{}", self.name, self.writes)), expectation)
    }
}
