//! Planner's tags: what each is of and which version, in base64.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use etag_core::{ETag, Epoch, Head, Model, Named, Revision, TagCodec, TagPlan};

/// Tags as `W/"…"`, with `'1-Task  @@@@@@@@@@@@@@@D'` in base64 between the quotes.
///
/// The sixteen characters at the end are a number, in digits from `@` to DEL. It is 4 for the first version and grows by a
/// multiple of 4 with each: by four for each write of the store, since the store counts those of all resources in one.
///
/// Where a store was brought back from a backup it counts some numbers again, in another epoch. Those are told apart by the
/// upper half of the number, which is 0 in the epoch in which the resource was created.
#[derive(Debug)]
pub(crate) struct PlannerTags;

/// How far versions are apart.
const STEP: u128 = 4;

/// How many digits a number has.
const DIGITS: usize = 16;

/// The digit 0.
const ZERO: u8 = b'@';

/// The bits of a digit.
const DIGIT_BITS: usize = 6;

/// The bits of each half of a number.
const HALF: usize = DIGITS * DIGIT_BITS / 2;

/// The bits of a number that count. No store writes 2⁴⁶ times; what a batch is about to write has no true number yet.
const LOWER_HALF: u128 = (1 << HALF) - 1;

impl TagCodec for PlannerTags {
    fn encode(&self, model: &Model, head: &Head) -> ETag {
        let text = format!("'1-{}{}'", kind(model), digits(number(head)));
        ETag::weak(STANDARD.encode(text)).expect("base64 makes a tag")
    }

    fn decode(&self, model: &Model, current: &Head, etag: &ETag) -> Named {
        let Some(number) = number_in(kind(model), etag) else { return Named::Foreign };
        match revision(number, current) {
            Some(revision) => Named::State(TagPlan::Revision.tag(revision, current.modified_at)),
            None => Named::Unknown,
        }
    }
}

/// What a tag says that it is of, in 6 or 12 characters.
fn kind(model: &Model) -> &'static str {
    match model.collection {
        "plans" => "Plan  ",
        "plan-details" => "PlanDetails ",
        "buckets" => "Bucket",
        "tasks" => "Task  ",
        _ => "TaskDetails ",
    }
}

fn number(head: &Head) -> u128 {
    let epochs = epoch_bits(head.revision.epoch()) ^ epoch_bits(head.created.epoch());
    let before_first = if epochs == 0 { head.created.sequence() - 1 } else { 0 };
    (epochs << HALF) | ((u128::from(head.revision.sequence() - before_first) * STEP) & LOWER_HALF)
}

/// The revision that a number names of the resource whose present state is `current`; `None` where there can be none.
fn revision(number: u128, current: &Head) -> Option<Revision> {
    let (epochs, count) = (number >> HALF, number & LOWER_HALF);
    if count == 0 || count % STEP != 0 {
        return None;
    }
    let before_first = if epochs == 0 { current.created.sequence() - 1 } else { 0 };
    let sequence = before_first + u64::try_from(count / STEP).ok()?;
    let epoch = epoch(epochs ^ epoch_bits(current.created.epoch()));
    let is_later = epoch == current.revision.epoch() && sequence > current.revision.sequence();
    (!is_later).then(|| Revision::new(epoch, sequence))
}

fn epoch_bits(epoch: Epoch) -> u128 {
    epoch.to_bytes().into_iter().fold(0, |bits, byte| (bits << 8) | u128::from(byte))
}

fn epoch(bits: u128) -> Epoch {
    let bytes = bits.to_be_bytes();
    Epoch::from_bytes(*bytes.last_chunk().expect("sixteen bytes end in six"))
}

fn digits(number: u128) -> String {
    let digit = |place: usize| {
        let value = (number >> (DIGIT_BITS * place)) & 0x3F;
        char::from(ZERO + u8::try_from(value).expect("six bits are less than a byte"))
    };
    (0..DIGITS).rev().map(digit).collect()
}

