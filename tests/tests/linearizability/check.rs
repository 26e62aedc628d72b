//! The checker, and where a history stops being linearizable.

use std::{fmt, sync::Arc};

use todc_utils::{
    Action::{self, Call, Response},
    WGLChecker,
};

use crate::{
    history::{Answer, Event, History, Operation},
    register::{Register, Step},
    tags::{Ambiguity, Tags},
};

/// Why no order of the operations explains the answers.
#[derive(Debug)]
pub(crate) enum Violation {
    Ambiguous(Ambiguity),
    /// The history up to the first answer that cannot be explained.
    Unexplained(History),
}

/// Looks for an order of the operations, each between its two events, in which a register gives these answers.
pub(crate) fn check(history: &History) -> Result<(), Violation> {
    let tags = Arc::new(Tags::shown_in(history).map_err(Violation::Ambiguous)?);
    if is_linearizable(history, history.events.len(), &tags) {
        return Ok(());
    }
    let length = shortest_violation(history, &tags);
    let events = history.events[..length].to_vec();
    Err(Violation::Unexplained(History { events, ..history.clone() }))
}

/// With a history each of its beginnings is linearizable, so the end of the longest such beginning is found by halving.
fn shortest_violation(history: &History, tags: &Arc<Tags>) -> usize {
    let lengths: Vec<_> = (1..=history.events.len()).collect();
    lengths.partition_point(|length| is_linearizable(history, *length, tags)) + 1
}

/// Whether the first so many events are. What was asked there and answered later counts as lost.
fn is_linearizable(history: &History, length: usize, tags: &Arc<Tags>) -> bool {
    let events = &history.events[..length];
    let step = |operation: &Operation| Step { operation: operation.clone(), tags: Arc::clone(tags) };
    let mut actions: Vec<(usize, Action<Step>)> = Vec::new();
    for event in events {
        match *event {
            Event::Asked(number) => actions.push((number, Call(step(&history.operations[number])))),
            Event::Answered(number) => actions.push((number, Response(step(&history.operations[number])))),
        }
    }
    actions.extend(unanswered(events).map(|number| {
        let lost = Operation { answer: Answer::Lost, ..history.operations[number].clone() };
        (number, Response(step(&lost)))
    }));
    WGLChecker::<Register>::is_linearizable(todc_utils::History::from_actions(actions))
}

/// The checker wants an end of each operation. At the end of all, one that nothing was told of can still take effect or not.
fn unanswered(events: &[Event]) -> impl Iterator<Item = usize> {
    let asked = events.iter().filter_map(|event| match event {
        Event::Asked(number) => Some(*number),
        Event::Answered(_) => None,
    });
    asked.filter(|number| !events.contains(&Event::Answered(*number)))
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ambiguous(ambiguity) => ambiguity.fmt(f),
            Self::Unexplained(history) => write!(f, "nothing explains the last answer of\n{history:?}"),
        }
    }
}
