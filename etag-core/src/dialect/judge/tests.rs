use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::*;
use crate::{
    AllowUnconditional, ChangeRule, Comparison, ContentDigest, Epoch, Key, MergeDisjoint, Mismatch, NoCondition,
    Parents, Revision, Strength, TagCodec, TagLimits, TagPlan, Validator,
};

static MODEL: Model = Model {
    name: "Note",
    collection: "notes",
    representation: 1,
    schema: 1,
    validator: Validator::Revision,
    fields: &[],
    links: &[],
    changes: ChangeRule::NONE,
};

const REFUSED: Dialect = Dialect { wildcard: Wildcard::Refused, ..Dialect::RFC_9110 };
const LAST_ONE_WINS: Dialect = Dialect { wildcard: Wildcard::LastOneWins, ..Dialect::RFC_9110 };
const EITHER: Dialect = Dialect { both_conditions: BothConditions::Refused, ..Dialect::RFC_9110 };
const LENIENT: Dialect = Dialect { missing: &AllowUnconditional, ..Dialect::RFC_9110 };
const ASKING: Dialect = Dialect { mismatch: &Asking, ..Dialect::RFC_9110 };

/// Lets updates pass where the store knows of no change, and tells what it was given.
#[derive(Debug)]
struct Asking;

impl Mismatch for Asking {
    fn wants_changes(&self, write: WriteKind) -> bool {
        write == WriteKind::Update
    }

    fn judge(&self, stale: &Stale<'_>) -> Result<(), Refusal> {
        match stale.since {
            ChangesSince::Known([]) => Ok(()),
            since => Err(Refusal::new(RefusalKind::Conflicting).saying(format!("{:?} {since:?}", stale.named))),
        }
    }
}

fn revision(sequence: u64) -> Revision {
    Revision::new(Epoch::from_bytes([0; 6]), sequence)
}

fn modified_at() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_000)
}

fn head() -> Head {
    Head {
        key: Key::new("notes", "1"),
        tag: stored(7),
        revision: revision(7),
        edited: revision(7),
        created: revision(3),
        created_at: UNIX_EPOCH,
        modified_at: modified_at(),
        date_strength: Strength::Strong,
        schema: 1,
        content: ContentDigest::from_bytes([0; 16]),
        parents: Parents::default(),
    }
}

fn stored(sequence: u64) -> StoredTag {
    TagPlan::Revision.tag(revision(sequence), modified_at())
}

fn etag(sequence: u64) -> ETag {
    MODEL.publish(&stored(sequence))
}

fn if_match(tags: impl Into<EntityTags>) -> Preconditions {
    Preconditions::none().with_if_match(tags)
}

fn if_none_match(tags: impl Into<EntityTags>) -> Preconditions {
    Preconditions::none().with_if_none_match(tags)
}

fn lines(name: &'static str, line: &'static str) -> Preconditions {
    Preconditions::from_lines(&TagLimits::default(), |asked| {
        asked.eq_ignore_ascii_case(name).then_some(line.as_bytes())
    })
}

fn judged(dialect: &Dialect, conditions: &Preconditions, state: Option<&Head>) -> Judgement {
    let intent = WriteIntent { kind: WriteKind::Update, changes: &[] };
    dialect.judge_write(&MODEL, conditions, intent, state, ChangesSince::NotAsked)
}

/// What is refused; `None` for what goes on.
#[track_caller]
fn refused(dialect: &Dialect, conditions: &Preconditions, state: Option<&Head>) -> Option<RefusalKind> {
    match judged(dialect, conditions, state) {
        Judgement::Proceed => None,
        Judgement::Refuse(refusal) => Some(refusal.kind),
        Judgement::AskChangesSince(tag) => panic!("asks what changed since {tag:?}"),
    }
}

/// Tags that tell what was asked for besides the number of the state.
#[derive(Debug)]
struct Selecting;

const SELECTING: Dialect = Dialect { codec: &Selecting, ..Dialect::RFC_9110 };

impl TagCodec for Selecting {
    fn encode(&self, _model: &Model, head: &Head) -> ETag {
        ETag::strong(head.revision.sequence().to_string()).unwrap()
    }

