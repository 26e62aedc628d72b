//! Which bugs each case notices. It may notice others, too; these are those that it is there for.

mod derived;
mod families;
mod resources;

use crate::bug::Bug;

/// A case by its name, and its bugs.
pub(crate) type Row = (&'static str, &'static [Bug]);

pub(crate) fn rows() -> impl Iterator<Item = &'static Row> {
    resources::ROWS.iter().chain(families::ROWS).chain(derived::ROWS)
}
