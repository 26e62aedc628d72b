//! Several requests in one, in the form of a dialect.

mod unit_store;

pub use self::unit_store::UnitStore;
