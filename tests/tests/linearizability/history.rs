//! What was asked of one resource and what was answered, in the order in which the clients saw it.

use std::{fmt, sync::Mutex};

/// What a client wrote. No two writes have the same, so it names the state that the write makes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Value(pub(crate) String);

/// The validator of a state, in wire form.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Tag(pub(crate) String);

#[derive(Clone, Debug)]
pub(crate) enum Ask {
    /// With `If-None-Match` where the client knows a tag.
    Get(Option<Tag>),
    Put(Value, Expectation),
    /// With `If-Match`.
    Delete(Tag),
}

/// What a write demands of the stored state.
#[derive(Clone, Debug)]
pub(crate) enum Expectation {
    /// `If-None-Match: *`
    Absent,
    /// `If-Match: *`
    Exists,
    /// `If-Match` with a tag.
    Matches(Tag),
    /// No condition, under which `board` creates and overwrites nothing.
    Unconditional,
}

#[derive(Clone, Debug)]
pub(crate) enum Answer {
    /// 200 to a read.
    Found(Value, Tag),
    /// 304
    NotModified,
    /// 404
    NotFound,
    /// 200 or 201 to a write, with the tag of the new state.
    Written(Tag),
    /// 204
    Deleted,
    /// 412, with the tag of the state that was met, or none where there was nothing.
    Refused(Option<Tag>),
    /// 428
    ConditionRequired,
    /// 503, which promises that nothing was written.
    Unavailable,
    /// The connection broke, or 504. The operation may have had its effect, may have it later, or never.
    Lost,
}

#[derive(Clone, Debug)]
pub(crate) struct Operation {
    pub(crate) ask: Ask,
    pub(crate) answer: Answer,
}

/// One end of an operation, which is named by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    Asked(usize),
    Answered(usize),
}

#[derive(Clone, Default)]
pub(crate) struct History {
    pub(crate) operations: Vec<Operation>,
    pub(crate) events: Vec<Event>,
}

impl History {
    /// The number of the operation that begins.
    pub(crate) fn ask(&mut self, ask: Ask) -> usize {
        let number = self.operations.len();
        self.operations.push(Operation { ask, answer: Answer::Lost });
        self.events.push(Event::Asked(number));
        number
    }

    pub(crate) fn answer(&mut self, number: usize, answer: Answer) {
        match answer {
            Answer::Lost => return,
            // As if it had never been asked: what it would have written must not show.
            Answer::Unavailable => self.events.retain(|event| *event != Event::Asked(number)),
            _ => self.events.push(Event::Answered(number)),
        }
        self.operations[number].answer = answer;
    }
}

impl fmt::Debug for History {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for event in &self.events {
            match event {
                Event::Asked(number) => writeln!(f, "{number:5} asks {:?}", self.operations[*number].ask)?,
                Event::Answered(number) => writeln!(f, "{number:5}   is told {:?}", self.operations[*number].answer)?,
            }
        }
        Ok(())
    }
}

/// A history that several clients write.
///
/// An event enters it before its request is sent or after its answer has come. So where one operation's answer stands
/// before another's beginning, the first had ended when the other began, without any clock.
#[derive(Default)]
pub(crate) struct Log(Mutex<History>);

impl Log {
    /// Records what `exchange` is asked and tells; it gives nothing where the connection breaks.
    pub(crate) fn record(&self, ask: &Ask, exchange: impl FnOnce(&Ask) -> Option<Answer>) -> Option<Answer> {
        let number = self.lock().ask(ask.clone());
        let answer = exchange(ask)?;
        self.lock().answer(number, answer.clone());
        Some(answer)
    }

    pub(crate) fn to_history(&self) -> History {
        self.lock().clone()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, History> {
        self.0.lock().expect("no client panics while it writes here")
    }
}
