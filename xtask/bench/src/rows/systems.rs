//! Five systems' dialects over HTTP: what their requests take of a server's processor, beside those of the board.

mod asking;
mod board;
mod calendar;
mod contacts;
mod dataverse;
mod partner_portal;
mod planner;
mod system;

use self::{
    asking::{Asked, Work},
    system::System,
};
use super::Group;
use crate::{
    measure::Sides,
    pace::Kind,
    row::{Row, Target},
};

pub(crate) fn group() -> Group {
    use Work::{Read, ReadAgain, Refused, Write};
    let rows = [
        rows::<planner::Task, board::PatchedTask>(&[Read, Write, Refused]),
        rows::<planner::Details, board::Details>(&[Write]),
        rows::<contacts::Person, board::PatchedTask>(&[Read, Write, Refused]),
        rows::<calendar::PatchedEvent, board::PatchedTask>(&[Read, ReadAgain, Write, Refused]),
        rows::<calendar::ReplacedEvent, board::ReplacedTask>(&[Write]),
        rows::<dataverse::Account, board::PatchedTask>(&[Read, ReadAgain, Write, Refused]),
        rows::<partner_portal::Offer, board::ReplacedTask>(&[Read, Write, Refused]),
    ];
    Group { title: "Systems over HTTP", notes: NOTES, rows: rows.into_iter().flatten().collect() }
}

const NOTES: &str = "The counterpart of each example is `board`, which speaks no dialect. What a request takes of the \
processor in the server's process, in the kernel, too. Each example runs in a process of its own, with one worker \
thread and a memory store; eight connections of HTTP/1.1 over the loopback are kept open, each with one request on its \
way and a resource of its own. What the clients take is not in it. A representation has about 680 bytes, and the \
board's is as long as the system's. Both sides answer a write with the representation, and the next write is under the \
tag of that answer. Refused is a write under the tag before: the board says 412, a service what it says. What a \
dialect adds is in the section before. The rest of a read is the handler's: `board` sends what is stored as it is, \
where most examples put pieces of it together to what their services have.";

/// How long a representation is, in bytes.
const LENGTH: usize = 680;

fn rows<S: System, B: System>(works: &[Work]) -> Vec<Row> {
    works.iter().map(|work| row::<S, B>(*work)).collect()
}

fn row<S: System, B: System>(work: Work) -> Row {
    let (id, what) = (work.id(S::WRITE), work.what(S::WRITE));
    let row = Row::new(format!("systems-{}-{id}", S::NAME), Kind::Processes, format!("{}: {what}", S::NAME), B::NAME);
    // What a refusal costs is told, not aimed at: each service says something of its own.
    let row = if work == Work::Refused { row } else { row.target(Target::AtMost(1.1)) };
    row.on_one_core().sides(move |_| sides::<S, B>(work))
}

fn sides<S: System, B: System>(work: Work) -> Sides {
    let (ours, length) = Asked::<S>::begin(work, LENGTH);
    let (hand, _) = Asked::<B>::begin(work, length);
    Sides::new(hand.side(), ours.side())
}
