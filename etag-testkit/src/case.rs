//! The list of all cases, and what runs them.

use std::{fmt, future::Future, pin::Pin};

use crate::{Backend, cases};

/// Every case, by theme.
///
/// ```
/// assert!(etag_testkit::CASES.iter().any(|case| case.theme() == "races"));
/// ```
pub const CASES: &[Case] = cases::ALL;

/// One statement about every store, and how to find out whether it holds of this one.
///
/// ```
/// use etag_testkit::Case;
///
/// let case = Case::named("of_many_creates_at_once_one_is_done").unwrap();
/// assert_eq!(case.theme(), "races");
/// ```
#[derive(Clone, Copy)]
pub struct Case {
    theme: &'static str,
    name: &'static str,
    run: for<'a> fn(&'a dyn Backend) -> Running<'a>,
}

pub(crate) type Running<'a> = Pin<Box<dyn Future<Output = ()> + Send + 'a>>;

impl Case {
    pub(crate) const fn new(
        theme: &'static str,
        name: &'static str,
        run: for<'a> fn(&'a dyn Backend) -> Running<'a>,
    ) -> Self {
        Self { theme, name, run }
    }

    /// The case with this name.
    pub fn named(name: &str) -> Option<&'static Self> {
        CASES.iter().find(|case| case.name == name)
    }

    /// What must hold, as the name of a test.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// What it is about, in a word.
    pub fn theme(&self) -> &'static str {
        self.theme
    }

    /// Runs the case, in a tokio runtime with its timers enabled.
    ///
    /// # Panics
    /// Where the statement does not hold.
    pub async fn run(&self, backend: &dyn Backend) {
        (self.run)(backend).await;
    }
}

impl fmt::Debug for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Case({}::{})", self.theme, self.name)
    }
}

/// Runs a case in a runtime of its own, with several threads.
///
/// # Panics
/// Where the statement does not hold, or there is no thread to be had.
///
/// ```
/// # use std::sync::Arc;
/// # use etag_core::{Environment, Error, MemoryStore, Store};
/// # use etag_testkit::{Ability, Backend};
/// # struct InMemory;
/// # #[async_trait::async_trait]
/// # impl Backend for InMemory {
/// #     async fn open(&self, environment: Environment) -> Result<Arc<dyn Store>, Error> {
/// #         Ok(Arc::new(MemoryStore::with_environment(environment)))
/// #     }
/// #     fn lacks(&self) -> &'static [Ability] {
/// #         &[Ability::Reopening, Ability::Sharing]
/// #     }
/// # }
/// let cases = etag_testkit::CASES.iter().filter(|case| case.theme() == "moves");
/// cases.for_each(|case| etag_testkit::run(case, &InMemory));
/// ```
pub fn run(case: &Case, backend: &dyn Backend) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_all().build();
    runtime.expect("the system gives threads").block_on(case.run(backend));
}

#[doc(hidden)]
pub fn run_named(name: &str, backend: &dyn Backend) {
    run(Case::named(name).expect("the macro and the list have the same cases"), backend);
}

/// Names a test for each case: `conformance!(backend)`, where the expression gives a new [`Backend`] for each of them, and
/// attributes may stand before it.
///
/// ```
/// # use std::sync::Arc;
/// # use etag_core::{Environment, Error, MemoryStore, Store};
/// # use etag_testkit::{Ability, Backend};
/// # struct InMemory;
/// # #[async_trait::async_trait]
/// # impl Backend for InMemory {
/// #     async fn open(&self, environment: Environment) -> Result<Arc<dyn Store>, Error> {
/// #         Ok(Arc::new(MemoryStore::with_environment(environment)))
/// #     }
/// #     fn lacks(&self) -> &'static [Ability] {
/// #         &[Ability::Reopening, Ability::Sharing]
/// #     }
/// # }
/// mod on_a_server {
///     use super::InMemory;
///
///     etag_testkit::conformance!(#[ignore = "needs a server"] InMemory);
/// }
/// # fn main() {}
/// ```
#[macro_export]
macro_rules! conformance {
    (@ { $($attributes:tt)* } #[$attribute:meta] $($rest:tt)*) => {
        $crate::conformance! { @ { $($attributes)* #[$attribute] } $($rest)* }
    };
    (@ $attributes:tt $backend:expr) => {
        $crate::__every_case! { $crate::__test, $attributes { $backend } }
    };
    ($($attributes_and_backend:tt)*) => {
        // One attribute after the other: an expression may begin with one, too.
        $crate::conformance! { @ {} $($attributes_and_backend)* }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __test {
    ($attributes:tt $backend:tt $($theme:ident: $($case:ident)*;)*) => {
        $($($crate::__one_test! { $attributes $backend $case })*)*
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __one_test {
    ({ $($attributes:tt)* } { $backend:expr } $case:ident) => {
        #[test]
        $($attributes)*
        fn $case() {
            $crate::run_named(stringify!($case), &$backend);
        }
    };
}
