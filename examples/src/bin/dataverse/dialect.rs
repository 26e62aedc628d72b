//! How Dataverse spells conditional requests.

use etag_axum::MultipartBatch;
use etag_core::{
    AfterFailure, AllowUnconditional, BatchRules, BothConditions, Comparison, Dialect, ETag, ErrorEnvelope, Head,
    IfUnchanged, Model, NoCondition, PartReferences, TagCodec, TagMember, TagOfAbsent, TagPlacement, TagText,
};

use crate::errors::ERRORS;

/// The dialect of the Web API, for servers and clients.
pub(crate) const DATAVERSE: Dialect = Dialect {
    name: "Dataverse",
    codec: &RowVersions::OfThisLife,
    comparison: Comparison::Weak,
    tag_placement: TagPlacement::HeaderAndMember(TagMember::new("@odata.etag", TagText::Quoted)),
    no_condition: Some(NoCondition::InIfNoneMatch("null")),
    both_conditions: BothConditions::Refused,
    tag_of_absent: TagOfAbsent::NotFound,
    missing: &AllowUnconditional,
    too_long_status: 400,
    if_unchanged: IfUnchanged::Rewrite,
    error_envelope: ErrorEnvelope::Own(&ERRORS),
    batch: Some(BATCH),
    ..Dialect::RFC_9110
};

/// What its `$batch` does.
pub(crate) const BATCH: BatchRules = BatchRules {
    after_failure: AfterFailure::StopUnlessPreferred("odata.continue-on-error"),
    references: PartReferences::Dollar,
    ..BatchRules::new(&MultipartBatch::ODATA, 1000)
};

/// Row versions: the number that the store gave the state, from one counter for all tables.
#[derive(Debug)]
pub(crate) enum RowVersions {
    /// Behind the number of the store's life, so that no version comes back after a restore from a backup or, in memory, after
    /// a restart (rule T5). The last 20 digits are the counter.
    OfThisLife,
    /// The same, but that the 20 digits are in no order: they tell neither what came first nor how much came between.
    Shuffled,
    /// The counter alone, as short as the service's own. Numbers come back where the counter does.
    Bare,
}

impl TagCodec for RowVersions {
    fn encode(&self, _model: &Model, head: &Head) -> ETag {
        let (life, sequence) = (number_of(head.revision.epoch().to_bytes()), head.revision.sequence());
        let version = match self {
            Self::OfThisLife => format!("{life}{sequence:020}"),
            Self::Shuffled => format!("{life}{:020}", shuffled(sequence)),
            Self::Bare => sequence.to_string(),
        };
        ETag::weak(version).expect("digits make a tag")
    }
}

/// A number that no other one becomes: the factor is odd.
fn shuffled(number: u64) -> u64 {
    number.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(32).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

fn number_of(epoch: [u8; 6]) -> u64 {
    epoch.into_iter().fold(0, |number, byte| number << 8 | u64::from(byte))
}

#[cfg(test)]
mod tests {
    use etag_core::{Epoch, MemoryStore, Revision, StoreExt as _, Versioned as _};

    use super::*;
    use crate::tables::Account;

    async fn head_at(revision: Revision) -> Head {
        let account: Account = serde_json::from_value(serde_json::json!({
            "accountid": "00000000-0000-0000-0000-000000000001",
            "createdon": "1970-01-01T00:00:00Z",
            "modifiedon": "1970-01-01T00:00:00Z",
            "versionnumber": 0,
        }))
        .unwrap();
        let mut head = MemoryStore::new().create(&account).await.unwrap().head().clone();
        head.revision = revision;
        head
    }

    async fn text(codec: RowVersions, epoch: [u8; 6], sequence: u64) -> String {
        let head = head_at(Revision::new(Epoch::from_bytes(epoch), sequence)).await;
        codec.encode(Account::MODEL, &head).to_string()
    }

    #[tokio::test]
    async fn row_versions_are_weak_decimal_numbers() {
        assert_eq!(text(RowVersions::Bare, [9; 6], 628_448).await, "W/\"628448\"");
        assert_eq!(text(RowVersions::OfThisLife, [0, 0, 0, 0, 1, 2], 7).await, "W/\"25800000000000000000007\"");
    }

    #[tokio::test]
    async fn a_restored_store_repeats_no_row_version() {
        let (before, after) = ([0, 0, 0, 0, 0, 1], [0, 0, 0, 0, 0, 2]);
        let longest = text(RowVersions::OfThisLife, before, u64::MAX).await;
        assert_ne!(text(RowVersions::OfThisLife, before, 7).await, text(RowVersions::OfThisLife, after, 7).await);
        assert_eq!(longest, format!("W/\"1{}\"", u64::MAX));
    }

    #[test]
    fn shuffled_numbers_differ_and_have_no_order() {
        let numbers: Vec<_> = (1..1000).map(shuffled).collect();
        assert_eq!(std::collections::HashSet::<_>::from_iter(&numbers).len(), numbers.len());
        let ascents = numbers.windows(2).filter(|pair| pair[0] < pair[1]).count();
        assert!((300..700).contains(&ascents), "{ascents}");
    }

    #[test]
    fn the_dialect_is_enough_to_read_an_answer() {
        let ErrorEnvelope::Own(format) = DATAVERSE.error_envelope else { panic!("it has its own envelope") };
        let body = br#"{"error":{"code":"0x80060882","message":"reworded"}}"#;
        assert_eq!(format.read(412, body), Some(etag_core::RefusalKind::Stale));
        let member = DATAVERSE.tag_placement.member().unwrap();
        assert_eq!(member.read("W/\"628448\"").unwrap(), ETag::weak("628448").unwrap());
    }
}
