//! Batches at the same time.

use std::sync::Arc;

use tokio::sync::Barrier;

use crate::{
    api::Server,
    form::{Part, together},
};

const CLIENTS: usize = 8;

async fn at_once<F>(batches: impl Iterator<Item = F>) -> Vec<F::Output>
where
    F: Future<Output: Send> + Send + 'static,
{
    let barrier = Arc::new(Barrier::new(CLIENTS));
    let tasks: Vec<_> = batches
        .map(|batch| {
            let barrier = Arc::clone(&barrier);
            tokio::spawn(async move {
                barrier.wait().await;
                batch.await
            })
        })
        .collect();
    let mut outputs = Vec::new();
    for task in tasks {
        outputs.push(task.await.unwrap());
    }
    outputs
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn steps_over_the_same_resources_never_interleave() {
    for round in 0..10 {
        let server = Server::new();
        for id in ["a", "b"] {
            server.add(id, "0").await;
        }
        let done = at_once((0..CLIENTS).map(|client| {
            let server = server.clone();
            let ids = if client % 2 == 0 { ["a", "b"] } else { ["b", "a"] };
            async move {
                let counts = ids.map(|id| Part::post(&format!("/api/notes/{id}/count")));
                server.batch(&[together(counts)]).await.statuses() == [200, 200]
            }
        }))
        .await;
        let counted = done.into_iter().filter(|done| *done).count().to_string();
        for id in ["a", "b"] {
            assert_eq!(server.text(id).await.as_ref(), Some(&counted), "{id} in round {round}");
        }
        assert_eq!(counted, CLIENTS.to_string(), "nobody is told to come later");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_steps_with_the_same_tags_one_is_done() {
    for round in 0..10 {
        let server = Server::new();
        let mut held = Vec::new();
        for id in ["a", "b"] {
            server.add(id, "first").await;
            held.push((id, server.tag(id).await));
        }
        let statuses = at_once((0..CLIENTS).map(|client| {
            let (server, mut held) = (server.clone(), held.clone());
            held.rotate_left(client % 2);
            async move {
                let text = client.to_string();
                let change = |(id, tag): &(&str, Option<String>)| {
                    Part::patch(&format!("/api/notes/{id}"), &text).if_match(tag.as_deref())
                };
                server.batch(&[together(held.iter().map(change))]).await.statuses()
            }
        }))
        .await;
        assert_eq!(statuses.iter().filter(|statuses| **statuses == [200, 200]).count(), 1, "round {round}");
        assert_eq!(statuses.iter().filter(|statuses| **statuses == [412]).count(), CLIENTS - 1, "{statuses:?}");
        assert_eq!(server.text("a").await, server.text("b").await);
    }
}

#[tokio::test]
async fn who_never_gets_a_turn_is_told_to_come_later() {
    let server = Server::new();
    server.add("1", "0").await;
    let answer = server.batch(&[together([Part::post("/api/notes/1/contend")])]).await;
    assert_eq!(answer.statuses(), [503]);
    assert!(answer.parts()[0].header("retry-after").is_some());
    assert_eq!(server.text("1").await.as_deref(), Some("16"), "each try was overtaken once");
}
