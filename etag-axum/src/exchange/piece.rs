//! What representations are made of.

use bytes::Bytes;
use etag_core::{Document, Refusal, RefusalKind};
use serde::Serialize;

use super::{Refused, Representation, Stored};

/// Room for most representations, in bytes.
pub(super) const ROOM: usize = 1024;

/// What a representation can be, or a piece of one: whatever serde can write, a state as the store has it, and what was
/// written before.
///
/// The last two are text already, and are copied: nothing is decoded, and nothing is encoded again. So is a
/// [`RawValue`](serde_json::value::RawValue), which a [view](Stored::view) has for members that are not looked at. A
/// [`Representation`] is copied where it is given away, and read over where it is borrowed, as every borrowed value.
pub trait Piece: sealed::Write {}

impl<T: Serialize + ?Sized> Piece for &T {}
impl<T: Document> Piece for &Stored<T> {}
impl Piece for Representation {}

pub(super) mod sealed {
    use super::{Bytes, ROOM, Refused};

    pub trait Write: Sized {
        fn write(self, text: &mut Vec<u8>) -> Result<(), Refused>;

        fn into_text(self) -> Result<Bytes, Refused> {
            let mut text = Vec::with_capacity(ROOM);
            self.write(&mut text)?;
            Ok(text.into())
        }
    }
}

impl<T: Serialize + ?Sized> sealed::Write for &T {
    fn write(self, text: &mut Vec<u8>) -> Result<(), Refused> {
        serde_json::to_writer(text, self).map_err(|error| fault(&error))
    }
}

impl<T: Document> sealed::Write for &Stored<T> {
    fn write(self, text: &mut Vec<u8>) -> Result<(), Refused> {
        // A repository of somebody's own may keep documents with white space around them.
        text.extend_from_slice(self.text()?.trim_ascii());
        Ok(())
    }

    fn into_text(self) -> Result<Bytes, Refused> {
        self.text().cloned()
    }
}

impl sealed::Write for Representation {
    fn write(self, text: &mut Vec<u8>) -> Result<(), Refused> {
        text.extend_from_slice(self.as_bytes());
        Ok(())
    }

    fn into_text(self) -> Result<Bytes, Refused> {
        Ok(self.into_bytes())
    }
}

/// The client can't mend it and learns nothing of the inside; the log does.
pub(super) fn fault(error: &dyn std::fmt::Display) -> Refused {
    tracing::error!(%error, "a representation can't be written");
    Refusal::new(RefusalKind::Internal).into()
}