/// The number in a tag of this kind; `None` where it is no such tag.
fn number_in(kind: &str, etag: &ETag) -> Option<u128> {
    let text = STANDARD.decode(etag.opaque()).ok()?;
    let digits = text.strip_prefix(b"'1-")?.strip_suffix(b"'")?.strip_prefix(kind.as_bytes())?;
    let is_number = digits.len() == DIGITS && digits.iter().all(|digit| (ZERO..ZERO + 64).contains(digit));
    is_number.then(|| digits.iter().fold(0, |number, digit| (number << DIGIT_BITS) | u128::from(digit - ZERO)))
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use etag_core::{ContentDigest, Parents, StoredTag, Strength, Versioned as _};

    use super::*;
    use crate::model::{Task, TaskDetails};

    const BEFORE: [u8; 6] = [1, 2, 3, 4, 5, 6];
    const AFTER_RESTORE: [u8; 6] = [9, 2, 3, 4, 5, 7];

    fn at(epoch: [u8; 6], sequence: u64) -> Revision {
        Revision::new(Epoch::from_bytes(epoch), sequence)
    }

    /// The state of a task that the 1000th write made.
    fn head(revision: Revision) -> Head {
        let at_once = SystemTime::UNIX_EPOCH;
        Head {
            key: etag_core::Key::new("tasks", "1"),
            tag: TagPlan::Revision.tag(revision, at_once),
            revision,
            edited: revision,
            created: at(BEFORE, 1000),
            created_at: at_once,
            modified_at: at_once,
            date_strength: Strength::Weak,
            schema: 0,
            content: ContentDigest::from_bytes([0; 16]),
            parents: Parents::NONE,
        }
    }

    fn text(revision: Revision) -> String {
        let etag = PlannerTags.encode(Task::MODEL, &head(revision));
        String::from_utf8(STANDARD.decode(etag.opaque()).unwrap()).unwrap()
    }

    fn stored(revision: Revision) -> StoredTag {
        head(revision).tag
    }

    #[test]
    fn first_versions_are_as_in_samples() {
        let first = head(at(BEFORE, 1000));
        let task = PlannerTags.encode(Task::MODEL, &first);
        let details = PlannerTags.encode(TaskDetails::MODEL, &first);
        assert_eq!(task.as_bytes(), br#"W/"JzEtVGFzayAgQEBAQEBAQEBAQEBAQEBARCc=""#);
        assert_eq!(details.as_bytes(), br#"W/"JzEtVGFza0RldGFpbHMgQEBAQEBAQEBAQEBAQEBARCc=""#);
    }

    #[test]
    fn versions_step_by_four_and_carry() {
        let ends = (1000..1019).map(|sequence| text(at(BEFORE, sequence))[22..25].trim_end_matches('\'').to_owned());
        let expected = "@D @H @L @P @T @X @\\ @` @d @h @l @p @t @x @| A@ AD AH AL";
        assert_eq!(ends.map(|end| end[end.len() - 2..].to_owned()).collect::<Vec<_>>().join(" "), expected);
    }

    #[test]
    fn later_versions_are_greater_as_text() {
        let texts: Vec<_> = [1000, 1001, 1015, 1016, 9_999, 1 << 40].map(|sequence| text(at(BEFORE, sequence))).into();
        assert!(texts.is_sorted_by(|one, other| one < other), "{texts:?}");
    }

    #[test]
    fn a_former_tag_names_its_state() {
        for current in [at(BEFORE, 1400), at(AFTER_RESTORE, 1001)] {
            for revision in [at(BEFORE, 1000), at(BEFORE, 1399), at(AFTER_RESTORE, 700)] {
                let etag = PlannerTags.encode(Task::MODEL, &head(revision));
                let named = PlannerTags.decode(Task::MODEL, &head(current), &etag);
                assert_eq!(named, Named::State(stored(revision)), "{revision:?}");
            }
        }
    }

    #[test]
    fn no_tag_comes_again_after_a_restore() {
        let tags =
            [at(BEFORE, 1000), at(BEFORE, 1001), at(AFTER_RESTORE, 1000), at(AFTER_RESTORE, 1), at(AFTER_RESTORE, 2)]
                .map(text);
        let unique: std::collections::BTreeSet<_> = tags.iter().collect();
        assert_eq!(unique.len(), tags.len());
    }

    #[test]
    fn what_was_never_a_version_is_unknown() {
        let current = head(at(BEFORE, 1002));
        for end in ["@@", "@A", "@E", "@P", "|D"] {
            let text = format!("'1-Task  @@@@@@@@@@@@@@{end}'");
            let etag = ETag::weak(STANDARD.encode(text)).unwrap();
            assert_eq!(PlannerTags.decode(Task::MODEL, &current, &etag), Named::Unknown, "{end}");
        }
    }

    #[test]
    fn other_tags_are_foreign() {
        let current = head(at(BEFORE, 1002));
        let of_details = PlannerTags.encode(TaskDetails::MODEL, &current);
        let short = ETag::weak(STANDARD.encode("'1-Task  @@D'")).unwrap();
        for etag in [of_details, short, ETag::weak("1").unwrap(), ETag::weak("").unwrap()] {
            assert_eq!(PlannerTags.decode(Task::MODEL, &current, &etag), Named::Foreign, "{etag}");
        }
    }
}