    fn is_current(&self, _model: &Model, current: &Head, etag: &ETag) -> bool {
        etag.opaque().starts_with(format!("{};", current.revision.sequence()).as_bytes())
    }
}

#[test]
fn a_tag_that_names_the_current_state_in_another_way_goes_on() {
    let tag = |text| ETag::strong(text).unwrap();
    for (text, expected) in
        [("7", None), ("7;text", None), ("6;text", Some(RefusalKind::Stale)), ("77;", Some(RefusalKind::Stale))]
    {
        assert_eq!(refused(&SELECTING, &if_match(tag(text)), Some(&head())), expected, "{text}");
    }
    let several = EntityTags::from_iter([tag("6;text"), tag("7;text")]);
    assert_eq!(refused(&SELECTING, &if_match(several), Some(&head())), None);
    assert_eq!(refused(&Dialect::RFC_9110, &if_match(tag("7;text")), Some(&head())), Some(RefusalKind::Stale));
}

#[test]
fn what_is_beside_a_tag_of_another_text_must_hold_too() {
    let update = if_match(ETag::strong("7;text").unwrap());
    assert_eq!(
        refused(&SELECTING, &update.with_if_none_match(EntityTags::Any), Some(&head())),
        Some(RefusalKind::Exists)
    );
    let other = if_match(ETag::strong("7;text").unwrap()).with_if_none_match(ETag::strong("6").unwrap());
    assert_eq!(refused(&SELECTING, &other, Some(&head())), None);
}

#[test]
fn a_tag_of_another_text_that_the_comparison_never_takes_is_no_match() {
    let weak = if_match(EntityTags::from_iter([ETag::weak("7;text").unwrap(), ETag::strong("6").unwrap()]));
    assert_eq!(refused(&SELECTING, &weak, Some(&head())), Some(RefusalKind::Stale));
    let weakly = Dialect { comparison: Comparison::Weak, ..SELECTING };
    assert_eq!(refused(&weakly, &weak, Some(&head())), None);
}

#[test]
fn what_is_beside_a_tag_that_a_mismatch_forgives_must_hold_too() {
    let intent = WriteIntent { kind: WriteKind::Update, changes: &[] };
    let dialect = Dialect { mismatch: &MergeDisjoint, ..Dialect::RFC_9110 };
    let judge = |conditions: &Preconditions| {
        dialect.judge_write(&MODEL, conditions, intent, Some(&head()), ChangesSince::Known(&[]))
    };
    let update = if_match(etag(6));
    assert_eq!(judge(&update), Judgement::Proceed);
    let exists = Judgement::Refuse(Refusal::new(RefusalKind::Exists));
    assert_eq!(judge(&update.clone().with_if_none_match(EntityTags::Any)), exists);
    assert_eq!(judge(&update.with_if_none_match(etag(7))), exists);
}

#[test]
fn the_current_tag_goes_on() {
    assert_eq!(refused(&Dialect::RFC_9110, &if_match(etag(7)), Some(&head())), None);
}

#[test]
fn one_current_tag_of_several_goes_on() {
    let tags = EntityTags::from_iter([etag(1), etag(7)]);
    assert_eq!(refused(&Dialect::RFC_9110, &if_match(tags), Some(&head())), None);
}

#[test]
fn a_malformed_condition_is_refused_in_every_dialect_and_state() {
    for dialect in [&Dialect::RFC_9110, &LENIENT, &LAST_ONE_WINS, &REFUSED, &EITHER, &ASKING] {
        for name in ["if-match", "if-none-match"] {
            for state in [Some(&head()), None] {
                let refusal = refused(dialect, &lines(name, "\"1"), state);
                assert_eq!(refusal, Some(RefusalKind::ConditionMalformed), "{name} in {}", dialect.name);
            }
        }
    }
}

#[test]
fn what_is_malformed_is_told() {
    let Judgement::Refuse(refusal) = judged(&Dialect::RFC_9110, &lines("if-match", "\"1"), None) else { panic!() };
    assert!(refusal.to_string().contains("If-Match"), "{refusal}");
}

