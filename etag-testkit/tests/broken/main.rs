//! Every case of the suite can fail: for each there is a store with one bug on which it does, and none fails on that store
//! without a bug.

mod answers;
mod bug;
mod commits;
mod lists;
mod requests;
mod rows;
mod shortcuts;
mod store;
mod table;

use std::{
    collections::BTreeSet,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Once},
    thread,
    time::Duration,
};

use async_trait::async_trait;
use etag_core::{Environment, Error, Store};
use etag_testkit::{Backend, CASES, Case};

use crate::{
    bug::Bug,
    store::{BrokenStore, Disk},
    table::rows,
};

struct Place {
    bug: Option<Bug>,
    disk: Arc<Disk>,
}

impl Place {
    fn with(bug: Option<Bug>) -> Self {
        Self { bug, disk: Arc::default() }
    }
}

#[async_trait]
impl Backend for Place {
    async fn open(&self, environment: Environment) -> Result<Arc<dyn Store>, Error> {
        Ok(Arc::new(BrokenStore::open(self.bug, &self.disk, environment)))
    }

    async fn reopen(&self, environment: Environment) -> Result<Arc<dyn Store>, Error> {
        self.open(environment).await
    }
}

/// On its own, so that what it finds is a bug of the cases or of this store.
mod without_a_bug {
    use super::Place;

    etag_testkit::conformance!(Place::with(None));
}

/// A store that can't do something, and says so.
mod without_documents {
    use std::sync::Arc;

    use async_trait::async_trait;
    use etag_core::{Environment, Error, Store};
    use etag_testkit::{Ability, Backend, CASES, Case};

    use super::{Bug, Place};

    struct Lacking(Place);

    #[async_trait]
    impl Backend for Lacking {
        async fn open(&self, environment: Environment) -> Result<Arc<dyn Store>, Error> {
            self.0.open(environment).await
        }

        fn lacks(&self) -> &'static [Ability] {
            &[Ability::DerivedFields]
        }
    }

    #[tokio::test]
    async fn a_store_that_says_that_it_derives_nothing_passes_by_refusing() {
        for case in CASES.iter().filter(|case| case.theme() == "derived") {
            Case::run(case, &Lacking(Place::with(Some(Bug::ReadsNoDocuments)))).await;
        }
    }

    #[tokio::test]
    #[should_panic(expected = "a backend that lacks the ability has it")]
    async fn a_store_that_derives_and_says_that_it_does_not_fails() {
        Case::named("a_parent_follows_its_children").unwrap().run(&Lacking(Place::with(None))).await;
    }
}

/// Whether the case holds of a store with this bug: it ends in good time, and does not panic.
fn holds(case: &'static Case, bug: Option<Bug>) -> bool {
    let run = move || {
        // One thread, so that what the caller does in between is what the store lets it do; and a clock that is ahead as soon
        // as all wait, so that a deadlock is found at once.
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build();
        let place = Place::with(bug);
        let ends = async { tokio::time::timeout(Duration::from_secs(600), case.run(&place)).await.is_ok() };
        runtime.expect("the system gives a runtime").block_on(ends)
    };
    let thread = thread::Builder::new().name(QUIET.into()).spawn(move || catch_unwind(AssertUnwindSafe(run)));
    let ended = thread.expect("the system gives threads").join().expect("panics are caught");
    ended.unwrap_or(false)
}

/// The name of the threads whose panics are expected.
const QUIET: &str = "broken";

/// Hundreds of expected panics would hide the one that is not.
fn hide_expected_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let loud = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if thread::current().name() != Some(QUIET) {
                loud(info);
            }
        }));
    });
}

#[test]
fn every_bug_is_noticed_by_the_cases_that_look_for_it() {
    hide_expected_panics();
    let pairs = rows().flat_map(|(name, bugs)| bugs.iter().map(move |bug| (*name, *bug)));
    let missed: Vec<_> = pairs.filter(|(name, bug)| !notices(case(name), *bug)).collect();
    assert!(missed.is_empty(), "these cases don't notice these bugs: {missed:#?}");
}

/// A race may go well by chance, and does not five times.
fn notices(case: &'static Case, bug: Bug) -> bool {
    (0..5).any(|_| !holds(case, Some(bug)))
}

fn case(name: &str) -> &'static Case {
    Case::named(name).unwrap_or_else(|| panic!("there is no case {name}"))
}

#[test]
fn every_case_has_a_bug_that_it_notices() {
    let noticing: BTreeSet<_> = rows().filter(|(_, bugs)| !bugs.is_empty()).map(|(name, _)| *name).collect();
    let idle: Vec<_> = CASES.iter().map(Case::name).filter(|name| !noticing.contains(name)).collect();
    assert!(idle.is_empty(), "no bug shows that these cases can fail: {idle:#?}");
}

#[test]
fn every_case_holds_on_one_thread_of_a_store_without_a_bug() {
    let failed: Vec<_> = CASES.iter().filter(|case| !holds(case, None)).collect();
    assert!(failed.is_empty(), "{failed:#?}");
}
