//! What PostgreSQL can't keep is refused as the caller's mistake, and found nowhere (rule X2).

use etag_core::{Batch, ContentDigest, ErrorKind, Expectation, LedgerClaim, LedgerKey, Scan, Store as _};
use etag_postgres::PostgresStore;

use crate::model::{CASCADE, board, card, child, commit, delete, put, store};

async fn assert_invalid(store: &PostgresStore, batch: Batch) {
    let error = store.commit(batch).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Invalid, "{error:?}");
}

fn claim(principal: &str, key: &str) -> LedgerClaim {
    let key = LedgerKey { principal: principal.to_owned(), key: key.to_owned() };
    let keep_for = std::time::Duration::from_secs(60);
    LedgerClaim { key, fingerprint: ContentDigest::from_bytes([1; 16]), keep_for }
}

/// Of letters that no compression makes shorter.
fn long_text(bytes: usize) -> String {
    let mut state = 1_u64;
    let letter = |_| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        char::from(b'a' + u8::try_from((state >> 33) % 26).unwrap())
    };
    (0..bytes).map(letter).collect()
}

#[tokio::test]
#[ignore = "needs PostgreSQL: run by cargo xtask test"]
async fn a_nul_in_an_id_is_refused_and_finds_nothing() {
    let store = store().await;
    let odd = card("a\0b");
    assert_invalid(&store, Batch::new().put(put(odd.clone(), Expectation::Absent, "c"))).await;
    assert!(store.read(&odd).await.unwrap().is_none());
    assert!(store.head(&odd).await.unwrap().is_none());
    assert!(commit(&store, delete(odd, Expectation::Exists)).await.unwrap_err().is_not_found());
}

#[tokio::test]
#[ignore = "needs PostgreSQL: run by cargo xtask test"]
async fn a_nul_in_a_parents_id_is_refused_and_has_no_children() {
    let store = store().await;
    let odd = board("a\0b");
    assert_invalid(&store, Batch::new().put(child(put(card(1), Expectation::Absent, "c"), odd.clone(), CASCADE))).await;
    let under = Scan::new("cards", 10).under("board", odd);
    assert!(store.scan(&under).await.unwrap().items.is_empty());
    assert!(store.scan_tags(&under).await.unwrap().items.is_empty());
}

#[tokio::test]
#[ignore = "needs PostgreSQL: run by cargo xtask test"]
async fn a_nul_in_an_idempotency_key_or_its_principal_is_refused_and_recalls_nothing() {
    let store = store().await;
    for claim in [claim("a\0b", "k"), claim("ada", "k\0")] {
        let batch = Batch::new().put(put(card(1), Expectation::Absent, "c")).once(claim.clone());
        assert_invalid(&store, batch).await;
        assert!(store.recall(&claim.key).await.unwrap().is_none());
    }
}

#[tokio::test]
#[ignore = "needs PostgreSQL: run by cargo xtask test"]
async fn a_key_that_no_index_holds_is_refused_and_the_longest_allowed_is_kept() {
    let store = store().await;
    for bytes in [1_020, 2_700, 100_000] {
        let long = card(long_text(bytes));
        assert_invalid(&store, Batch::new().put(put(long.clone(), Expectation::Absent, "c"))).await;
        assert!(store.read(&long).await.unwrap().is_none());
        assert!(commit(&store, delete(long, Expectation::Exists)).await.unwrap_err().is_not_found());
        let claim = claim(&long_text(1_030), &long_text(bytes));
        assert_invalid(&store, Batch::new().put(put(card(1), Expectation::Absent, "c")).once(claim)).await;
    }
    let [parent, item] = [board(long_text(1_018)), card(long_text(1_019))];
    commit(&store, put(parent.clone(), Expectation::Absent, "b")).await.unwrap();
    let made = child(put(item, Expectation::Absent, "c"), parent, CASCADE);
    store.commit(Batch::new().put(made).once(claim(&long_text(1_024), &long_text(1_024)))).await.unwrap();
}