#[test]
fn both_conditions_must_hold_in_their_order() {
    let both = |tag| if_match(tag).with_if_none_match(EntityTags::Any);
    assert_eq!(refused(&Dialect::RFC_9110, &both(etag(1)), Some(&head())), Some(RefusalKind::Stale));
    assert_eq!(refused(&Dialect::RFC_9110, &both(etag(7)), Some(&head())), Some(RefusalKind::Exists));
    let other = if_match(etag(7)).with_if_none_match(etag(1));
    assert_eq!(refused(&Dialect::RFC_9110, &other, Some(&head())), None);
}

#[test]
fn both_conditions_are_refused_where_the_dialect_says_so() {
    let both = if_match(etag(7)).with_if_none_match(etag(1));
    assert_eq!(refused(&EITHER, &both, Some(&head())), Some(RefusalKind::ConditionMalformed));
    assert_eq!(refused(&EITHER, &both, None), Some(RefusalKind::ConditionMalformed));
    assert_eq!(refused(&EITHER, &if_match(etag(7)), Some(&head())), None);
}

#[test]
fn a_wildcard_stands_for_any_state_and_none_for_no_state() {
    assert_eq!(refused(&Dialect::RFC_9110, &if_match(EntityTags::Any), Some(&head())), None);
    assert_eq!(refused(&Dialect::RFC_9110, &if_match(EntityTags::Any), None), Some(RefusalKind::Stale));
}

#[test]
fn a_wildcard_that_is_the_last_one_wins_over_any_state_and_none() {
    for state in [Some(&head()), None] {
        assert_eq!(refused(&LAST_ONE_WINS, &if_match(EntityTags::Any), state), None);
    }
}

#[test]
fn the_last_one_does_not_win_over_what_it_excludes() {
    let only_create = if_match(EntityTags::Any).with_if_none_match(EntityTags::Any);
    assert_eq!(refused(&LAST_ONE_WINS, &only_create, Some(&head())), Some(RefusalKind::Exists));
    assert_eq!(refused(&LAST_ONE_WINS, &only_create, None), None);
    let not_this = if_match(EntityTags::Any).with_if_none_match(etag(7));
    assert_eq!(refused(&LAST_ONE_WINS, &not_this, Some(&head())), Some(RefusalKind::Exists));
    let not_that = if_match(EntityTags::Any).with_if_none_match(etag(6));
    assert_eq!(refused(&LAST_ONE_WINS, &not_that, Some(&head())), None);
}

#[test]
fn a_wildcard_that_means_nothing_is_refused_in_whatever_state() {
    for state in [Some(&head()), None] {
        assert_eq!(refused(&REFUSED, &if_match(EntityTags::Any), state), Some(RefusalKind::WildcardRefused));
    }
    assert_eq!(refused(&REFUSED, &if_none_match(EntityTags::Any), None), None);
}

#[test]
fn a_missing_condition_is_what_the_strategy_says() {
    let none = Preconditions::none();
    assert_eq!(refused(&Dialect::RFC_9110, &none, Some(&head())), Some(RefusalKind::ConditionMissing));
    assert_eq!(refused(&Dialect::RFC_9110, &none, None), None);
    assert_eq!(refused(&LENIENT, &none, Some(&head())), None);
}

#[test]
fn what_guards_nothing_is_no_condition() {
    let weak = if_match(etag(7).to_weak());
    assert_eq!(refused(&Dialect::RFC_9110, &weak, Some(&head())), Some(RefusalKind::ConditionMissing));
    let other = if_none_match(etag(1));
    assert_eq!(refused(&Dialect::RFC_9110, &other, Some(&head())), Some(RefusalKind::ConditionMissing));
}

#[test]
fn a_weak_tag_is_a_condition_where_tags_compare_weakly() {
    let weakly = Dialect { comparison: Comparison::Weak, ..Dialect::RFC_9110 };
    assert_eq!(refused(&weakly, &if_match(etag(7).to_weak()), Some(&head())), None);
    assert_eq!(refused(&weakly, &if_match(etag(6).to_weak()), Some(&head())), Some(RefusalKind::Stale));
}

#[test]
fn a_lenient_dialect_still_refuses_what_does_not_hold() {
    assert_eq!(refused(&LENIENT, &if_match(etag(1)), Some(&head())), Some(RefusalKind::Stale));
    assert_eq!(refused(&LENIENT, &if_match(etag(7).to_weak()), Some(&head())), Some(RefusalKind::Stale));
}

