//! `"*" / #entity-tag` as an automaton that is fed one byte at a time, from RFC 9110 §5.6.1.2, §8.8.3 and §13.1.1.
//!
//! It knows nothing of the scanner that it judges, is slow, and is meant to be checked against the RFC by eye.

/// What a field says, in plain data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Reading {
    Absent,
    Any,
    List(Vec<Tag>),
    Malformed(Place),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Tag {
    pub weak: bool,
    pub opaque: Vec<u8>,
}

/// The first byte after which nothing could make the field valid, or pass the limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub line: usize,
    pub byte: usize,
    pub too_large: bool,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    pub bytes: usize,
    pub tags: usize,
}

#[derive(Clone, Debug)]
enum State {
    /// Nothing but white space so far, on the first line.
    Start,
    /// After a comma, or at the start of a later line.
    Member,
    AfterW,
    AfterSlash,
    InTag(Tag),
    AfterTag,
    AfterStar,
}

enum Step {
    To(State),
    Tag(Tag),
    Dead,
}

fn is_etagc(byte: u8) -> bool {
    byte == 0x21 || (0x23..=0x7E).contains(&byte) || (0x80..=0xFF).contains(&byte)
}

fn step(state: State, byte: u8) -> Step {
    let tag = |weak| Step::To(State::InTag(Tag { weak, opaque: Vec::new() }));
    match (state, byte) {
        (state @ (State::Start | State::Member | State::AfterTag | State::AfterStar), b' ' | b'\t') => Step::To(state),
        (State::Start | State::Member | State::AfterTag, b',') => Step::To(State::Member),
        (State::Start, b'*') => Step::To(State::AfterStar),
        (State::Start | State::Member, b'W') => Step::To(State::AfterW),
        (State::Start | State::Member, b'"') => tag(false),
        (State::AfterW, b'/') => Step::To(State::AfterSlash),
        (State::AfterSlash, b'"') => tag(true),
        (State::InTag(tag), b'"') => Step::Tag(tag),
        (State::InTag(mut tag), byte) if is_etagc(byte) => {
            tag.opaque.push(byte);
            Step::To(State::InTag(tag))
        }
        _ => Step::Dead,
    }
}

pub(crate) fn read(lines: &[Vec<u8>], limits: Limits) -> Reading {
    if lines.is_empty() {
        return Reading::Absent;
    }
    let mut tags = Vec::new();
    let mut star = false;
    let mut total = 0;
    for (index, line) in lines.iter().enumerate() {
        let place = |byte, too_large| Reading::Malformed(Place { line: index + 1, byte, too_large });
        if star {
            return place(1, false);
        }
        if total + line.len() > limits.bytes {
            return place(limits.bytes - total + 1, true);
        }
        total += line.len();
        let mut state = if index == 0 { State::Start } else { State::Member };
        for (offset, &byte) in line.iter().enumerate() {
            state = match step(state, byte) {
                Step::Dead => return place(offset + 1, false),
                Step::To(state) => state,
                Step::Tag(tag) if tags.len() == limits.tags => {
                    let wire = tag.opaque.len() + if tag.weak { 4 } else { 2 };
                    return place(offset + 2 - wire, true);
                }
                Step::Tag(tag) => {
                    tags.push(tag);
                    State::AfterTag
                }
            };
        }
        match state {
            State::AfterW | State::AfterSlash | State::InTag(_) => return place(line.len() + 1, false),
            State::AfterStar => star = true,
            State::Start | State::Member | State::AfterTag => {}
        }
    }
    match (star, tags.is_empty()) {
        (true, _) => Reading::Any,
        (false, false) => Reading::List(tags),
        (false, true) => Reading::Malformed(Place { line: 1, byte: 1, too_large: false }),
    }
}

/// Exactly one `entity-tag`.
pub(crate) fn read_one(wire: &[u8]) -> Option<Tag> {
    let mut state = State::Member;
    for (offset, &byte) in wire.iter().enumerate() {
        state = match step(state, byte) {
            Step::To(State::Member) | Step::Dead => return None,
            Step::To(state) => state,
            Step::Tag(tag) => return (offset + 1 == wire.len()).then_some(tag),
        };
    }
    None
}
