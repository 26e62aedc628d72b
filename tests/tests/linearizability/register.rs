//! One resource as a register: what conditional requests do to it and are told, one after the other.
//!
//! Written from RFC 9110 §13 and the README, not from the code that it judges.

use std::sync::Arc;

use todc_utils::Specification;

use crate::{
    history::{Answer, Ask, Expectation, Operation, Tag, Value},
    tags::Tags,
};

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum State {
    Absent,
    /// With the tag that a refusal told, where no answer showed the value's tag.
    Present(Value, Option<Tag>),
}

/// An operation together with what the whole history says of tags, since a specification is given nothing else.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    pub(crate) operation: Operation,
    pub(crate) tags: Arc<Tags>,
}

pub(crate) struct Register;

impl Specification for Register {
    type State = State;
    type Operation = Step;

    fn init() -> State {
        State::Absent
    }

    fn apply(step: &Step, state: &State) -> (bool, State) {
        let next = step.next(state);
        (next.is_some(), next.unwrap_or_else(|| state.clone()))
    }
}

#[derive(Clone, Copy)]
enum Verdict {
    Done,
    NotModified,
    NotFound,
    Refused,
    ConditionRequired,
}

impl Step {
    /// The state after the operation, unless its answer would have been another one.
    fn next(&self, state: &State) -> Option<State> {
        let verdict = self.verdict(state);
        match (verdict, &self.operation.answer) {
            (Verdict::Done, Answer::Lost | Answer::Written(_) | Answer::Deleted) => Some(self.effect(state)),
            (Verdict::Done, Answer::Found(value, _)) => state.holds(value).then(|| state.clone()),
            (Verdict::Refused, Answer::Refused(met)) => self.told(state, met.as_ref()),
            (_, Answer::Lost | Answer::Unavailable)
            | (Verdict::NotModified, Answer::NotModified)
            | (Verdict::NotFound, Answer::NotFound)
            | (Verdict::ConditionRequired, Answer::ConditionRequired) => Some(state.clone()),
            _ => None,
        }
    }

    fn verdict(&self, state: &State) -> Verdict {
        match (&self.operation.ask, state) {
            (Ask::Get(_) | Ask::Delete(_), State::Absent) => Verdict::NotFound,
            (Ask::Get(Some(tag)), state) if self.is_current(tag, state) => Verdict::NotModified,
            (Ask::Get(_), _) => Verdict::Done,
            (Ask::Put(_, Expectation::Unconditional), State::Present(..)) => Verdict::ConditionRequired,
            (Ask::Put(_, expectation), state) if self.is_met(expectation, state) => Verdict::Done,
            (Ask::Delete(tag), state) if self.is_current(tag, state) => Verdict::Done,
            (Ask::Put(..) | Ask::Delete(_), _) => Verdict::Refused,
        }
    }

    fn is_met(&self, expectation: &Expectation, state: &State) -> bool {
        match expectation {
            Expectation::Absent | Expectation::Unconditional => *state == State::Absent,
            Expectation::Exists => *state != State::Absent,
            Expectation::Matches(tag) => self.is_current(tag, state),
        }
    }

    /// Clients send tags that an answer showed with a value.
    fn is_current(&self, tag: &Tag, state: &State) -> bool {
        self.tags.value(tag).is_some_and(|value| state.holds(value))
    }

    fn effect(&self, state: &State) -> State {
        match &self.operation.ask {
            Ask::Get(_) => state.clone(),
            Ask::Put(value, _) => State::Present(value.clone(), None),
            Ask::Delete(_) => State::Absent,
        }
    }

    /// A refusal tells the tag of the state that it met. That is how a tag is learnt which no answer shows with its value.
    fn told(&self, state: &State, met: Option<&Tag>) -> Option<State> {
        match (state, met) {
            (State::Absent, None) => Some(State::Absent),
            (State::Present(value, learnt), Some(tag)) => {
                let may_be = learnt.as_ref().or(self.tags.tag(value)).is_none_or(|known| known == tag);
                let is_of_another = self.tags.value(tag).is_some_and(|other| other != value);
                (may_be && !is_of_another).then(|| State::Present(value.clone(), Some(tag.clone())))
            }
            _ => None,
        }
    }
}

impl State {
    fn holds(&self, value: &Value) -> bool {
        matches!(self, Self::Present(held, _) if held == value)
    }
}
