//! The connection breaks when the commit was done and its answer is on the way (rule S6).

use etag_core::{ErrorKind, Expectation, Store as _};
use etag_postgres::PostgresStore;
use tokio_postgres::NoTls;

use crate::{
    model::{card, commit, database, head, put},
    proxy::{Answer, Losses, in_front_of},
};

async fn store_behind(losses: &Losses) -> PostgresStore {
    PostgresStore::open(in_front_of(&database(), losses).await).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL: run by cargo xtask test"]
async fn a_create_whose_answer_was_lost_is_answered_as_it_was_done() {
    let losses = Losses::default();
    let store = store_behind(&losses).await;
    for id in 0..5 {
        losses.expect(&[Answer::Commit]);
        let done = commit(&store, put(card(id), Expectation::Absent, "c")).await.unwrap();
        assert!(losses.are_over());
        assert_eq!(done.items[0].head.as_ref(), Some(&head(&store, &card(id)).await));
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL: run by cargo xtask test"]
async fn an_update_whose_answer_was_lost_is_answered_as_it_was_done() {
    let losses = Losses::default();
    let store = store_behind(&losses).await;
    let mut tag =
        commit(&store, put(card(1), Expectation::Absent, "c")).await.unwrap().items.remove(0).head.unwrap().tag;
    for text in 0..5 {
        // Of a state that is known the only answer is a row; of one that is not, those of its locks.
        losses.expect(&[Answer::Row]);
        let done = commit(&store, put(card(1), Expectation::matches(tag), &text.to_string())).await.unwrap();
        assert!(losses.are_over());
        tag = head(&store, &card(1)).await.tag;
        assert_eq!(done.items[0].head.as_ref().unwrap().tag, tag);
    }
}

/// Who asks what became of a commit may lose that answer, too, and asks again.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL: run by cargo xtask test"]
async fn a_commit_is_not_done_again_where_the_answer_about_it_is_lost_too() {
    let losses = Losses::default();
    let store = store_behind(&losses).await;
    for id in 0..5 {
        losses.expect(&[Answer::Commit, Answer::Row, Answer::Row]);
        let done = commit(&store, put(card(id), Expectation::Absent, "c")).await.unwrap();
        assert!(losses.are_over());
        assert_eq!(done.items[0].head.as_ref(), Some(&head(&store, &card(id)).await));
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL: run by cargo xtask test"]
async fn where_nothing_tells_what_became_of_a_commit_it_is_unknown() {
    let losses = Losses::default();
    let url = database();
    let store = PostgresStore::open(in_front_of(&url, &losses).await).await.unwrap();
    let (client, connection) = tokio_postgres::connect(&url, NoTls).await.unwrap();
    tokio::spawn(connection);
    let lose_signatures = "CREATE FUNCTION lose() RETURNS trigger LANGUAGE plpgsql AS \
         'BEGIN DELETE FROM etag_lanes WHERE lane = NEW.lane; RETURN NULL; END'; \
         CREATE TRIGGER lose AFTER UPDATE ON etag_lanes FOR EACH ROW EXECUTE FUNCTION lose()";
    client.batch_execute(lose_signatures).await.unwrap();
    losses.expect(&[Answer::Commit]);
    let error = commit(&store, put(card(1), Expectation::Absent, "c")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unknown, "{error:?}");
    assert!(store.head(&card(1)).await.unwrap().is_some());
}
