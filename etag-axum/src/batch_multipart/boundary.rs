//! Boundaries that are in no text.

use std::collections::HashSet;

use super::BoundaryPrefixes;

/// The digits of the number in a boundary.
const DIGITS: usize = 16;

/// The boundaries of a body: its prefixes with the first number that is behind neither of them in any of the texts.
///
/// It takes one look at each text, whatever stands there: somebody who writes all numbers up to one gets the next.
/// Some clients look for boundaries anywhere, not only at the start of lines.
#[derive(Clone, Copy, Debug)]
pub(super) struct Boundaries {
    prefixes: BoundaryPrefixes,
    number: u64,
}

impl Boundaries {
    pub(super) fn outside<'t>(prefixes: BoundaryPrefixes, texts: impl Iterator<Item = &'t [u8]>) -> Self {
        let taken: HashSet<u64> = texts.flat_map(|text| numbers(prefixes, text)).collect();
        let number = (0..=u64::MAX).find(|number| !taken.contains(number));
        Self { prefixes, number: number.unwrap_or_default() }
    }

    /// The one between the parts of the batch.
    pub(super) fn batch(self) -> String {
        format!("{}{:0DIGITS$x}", self.prefixes.batch, self.number)
    }

    /// The one in a change set: the same in all of them, and no other even if the prefixes are the same.
    pub(super) fn change_set(self) -> String {
        format!("{}{:0DIGITS$x}_", self.prefixes.change_set, self.number)
    }
}

fn numbers(prefixes: BoundaryPrefixes, text: &[u8]) -> impl Iterator<Item = u64> {
    (0..text.len()).flat_map(move |at| {
        [prefixes.batch, prefixes.change_set].into_iter().filter_map(move |prefix| number_after(prefix, &text[at..]))
    })
}

fn number_after(prefix: &str, text: &[u8]) -> Option<u64> {
    let digits = text.strip_prefix(prefix.as_bytes())?.get(..DIGITS)?;
    u64::from_str_radix(str::from_utf8(digits).ok()?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PREFIXES: BoundaryPrefixes = BoundaryPrefixes { batch: "batch_", change_set: "changeset_" };

    fn number(texts: &[&str]) -> u64 {
        Boundaries::outside(PREFIXES, texts.iter().map(|text| text.as_bytes())).number
    }

    #[test]
    fn the_first_number_that_is_in_no_text_is_taken() {
        assert_eq!(number(&[]), 0);
        assert_eq!(number(&["", "batch_", "batch_000", "0000000000000001"]), 0);
        assert_eq!(number(&["{}--batch_00000000000000000"]), 1);
        assert_eq!(number(&["changeset_0000000000000001", "xbatch_0000000000000000batch_0000000000000002"]), 3);
    }

    #[test]
    fn boundaries_have_their_prefix_and_differ() {
        let same = BoundaryPrefixes { batch: "b_", change_set: "b_" };
        let boundaries = Boundaries::outside(same, std::iter::empty());
        assert_eq!(boundaries.batch(), "b_0000000000000000");
        assert_eq!(boundaries.change_set(), "b_0000000000000000_");
    }
}
