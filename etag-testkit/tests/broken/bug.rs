//! What the broken stores do wrong, one thing each.

/// One thing that a store does wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Bug {
    // What it reads.
    TellsNoHeadOfItsOwnParents,
    KeepsDeletedReadable,
    ServesTheStateBeforeTheLastCommit,
    ReadsHeadAndBodyApart,
    ReadsWhatItReadBefore,
    FoldsIds,
    IgnoresCollections,
    RewritesDocuments,
    TakesTagsForText,
    KeepsSecondsOnly,

    // What it demands.
    IgnoresExpectationsOfPuts,
    IgnoresExpectationsOfDeletes,
    IgnoresExpectationsOfChecks,
    CreatesWhatMustExist,
    ComparesWeakly,
    ComparesStrongly,
    ReadsTheFirstTagOnly,
    IgnoresEpochs,
    TakesLeftByForExists,
    TakesUneditedForExists,
    TakesEqualContentForOnesOwn,
    DecidesOnWhatItReadBefore,

    // What a batch means.
    WritesWhatIsNotRefused,
    ReportsTheFirstCulpritOnly,
    ReportsWhoFollowsAFailure,
    SortsItems,
    ComparesWithTheStateBeforeTheBatch,
    CommitsItemsOneByOne,
    KeepsALifeOverDeleteAndCreate,
    WritesAtMostNinetyItems,
    RefusesEmptyBatches,

    // What it answers.
    TellsNoStateInConflicts,
    TellsTheCallersOwnState,
    TellsNoTouches,
    TellsTouchesTwice,
    TellsTheOldestTagBefore,
    TellsTheLatestTagAfter,
    TellsTheTagBeforeTheTouches,
    TellsReplacedWhereNothingChanged,
    TellsEveryCommitRepeated,
    TellsNoFormerResource,

    // What changes nothing.
    RewritesEqualContent,
    RefusesToRewrite,
    KeepsTheFirstSchema,

    // What it remembers of commits.
    KeepsNoLedger,
    IgnoresFingerprints,
    SharesKeysBetweenPrincipals,
    KeepsTheLedgerForEver,
    LooksAtTheLedgerLast,
    RecordsRefusals,
    RecallsNothing,
    RecordsNoTouches,
    KeepsNoChanges,
    ForgetsNoChange,
    KeepsTheChangesOfTheGone,
    LogsNoTouches,
    MakesUpVersions,
    KeepsChangesOfMembersOnly,

    // Its numbers and times.
    DrawsAgainAfterADelete,
    DrawsAgainAfterARefusal,
    DrawsAgainAfterOpening,
    CountsDown,
    DrawsInTwoPlaces,
    HasAClockOfItsOwn,
    FollowsAClockBack,
    CallsEveryDateStrong,

    // Who is at work at once.
    ComparesBeforeItWrites,
    ValidatesWhatItWritesOnly,
    LocksInTheCallersOrder,
    StopsHalfway,
    AnswersWithoutWriting,

    // Families.
    ForgetsTouches,
    TouchesByStructureOnly,
    TouchesByContentAlways,
    TouchesThroughEveryLink,
    TouchesTheNewParentOnly,
    TouchesTheFormerParentOnly,
    TouchesWhereTheChildStoodFirst,
    ClimbsOneLevel,
    ClimbsEveryLink,
    LosesTheDocumentInATouch,
    KeepsDigestsInATouch,
    CountsTouchesOfDigestsToTwo,
    LocksTheFamilyAlways,
    LocksTheFamilyNever,
    ComparesOwnPartsInDeletes,
    PlacesWithoutALook,
    LooksForParentsFirst,
    CascadesInsteadOfRestricting,
    DetachesInsteadOfCascading,
    CascadesInsteadOfDetaching,
    SeesNoChildren,
    SeesFiveChildren,
    SeesTouchingChildrenOnly,
    SeesFirstChildrenOnly,
    NamesEveryChild,
    NamesNoChild,
    KeepsTheLinksOfTheDetached,
    DeletesByTheFirstLink,

    // What is derived from children.
    ReadsNoDocuments,
    DerivesNothing,
    DerivesNothingOfCascades,
    DerivesFromTheFirstDocument,
    DerivesUnderTheFormerTag,
    TakesTheClientsDerivedFields,
    TellsTheDocumentAsGiven,

    // Its lists.
    ListsById,
    ListsByLastChange,
    ListsByOffset,
    ListsChildrenOfAll,
    ListsEveryCollection,
    ListsWhereChildrenStoodFirst,
    ListsWithoutParents,
    ListsTagsOfTheFirstState,
    EndsWithACursor,

    // Its end.
    StaysOpen,
    ClosesOneHandle,
    DropsWhatIsUnderWay,
    ForgetsTheLastCommitAtTheEnd,
    ForgetsTheLedgerAtTheEnd,
}
