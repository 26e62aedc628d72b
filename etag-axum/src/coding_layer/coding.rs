//! The content-codings that compression layers speak, and sets of them.

/// A content-coding (RFC 9110 §8.4.1) that may stand behind `~` in a tag.
///
/// They are ordered as `tower_http` prefers them where a client does not care, the best last.
///
/// ```
/// use etag_axum::Coding;
///
/// assert_eq!(Coding::Br.name(), "br");
/// assert!(Coding::Br > Coding::Gzip);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Coding {
    /// `deflate`
    Deflate,
    /// `gzip`
    Gzip,
    /// `br`: Brotli.
    Br,
    /// `zstd`
    Zstd,
}

impl Coding {
    pub(super) const ALL: [Self; 4] = [Self::Deflate, Self::Gzip, Self::Br, Self::Zstd];

    /// The name in `Content-Encoding`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Deflate => "deflate",
            Self::Gzip => "gzip",
            Self::Br => "br",
            Self::Zstd => "zstd",
        }
    }

    /// The coding whose name is exactly this, as it stands in a tag.
    pub(super) fn in_tag(name: &[u8]) -> Option<Self> {
        Self::ALL.into_iter().find(|coding| coding.name().as_bytes() == name)
    }

    /// The coding that a `Content-Encoding` of one member names; case does not matter (RFC 9110 §8.4.1).
    pub(super) fn in_header(value: &[u8]) -> Option<Self> {
        Self::ALL.into_iter().find(|coding| coding.name().as_bytes().eq_ignore_ascii_case(value))
    }
}

/// A set of codings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Codings(u8);

impl Codings {
    pub(super) fn contains(self, coding: Coding) -> bool {
        self.0 & Self::bit(coding) != 0
    }

    fn bit(coding: Coding) -> u8 {
        1 << coding as u8
    }
}

impl FromIterator<Coding> for Codings {
    fn from_iter<I: IntoIterator<Item = Coding>>(codings: I) -> Self {
        Self(codings.into_iter().fold(0, |set, coding| set | Self::bit(coding)))
    }
}
