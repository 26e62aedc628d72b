//! What is checked of links while the program is compiled, beyond what types can say (rules F1, F2, F6).

use crate::{FieldRole, Model, Presence, Validator, Versioned};

use super::{LinkCheck, LinkTo};

/// How many more levels are looked at: `Next<Next<Last>>` is two.
#[derive(Debug)]
pub struct Next<Fewer>(Fewer);

#[derive(Debug)]
pub struct Last;

type Four<Fewer> = Next<Next<Next<Next<Fewer>>>>;

/// A circle of more models than this is not found, for the compiler looks only so deep.
pub type Levels = Four<Four<Four<Four<Last>>>>;

/// A list of models, [`Versioned::Lineage`], that is looked through for `Child`.
pub trait Above<Child, Left> {
    const TRAIL: Trail;
}

impl<Child, Left> Above<Child, Left> for () {
    const TRAIL: Trail = Trail::NOWHERE;
}

impl<Child, Parent, Others> Above<Child, Last> for (Parent, Others) {
    const TRAIL: Trail = Trail::NOWHERE;
}

impl<Child, Parent, Others, Left> Above<Child, Next<Left>> for (Parent, Others)
where
    Child: Versioned,
    Parent: Versioned<Lineage: Above<Child, Left>>,
    Others: Above<Child, Next<Left>>,
{
    const TRAIL: Trail =
        <Parent::Lineage as Above<Child, Left>>::TRAIL.through(Parent::MODEL, Child::MODEL).or(Others::TRAIL);
}

/// The most names that a trail holds.
const MOST: usize = 17;

/// The names of the models on the way from a parent up to the child below it; none where no way leads there.
#[derive(Clone, Copy, Debug)]
pub struct Trail {
    names: [&'static str; MOST],
    length: usize,
}

impl Trail {
    const NOWHERE: Self = Self { names: [""; MOST], length: 0 };

    /// The way to `child` by `parent`, whose own ways lead as this one does.
    ///
    /// A circle is a mistake of all its models and is reported once: by the one whose collection is the first of all.
    const fn through(self, parent: &'static Model, child: &'static Model) -> Self {
        match order(parent.collection, child.collection) {
            Order::Same => Self::NOWHERE.with(parent.name),
            Order::After if self.leads_back() => self.with(parent.name),
            Order::Before | Order::After => Self::NOWHERE,
        }
    }

    const fn or(self, other: Self) -> Self {
        if self.leads_back() { self } else { other }
    }

    const fn leads_back(&self) -> bool {
        self.length > 0
    }

    const fn with(mut self, name: &'static str) -> Self {
        self.names[self.length] = name;
        self.length += 1;
        self
    }
}

enum Order {
    Before,
    Same,
    After,
}

const fn order(left: &str, right: &str) -> Order {
    let (left, right) = (left.as_bytes(), right.as_bytes());
    let mut at = 0;
    while at < left.len() && at < right.len() && left[at] == right[at] {
        at += 1;
    }
    match (at < left.len(), at < right.len()) {
        (false, false) => Order::Same,
        (true, true) if left[at] > right[at] => Order::After,
        (true, false) => Order::After,
        _ => Order::Before,
    }
}

/// Panics where the link closes a circle of models, and shows it.
#[track_caller]
pub const fn check_circle<T: LinkTo<NUMBER>, const NUMBER: usize>() {
    let trail = T::Check::TRAIL.through(T::Check::PARENT, T::MODEL);
    // A trail of one is a link of a model to itself.
    assert!(trail.length < 2, "{}", CircleMessage::of(T::MODEL.name, &trail).as_str());
}

/// Panics where the field is the id and the parent is of the same collection, so that each child were its own parent.
#[track_caller]
pub const fn check_not_itself<T: LinkTo<NUMBER>, const NUMBER: usize>() {
    if matches!(order(T::Check::PARENT.collection, T::MODEL.collection), Order::Same) {
        panic!("the field is the id, so each would be its own parent; put the link on a field of its own");
    }
}

/// Panics where a touch would have to change a tag that another server gives.
#[track_caller]
pub const fn check_touch<T: LinkTo<NUMBER>, const NUMBER: usize>() {
    if matches!(T::Check::PARENT.validator, Validator::Opaque) {
        panic!(
            "the parent's validator is `opaque`, and no write here can change another server's tag; write `touch = none`"
        );
    }
}

/// Panics where a field that always names a parent would have to be cleared.
#[track_caller]
pub const fn check_detach<T: LinkTo<NUMBER>, const NUMBER: usize>() {
    if matches!(T::Check::PRESENCE, Presence::Required) {
        panic!(
            "a field that is cleared when the parent goes is optional: make it an `Option`, or write `restrict` or `cascade`"
        );
    }
}

/// Text that is put together while the program is compiled.
/// Fails where the parent has no field that could follow the child.
#[track_caller]
pub const fn check_derive<T: LinkTo<NUMBER>, const NUMBER: usize>() {
    let (fields, mut at) = (T::Check::PARENT.fields, 0);
    while at < fields.len() {
        if matches!(fields[at].role, FieldRole::Derived) {
            return;
        }
        at += 1;
    }
    panic!("the parent has no field that is derived; mark one with `#[versioned(derived)]`, or remove `derive`");
}

struct CircleMessage {
    bytes: [u8; 1024],
    length: usize,
}

impl CircleMessage {
    const fn of(child: &str, trail: &Trail) -> Self {
        let mut message = Self { bytes: [0; 1024], length: 0 };
        message.push("the parents go in a circle: the parent of `");
        message.push(child);
        message.push("` is `");
        let mut at = trail.length - 1;
        message.push(trail.names[at]);
        while at > 0 {
            at -= 1;
            message.push("`, whose parent is `");
            message.push(trail.names[at]);
        }
        message.push("`; remove one of these links");
        message
    }

    const fn push(&mut self, text: &str) {
        let text = text.as_bytes();
        let mut at = 0;
        while at < text.len() && self.length < self.bytes.len() {
            self.bytes[self.length] = text[at];
            self.length += 1;
            at += 1;
        }
    }

    const fn as_str(&self) -> &str {
        match str::from_utf8(self.bytes.split_at(self.length).0) {
            Ok(text) => text,
            Err(_) => "the parents go in a circle; remove one of the links",
        }
    }
}
