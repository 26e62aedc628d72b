//! Where the bytes of a tag are kept.

use bytes::Bytes;

/// The longest wire form that is kept without a heap allocation.
///
/// With a length and a discriminant it fills one cache line of 64 bytes.
const INLINE: usize = 62;

#[derive(Clone)]
pub(super) enum Wire {
    Inline { len: u8, bytes: [u8; INLINE] },
    Shared(Bytes),
}

impl Wire {
    #[inline]
    pub(super) fn as_bytes(&self) -> &[u8] {
        match self {
            Wire::Inline { len, bytes } => &bytes[..usize::from(*len)],
            Wire::Shared(bytes) => bytes,
        }
    }

    /// Out of line, so that the bytes are written where they stay. Moved right after, they would
    /// be read back wider than they were written, which stalls for as long as the whole scan.
    #[inline(never)]
    pub(super) fn copy(wire: &[u8]) -> Self {
        match u8::try_from(wire.len()) {
            Ok(len) if wire.len() <= INLINE => {
                let bytes = [0; INLINE];
                let mut inline = Wire::Inline { len, bytes };
                if let Wire::Inline { bytes, .. } = &mut inline {
                    bytes[..wire.len()].copy_from_slice(wire);
                }
                inline
            }
            _ => Wire::Shared(Bytes::copy_from_slice(wire)),
        }
    }

    /// The same with `piece` put in at `at`, which is no later than the closing quote.
    ///
    /// Out of line for the reason that [`copy`](Self::copy) is.
    #[inline(never)]
    pub(super) fn with(&self, at: usize, piece: &[u8]) -> Self {
        let len = self.as_bytes().len() + piece.len();
        match (self, u8::try_from(len)) {
            (Wire::Inline { bytes: before, .. }, Ok(short)) if len <= INLINE => {
                let mut longer = Wire::Inline { len: short, bytes: *before };
                if let Wire::Inline { bytes, .. } = &mut longer {
                    bytes[at + piece.len()..].copy_from_slice(&before[at..INLINE - piece.len()]);
                    bytes[at..].iter_mut().zip(piece).for_each(|(to, from)| *to = *from);
                }
                longer
            }
            _ => {
                let (before, after) = self.as_bytes().split_at(at);
                Self::collect(len, [before, piece, after].into_iter())
            }
        }
    }

    pub(super) fn collect<'p>(len: usize, pieces: impl Iterator<Item = &'p [u8]>) -> Self {
        match u8::try_from(len) {
            Ok(short) if len <= INLINE => Self::inline(short, pieces),
            _ => Self::shared(len, pieces),
        }
    }

    fn inline<'p>(len: u8, pieces: impl Iterator<Item = &'p [u8]>) -> Self {
        let mut bytes = [0; INLINE];
        let mut at = 0;
        for piece in pieces {
            bytes[at..at + piece.len()].copy_from_slice(piece);
            at += piece.len();
        }
        Wire::Inline { len, bytes }
    }

    fn shared<'p>(len: usize, pieces: impl Iterator<Item = &'p [u8]>) -> Self {
        let mut wire = Vec::with_capacity(len);
        pieces.for_each(|piece| wire.extend_from_slice(piece));
        Wire::Shared(wire.into())
    }
}

impl PartialEq for Wire {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            // Whole arrays compare without a call: what follows a wire form is zeros, and no
            // wire form ends in one.
            (Wire::Inline { bytes: one, .. }, Wire::Inline { bytes: other, .. }) => one == other,
            _ => self.as_bytes() == other.as_bytes(),
        }
    }
}

impl Eq for Wire {}