#[test]
fn a_tag_of_what_is_absent_is_a_mismatch_or_not_found() {
    let not_found = Dialect { tag_of_absent: TagOfAbsent::NotFound, ..Dialect::RFC_9110 };
    for tags in [EntityTags::from(etag(1)), EntityTags::Any] {
        assert_eq!(refused(&Dialect::RFC_9110, &if_match(tags.clone()), None), Some(RefusalKind::Stale));
        assert_eq!(refused(&not_found, &if_match(tags), None), Some(RefusalKind::NotFound));
    }
}

#[test]
fn a_write_that_may_only_create_is_refused_where_there_is_something() {
    for tags in [EntityTags::Any, EntityTags::from(etag(7))] {
        let refusal = refused(&LENIENT, &if_none_match(tags), Some(&head()));
        assert_eq!(refusal, Some(RefusalKind::Exists));
    }
    assert_eq!(refused(&Dialect::RFC_9110, &if_none_match(EntityTags::Any), None), None);
}

#[test]
fn a_date_guards_where_the_state_has_one_that_is_strong() {
    let at = |date| Preconditions::none().with_if_unmodified_since(date);
    assert_eq!(refused(&Dialect::RFC_9110, &at(modified_at()), Some(&head())), None);
    let before = at(modified_at() - Duration::from_secs(1));
    assert_eq!(refused(&Dialect::RFC_9110, &before, Some(&head())), Some(RefusalKind::Stale));
    let weak = Head { date_strength: Strength::Weak, ..head() };
    assert_eq!(refused(&Dialect::RFC_9110, &at(modified_at()), Some(&weak)), Some(RefusalKind::ConditionMissing));
}

#[test]
fn a_date_means_nothing_beside_a_tag() {
    let conditions = if_match(etag(7)).with_if_unmodified_since(UNIX_EPOCH);
    assert_eq!(refused(&Dialect::RFC_9110, &conditions, Some(&head())), None);
}

#[test]
fn a_stale_tag_that_names_a_state_asks_what_changed_since() {
    assert_eq!(judged(&ASKING, &if_match(etag(4)), Some(&head())), Judgement::AskChangesSince(stored(4)));
}

#[test]
fn what_changed_since_is_judged_once_it_is_known() {
    let paths = ["text".to_owned()];
    let judge = |since| {
        let intent = WriteIntent { kind: WriteKind::Update, changes: &[] };
        ASKING.judge_write(&MODEL, &if_match(etag(4)), intent, Some(&head()), since)
    };
    assert_eq!(judge(ChangesSince::Known(&[])), Judgement::Proceed);
    for since in [ChangesSince::Known(&paths), ChangesSince::Forgotten] {
        let Judgement::Refuse(refusal) = judge(since) else { panic!("{since:?}") };
        assert_eq!(refusal.to_string(), format!("{:?} {since:?}", Named::State(stored(4))));
    }
}

#[test]
fn a_write_whose_strategy_wants_no_changes_asks_nothing() {
    let intent = WriteIntent { kind: WriteKind::Delete, changes: &[] };
    let judgement = ASKING.judge_write(&MODEL, &if_match(etag(4)), intent, Some(&head()), ChangesSince::NotAsked);
    assert!(matches!(judgement, Judgement::Refuse(_)), "{judgement:?}");
}

#[test]
fn a_tag_that_names_no_state_and_a_list_of_tags_ask_nothing() {
    let foreign = ETag::strong("theirs").unwrap();
    for (tags, named) in
        [(EntityTags::from(foreign), Named::Foreign), (EntityTags::from_iter([etag(4), etag(5)]), Named::Unknown)]
    {
        let Judgement::Refuse(refusal) = judged(&ASKING, &if_match(tags), Some(&head())) else { panic!("{named:?}") };
        assert_eq!(refusal.to_string(), format!("{named:?} NotAsked"));
    }
}

