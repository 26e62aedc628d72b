//! The checker can fail: histories made by hand, of which it must accept some and refuse others.

use crate::{
    check::{Violation, check},
    history::{Answer, Ask, Expectation, History, Tag, Value},
    tags::Ambiguity,
};

fn value(text: &str) -> Value {
    Value(text.to_owned())
}

/// The tag of this value.
fn tag(text: &str) -> Tag {
    Tag(format!("\"{text}\""))
}

fn get() -> Ask {
    Ask::Get(None)
}

fn found(text: &str) -> Answer {
    Answer::Found(value(text), tag(text))
}

fn create(text: &str) -> Ask {
    Ask::Put(value(text), Expectation::Absent)
}

fn put(text: &str, over: &str) -> Ask {
    Ask::Put(value(text), Expectation::Matches(tag(over)))
}

fn written(text: &str) -> Answer {
    Answer::Written(tag(text))
}

/// The operations one after the other.
fn sequence(operations: impl IntoIterator<Item = (Ask, Answer)>) -> History {
    let mut history = History::default();
    then(&mut history, operations);
    history
}

fn then(history: &mut History, operations: impl IntoIterator<Item = (Ask, Answer)>) {
    for (ask, answer) in operations {
        let number = history.ask(ask);
        history.answer(number, answer);
    }
}

/// The operations at the same time.
fn meanwhile(history: &mut History, operations: impl IntoIterator<Item = (Ask, Answer)>) {
    let under_way: Vec<_> = operations.into_iter().map(|(ask, answer)| (history.ask(ask), answer)).collect();
    for (number, answer) in under_way {
        history.answer(number, answer);
    }
}

#[track_caller]
fn assert_accepted(history: &History) {
    check(history).unwrap_or_else(|violation| panic!("{violation}"));
}

/// Asserts that nothing explains the answer to this operation, while the answers before it are explained.
#[track_caller]
fn assert_refused_at(history: &History, operation: usize) {
    let Err(Violation::Unexplained(beginning)) = check(history) else { panic!("it was not refused") };
    let last = beginning.events.last().expect("it does not begin with a violation");
    assert_eq!(*last, crate::history::Event::Answered(operation), "{beginning:?}");
}

#[test]
fn each_answer_of_one_client_alone_is_explained() {
    let history = sequence([
        (get(), Answer::NotFound),
        (put("a", "other"), Answer::Refused(None)),
        (Ask::Put(value("a"), Expectation::Exists), Answer::Refused(None)),
        (create("a"), written("a")),
        (create("b"), Answer::Refused(Some(tag("a")))),
        (Ask::Put(value("b"), Expectation::Unconditional), Answer::ConditionRequired),
        (get(), found("a")),
        (Ask::Get(Some(tag("a"))), Answer::NotModified),
        (put("c", "a"), written("c")),
        (Ask::Get(Some(tag("a"))), found("c")),
        (Ask::Delete(tag("a")), Answer::Refused(Some(tag("c")))),
        (Ask::Put(value("d"), Expectation::Exists), written("d")),
        (Ask::Delete(tag("d")), Answer::Deleted),
        (Ask::Delete(tag("d")), Answer::NotFound),
        (Ask::Put(value("e"), Expectation::Unconditional), written("e")),
    ]);
    assert_accepted(&history);
}

#[test]
fn of_two_writers_under_one_tag_one_may_be_refused() {
    let mut history = sequence([(create("a"), written("a"))]);
    meanwhile(&mut history, [(put("b", "a"), Answer::Refused(Some(tag("c")))), (put("c", "a"), written("c"))]);
    assert_accepted(&history);
}

#[test]
fn a_lost_update_is_refused() {
    let mut history = sequence([(create("a"), written("a"))]);
    meanwhile(&mut history, [(put("b", "a"), written("b")), (put("c", "a"), written("c"))]);
    assert_refused_at(&history, 2);
}

#[test]
fn two_creates_of_one_resource_are_refused() {
    let mut history = History::default();
    meanwhile(&mut history, [(create("a"), written("a")), (create("b"), written("b"))]);
    assert_refused_at(&history, 1);
}

#[test]
fn a_read_beside_a_write_shows_either_state() {
    for shown in ["a", "b"] {
        let mut history = sequence([(create("a"), written("a"))]);
        meanwhile(&mut history, [(put("b", "a"), written("b")), (get(), found(shown))]);
        assert_accepted(&history);
    }
}

