//! The store's own number for a state of one resource.

use std::fmt;

/// The store's number for one written state: which life of the store, and the how-manieth write in it (rule T5).
///
/// A store draws the sequence from one counter for all its resources and never gives a number out twice, so a resource
/// that is deleted and made again can't meet a tag of its former self. The epoch changes when an operator says so after
/// a restore from a backup (and with each start of a store that keeps nothing), since the counter then repeats numbers
/// which clients may still hold.
///
/// Two revisions of one resource compare by sequence only within one epoch.
///
/// ```
/// use etag_core::{Epoch, Revision};
///
/// let revision = Revision::new(Epoch::from_bytes([7; 6]), 42);
/// assert_eq!(revision.sequence(), 42);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Revision {
    epoch: Epoch,
    sequence: u64,
}

impl Revision {
    /// The revision that is the `sequence`-th write of the store's life `epoch`.
    ///
    /// ```
    /// use etag_core::{Epoch, Revision};
    ///
    /// let (before, after) = (Epoch::from_bytes([1; 6]), Epoch::from_bytes([2; 6]));
    /// assert_ne!(Revision::new(before, 42), Revision::new(after, 42)); // before and after a restore
    /// ```
    pub const fn new(epoch: Epoch, sequence: u64) -> Self {
        Self { epoch, sequence }
    }

    /// The life of the store in which this state was written.
    pub const fn epoch(self) -> Epoch {
        self.epoch
    }

    /// The place of this write among all writes of the store, counted from 1.
    pub const fn sequence(self) -> u64 {
        self.sequence
    }
}

/// One life of a store: 48 random bits, part of every revision tag (rule T5).
///
/// ```
/// use etag_core::{Environment, Epoch};
///
/// let epoch = Epoch::from_bytes(Environment::system().random_bytes());
/// assert_eq!(Epoch::from_bytes(epoch.to_bytes()), epoch);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Epoch([u8; 6]);

impl Epoch {
    /// The epoch made of these random bytes.
    ///
    /// ```
    /// use etag_core::Epoch;
    ///
    /// assert_eq!(format!("{:?}", Epoch::from_bytes([0, 1, 2, 3, 4, 255])), "Epoch(0001020304ff)");
    /// ```
    pub const fn from_bytes(bytes: [u8; 6]) -> Self {
        Self(bytes)
    }

    /// The bytes, as a store keeps them.
    pub const fn to_bytes(self) -> [u8; 6] {
        self.0
    }
}

impl fmt::Debug for Epoch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Epoch(")?;
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))?;
        f.write_str(")")
    }
}