#[test]
fn conditions_are_compared_with_the_tags_of_the_codec() {
    #[derive(Debug)]
    struct Numbers;
    impl TagCodec for Numbers {
        fn encode(&self, _model: &Model, head: &Head) -> ETag {
            ETag::strong(head.revision.sequence().to_string()).unwrap()
        }
    }
    let dialect = Dialect { codec: &Numbers, ..Dialect::RFC_9110 };
    assert_eq!(refused(&dialect, &if_match(ETag::strong("7").unwrap()), Some(&head())), None);
    assert_eq!(refused(&dialect, &if_match(etag(7)), Some(&head())), Some(RefusalKind::Stale));
    let known = if_none_match(ETag::weak("7").unwrap());
    assert_eq!(dialect.judge_read(&known, &dialect.codec.encode(&MODEL, &head())), Verdict::NotModified);
}

#[test]
fn a_read_that_demands_another_state_fails() {
    let judge = |conditions: &Preconditions| Dialect::RFC_9110.judge_read(conditions, &etag(7));
    assert_eq!(judge(&if_match(etag(1))), Verdict::Failed(FailedHeader::IfMatch));
    assert_eq!(judge(&if_match(etag(7))), Verdict::Proceed);
    assert_eq!(judge(&if_none_match(etag(1))), Verdict::Proceed);
    assert_eq!(judge(&lines("if-none-match", "1")), Verdict::Proceed);
    assert!(matches!(judge(&lines("if-match", "1")), Verdict::Malformed(_)));
}

#[cfg(feature = "http")]
mod headers {
    use http::{
        HeaderMap, HeaderValue,
        header::{IF_MATCH, IF_NONE_MATCH},
    };

    use super::*;
    use crate::{ConditionPlacement, TagMember, TagText};

    fn read(dialect: &Dialect, name: &http::HeaderName, values: &[&'static str]) -> Preconditions {
        let values = values.iter().map(|value| (name.clone(), HeaderValue::from_static(value)));
        dialect.preconditions(&values.collect::<HeaderMap>(), &TagLimits::default())
    }

    #[test]
    fn conditions_are_in_the_headers_unless_the_dialect_has_them_in_bodies() {
        let member = TagMember::new("etag", TagText::Bare);
        let in_bodies = Dialect { condition_placement: ConditionPlacement::Member(member), ..Dialect::RFC_9110 };
        assert_eq!(read(&Dialect::RFC_9110, &IF_MATCH, &["\"1\""]), if_match(ETag::strong("1").unwrap()));
        assert_eq!(read(&in_bodies, &IF_MATCH, &["\"1\""]), Preconditions::none());
    }

    #[test]
    fn the_text_for_no_condition_is_none_in_if_none_match_alone() {
        let sentinel = Dialect { no_condition: Some(NoCondition::InIfNoneMatch("null")), ..Dialect::RFC_9110 };
        assert_eq!(read(&sentinel, &IF_NONE_MATCH, &[" null "]), Preconditions::none());
        assert_eq!(read(&sentinel, &IF_NONE_MATCH, &["null", "*"]), if_none_match(EntityTags::Any));
        assert!(read(&sentinel, &IF_NONE_MATCH, &["nullify"]).if_none_match.malformed().is_some());
        assert!(read(&sentinel, &IF_MATCH, &["null"]).if_match.malformed().is_some());
        assert!(read(&Dialect::RFC_9110, &IF_NONE_MATCH, &["null"]).if_none_match.malformed().is_some());
    }

    #[test]
    fn the_text_for_no_condition_can_be_none_in_if_match_too() {
        let sentinel = Dialect { no_condition: Some(NoCondition::InEither("null")), ..Dialect::RFC_9110 };
        assert_eq!(read(&sentinel, &IF_NONE_MATCH, &["null"]), Preconditions::none());
        assert_eq!(read(&sentinel, &IF_MATCH, &["null "]), Preconditions::none());
        assert_eq!(read(&sentinel, &IF_MATCH, &["null", "\"1\""]), if_match(ETag::strong("1").unwrap()));
        assert!(read(&sentinel, &IF_MATCH, &["nullify"]).if_match.malformed().is_some());
    }
}

#[test]
fn a_tag_that_was_never_given_lets_no_change_pass() {
    const MERGING: Dialect = Dialect { mismatch: &crate::MergeDisjoint, ..LENIENT };
    assert_eq!(refused(&MERGING, &if_match(etag(8)), Some(&head())), Some(RefusalKind::UnknownTag));
}