#[test]
fn a_stale_read_after_an_acknowledged_write_is_refused() {
    let history = sequence([(create("a"), written("a")), (put("b", "a"), written("b")), (get(), found("a"))]);
    assert_refused_at(&history, 2);
}

#[test]
fn a_stale_304_after_an_acknowledged_write_is_refused() {
    let known = Ask::Get(Some(tag("a")));
    let history = sequence([(create("a"), written("a")), (put("b", "a"), written("b")), (known, Answer::NotModified)]);
    assert_refused_at(&history, 2);
}

#[test]
fn a_read_that_goes_back_behind_another_is_refused() {
    let mut history = sequence([(create("a"), written("a"))]);
    let write = history.ask(put("b", "a"));
    then(&mut history, [(get(), found("b")), (get(), found("a"))]);
    history.answer(write, written("b"));
    assert_refused_at(&history, 3);
}

#[test]
fn a_refusal_that_tells_a_stale_tag_is_refused() {
    let history = sequence([
        (create("a"), written("a")),
        (put("b", "a"), written("b")),
        (put("c", "b"), written("c")),
        (put("d", "a"), Answer::Refused(Some(tag("b")))),
    ]);
    assert_refused_at(&history, 3);
}

#[test]
fn a_refusal_without_a_reason_is_refused() {
    let history = sequence([(create("a"), written("a")), (put("b", "a"), Answer::Refused(Some(tag("a"))))]);
    assert_refused_at(&history, 1);
}

#[test]
fn an_increment_that_was_done_twice_is_refused() {
    // Under the tag of 1 one client writes 2, and then somebody reads 3.
    let history = sequence([(create("1"), written("1")), (put("2", "1"), written("2")), (get(), found("3"))]);
    assert_refused_at(&history, 2);
}

#[test]
fn a_write_that_made_two_states_is_refused() {
    let again = Tag("\"a again\"".to_owned());
    let history = sequence([(create("a"), written("a")), (get(), Answer::Found(value("a"), again.clone()))]);
    let Err(Violation::Ambiguous(ambiguity)) = check(&history) else { panic!("it was not refused") };
    assert_eq!(ambiguity, Ambiguity::WrittenTwice(value("a"), [tag("a"), again]));
}

#[test]
fn a_tag_of_two_states_is_refused() {
    let history = sequence([(create("a"), written("a")), (put("b", "a"), written("a"))]);
    let Err(Violation::Ambiguous(ambiguity)) = check(&history) else { panic!("it was not refused") };
    assert_eq!(ambiguity, Ambiguity::TagOfTwoStates(tag("a"), [value("a"), value("b")]));
}

#[test]
fn a_write_whose_answer_was_lost_is_there_or_not() {
    for shown in ["a", "b"] {
        let mut history = sequence([(create("a"), written("a"))]);
        history.ask(put("b", "a"));
        then(&mut history, [(get(), found("a")), (get(), found("a")), (get(), found(shown))]);
        assert_accepted(&history);
    }
}

#[test]
fn a_write_whose_answer_was_lost_does_not_go_away_again() {
    let mut history = sequence([(create("a"), written("a"))]);
    history.ask(put("b", "a"));
    then(&mut history, [(get(), found("b")), (get(), found("a"))]);
    assert_refused_at(&history, 3);
}

#[test]
fn a_write_whose_answer_was_lost_keeps_to_its_condition() {
    let mut history = sequence([(create("a"), written("a")), (put("b", "a"), written("b"))]);
    history.ask(put("c", "a"));
    then(&mut history, [(get(), found("c"))]);
    assert_refused_at(&history, 3);
}

#[test]
fn an_acknowledged_write_that_is_gone_after_a_lost_one_is_refused() {
    let mut history = sequence([(create("a"), written("a"))]);
    history.ask(put("b", "a"));
    then(&mut history, [(put("c", "a"), written("c")), (get(), found("b"))]);
    assert_refused_at(&history, 3);
}

#[test]
fn the_tag_of_a_lost_write_is_learnt_from_refusals() {
    let unshown = |text: &str| Answer::Refused(Some(Tag(text.to_owned())));
    let mut history = sequence([(create("a"), written("a"))]);
    history.ask(put("b", "a"));
    then(&mut history, [(put("c", "a"), unshown("\"7\"")), (create("c"), unshown("\"7\""))]);
    assert_accepted(&history);
    then(&mut history, [(create("c"), unshown("\"8\""))]);
    assert_refused_at(&history, 4);
}
