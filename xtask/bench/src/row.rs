//! One line of the table: two sides of the same work, and what their ratio must be.

use std::{fmt, path::Path, time::Duration};

use crate::{
    measure::{Outcome, Sides, compare},
    pace::{Effort, Kind},
    place::OnOneCore,
};

/// A line of the table before it is measured.
pub(crate) struct Row {
    /// A short name for `--only` and `--one`.
    pub(crate) id: String,
    /// What is done.
    pub(crate) what: String,
    /// What the hand-written side is.
    pub(crate) hand: &'static str,
    /// What is shown and compared.
    pub(crate) unit: Unit,
    pub(crate) targets: Vec<Target>,
    pub(crate) kind: Kind,
    pub(crate) cores: Cores,
    /// Makes both sides; the path is an empty folder of the row's own.
    pub(crate) prepare: Prepare,
}

type Prepare = Box<dyn FnOnce(&Path) -> Sides>;

/// Where a row runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cores {
    All,
    One,
}

/// What a row shows of its sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    /// The time of one operation.
    Time,
    /// Operations in a second.
    Rate,
}

/// What a row must show.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Target {
    /// Our number is at most so many times the hand-written one.
    AtMost(f64),
    /// Our number is at least so many times the hand-written one.
    AtLeast(f64),
    /// One operation of ours takes at most this.
    Within(Duration),
    /// Of a hundred operations of ours, 99 take at most this.
    P99(Duration),
}

impl Row {
    pub(crate) fn new(id: impl Into<String>, kind: Kind, what: impl Into<String>, hand: &'static str) -> Self {
        let (id, what) = (id.into(), what.into());
        let prepare = Box::new(|_: &Path| unreachable!("a row has two sides"));
        Self { id, what, hand, unit: Unit::Time, targets: Vec::new(), kind, cores: Cores::All, prepare }
    }

    /// Shows operations in a second instead of the time of one.
    pub(crate) fn in_rates(self) -> Self {
        Self { unit: Unit::Rate, ..self }
    }

    /// Keeps all threads on one core, for work that goes from one to another and back.
    pub(crate) fn on_one_core(self) -> Self {
        Self { cores: Cores::One, ..self }
    }

    pub(crate) fn target(mut self, target: Target) -> Self {
        self.targets.push(target);
        self
    }

    pub(crate) fn sides(self, prepare: impl FnOnce(&Path) -> Sides + 'static) -> Self {
        Self { prepare: Box::new(prepare), ..self }
    }

    /// Measures the row in `folder`.
    pub(crate) fn measure(self, effort: Effort, folder: &Path) -> Line {
        let _cores = (self.cores == Cores::One).then(OnOneCore::begin);
        let outcome = compare((self.prepare)(folder), self.kind.pace(effort));
        let Self { what, hand, unit, targets, .. } = self;
        Line { what, hand: hand.to_owned(), unit, targets, outcome }
    }
}

/// A line of the table, measured.
pub(crate) struct Line {
    pub(crate) what: String,
    pub(crate) hand: String,
    pub(crate) unit: Unit,
    pub(crate) targets: Vec<Target>,
    pub(crate) outcome: Outcome,
}

impl Line {
    /// Our number through the hand-written one, as the unit counts: median, smallest, greatest.
    pub(crate) fn ratio(&self) -> (f64, f64, f64) {
        let (median, (least, most)) = (self.outcome.ratio(), self.outcome.range());
        match self.unit {
            Unit::Time => (median, least, most),
            Unit::Rate => (1.0 / median, 1.0 / most, 1.0 / least),
        }
    }

    /// Whether every target is met; `None` for a row that is there for comparison.
    pub(crate) fn is_met(&self) -> Option<bool> {
        (!self.targets.is_empty()).then(|| self.targets.iter().all(|target| self.meets(*target)))
    }

    pub(crate) fn meets(&self, target: Target) -> bool {
        let (ratio, ours) = (self.ratio().0, self.outcome.ours);
        match target {
            Target::AtMost(most) => ratio <= most,
            Target::AtLeast(least) => ratio >= least,
            Target::Within(time) => ours.nanos <= time.as_secs_f64() * 1e9,
            Target::P99(time) => ours.p99.is_some_and(|p99| p99 <= time),
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AtMost(ratio) => write!(f, "≤ {ratio:.2}×"),
            Self::AtLeast(ratio) => write!(f, "≥ {ratio:.2}×"),
            Self::Within(time) => write!(f, "≤ {time:?}"),
            Self::P99(time) => write!(f, "p99 ≤ {time:?}"),
        }
    }
}
