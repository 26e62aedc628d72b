//! One group of commits: locked and read in one round trip, planned here, written in the next (rules S2, S9).

use std::{collections::HashMap, time::SystemTime};

use etag_core::{Batch, ChangeLog, Committed, Environment, Error, ErrorKind, Key, LedgerKey, transaction};
use futures_util::future::{FutureExt as _, join3, join5};
use tokio_postgres::{Client, Row as SqlRow, types::ToSql};

use crate::{
    at_once::Signature,
    error::Fault,
    keepable,
    known::{Known, RESERVE},
    loaded::{LastRemoval, Loaded, Resource, Wanted},
    numbers, rows,
    statements::Statements,
    transaction::GroupTransaction,
    writes::Writes,
};

pub(crate) type Outcome = Result<Committed, Error>;

/// More than a family has levels, each of which a delete finds below the one before. A batch that then still reaches for
/// more than is locked is in the way of others who move what it reaches for.
const MOST_ROUNDS: usize = 64;

/// The most rows of a parent's children that are looked at for a delete: so many that it is refused, also where each child
/// has several links.
const MOST_CHILDREN: i64 = 5_000;

/// How a group of commits ended that did not come about.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Nothing was written.
    NotDone(Fault),
    /// The commit was sent and its answer lost: whether it was done can be told by the lane's signature.
    Unknown { fault: Fault, group: i64, outcomes: Vec<Outcome> },
}

impl<F: Into<Fault>> From<F> for Failure {
    fn from(fault: F) -> Self {
        Self::NotDone(fault.into())
    }
}

/// How a group ended.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) outcomes: Vec<Outcome>,
    /// What its lane is signed with now: a group that wrote nothing has signed nothing.
    pub(crate) signed: i64,
}

/// Where and how a group is committed.
pub(crate) struct Desk<'a> {
    pub(crate) client: &'a Client,
    pub(crate) statements: &'a Statements,
    pub(crate) environment: &'a Environment,
}

/// Who begins and ends the transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Frame {
    /// The store, on this lane.
    Own { lane: i64, patience: Patience },
    /// The user, whose transaction it is.
    Users,
}

/// How long a lock is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Patience {
    /// Only shortly, since others would wait along: those in the group, and those of the next one.
    Short,
    /// As long as the store's options say.
    Full,
}

impl Frame {
    fn begin(self, round: usize) -> &'static str {
        match (self, round) {
            (Self::Users, _) => "",
            (Self::Own { patience: Patience::Full, .. }, 0) => "BEGIN",
            (Self::Own { patience: Patience::Full, .. }, _) => "ROLLBACK; BEGIN",
            (Self::Own { patience: Patience::Short, .. }, 0) => "BEGIN; SET LOCAL lock_timeout = 100",
            (Self::Own { patience: Patience::Short, .. }, _) => "ROLLBACK; BEGIN; SET LOCAL lock_timeout = 100",
        }
    }
}

impl Desk<'_> {
    /// Commits all batches, each with its own outcome, or none.
    pub(crate) async fn commit(
        &self,
        batches: &[&Batch],
        known: &Known,
        signature: Signature,
        patience: Patience,
    ) -> Result<Done, Failure> {
        let frame = Frame::Own { lane: signature.lane, patience };
        let Planned { outcomes, writes, loaded, now } = match self.plan(batches, frame, Some(known)).await {
            Ok(planned) => planned,
            Err(fault) => {
                // What was begun must not stay open; a connection that broke has ended it by itself.
                let _ = self.client.batch_execute("ROLLBACK").await;
                return Err(fault.into());
            }
        };
        if writes.is_empty() {
            self.client.batch_execute("ROLLBACK").await.map_err(Fault::from)?;
            loaded.teach(known);
            return Ok(Done { outcomes, signed: signature.before });
        }
        match self.write(&writes, now, signature).await {
            Ok(()) => {
                loaded.teach(known);
                Ok(Done { outcomes, signed: signature.after })
            }
            Err(fault @ Fault::Disconnected(_)) => {
                known.forget(loaded.resources.keys());
                Err(Failure::Unknown { fault, group: signature.after, outcomes })
            }
            Err(fault) => Err(fault.into()),
        }
    }

    /// Does one batch inside the user's transaction, which the user ends (rule S7).
    pub(crate) async fn commit_in(&self, batch: &Batch) -> Result<Outcome, Fault> {
        let Planned { mut outcomes, writes, now, .. } = self.plan(&[batch], Frame::Users, None).await?;
        writes
            .send(self.client, self.statements, now, Vec::new())
            .await
            .into_iter()
            .try_for_each(|sent| sent.map(drop))?;
        Ok(outcomes.pop().expect("one batch has one outcome"))
    }

    async fn write(&self, writes: &Writes, now: SystemTime, signature: Signature) -> Result<(), Fault> {
        let (client, statements) = (self.client, self.statements);
        let Signature { lane, after, .. } = signature;
        let last = vec![
            async move { client.execute(&statements.sign, &[&lane, &after]).await }.boxed(),
            async move { client.batch_execute("COMMIT").await.map(|()| 1) }.boxed(),
        ];
        // The first fault is the cause of those behind it. `COMMIT` after one rolls back, and calls that a success.
        let sent = writes.send(client, statements, now, last).await;
        sent.into_iter().try_for_each(|sent| sent.map(drop)).map_err(Fault::from)
    }

    async fn plan(&self, batches: &[&Batch], frame: Frame, known: Option<&Known>) -> Result<Planned, Fault> {
        let mut wanted = Wanted::of(batches.iter().copied());
        // The family as it is remembered is locked at once, and it is seen then whether that was all.
        if let Some(family) = known.and_then(|known| known.family(wanted.keys.iter())) {
            wanted.extend_by_family(family);
        }
        for round in 0..MOST_ROUNDS {
            let now = numbers::to_stored_precision(self.environment.now());
            let mut loaded = self.load(&wanted, frame, round, now, known).await?;
            let mut transaction = GroupTransaction::new(&mut loaded, self.environment);
            let outcomes = outcomes(&mut transaction, batches, now);
            let GroupTransaction { missing, recorded, removal, .. } = transaction;
            if !missing.is_empty() {
                wanted.extend(missing);
                continue;
            }
            let mut writes = Writes::of(loaded.resources.iter());
            writes.record(recorded);
            writes.remember_removal(removal);
            return Ok(Planned { outcomes, writes, loaded, now });
        }
        Err(Fault::Unavailable("the family of the resource keeps moving; try again".to_owned()))
    }

    /// Locks and reads all that is wanted, in one round trip.
    async fn load(
        &self,
        wanted: &Wanted,
        frame: Frame,
        round: usize,
        now: SystemTime,
        known: Option<&Known>,
    ) -> Result<Loaded, Fault> {
        let (client, statements, begin) = (self.client, self.statements, frame.begin(round));
        let (collections, ids) = columns(wanted.keys.iter().filter(|key| keepable::can_be_asked_for(key)));
        let (parent_collections, parent_ids) =
            columns(wanted.parents.iter().filter(|key| keepable::can_be_asked_for(key)));
        let bodies: Vec<String> = wanted.bodies.iter().map(Key::to_string).collect();
        let principals: Vec<&str> = wanted.ledger.iter().map(|key| key.principal.as_str()).collect();
        let keys: Vec<&str> = wanted.ledger.iter().map(|key| key.key.as_str()).collect();
        let now = numbers::time_to_sql(now);
        let reserve = known.filter(|known| known.needs_numbers()).map_or(0, |_| RESERVE);
        let count = i32::try_from(wanted.numbers + reserve).unwrap_or(i32::MAX);
        let lock = if wanted.climb { &statements.lock } else { &statements.lock_alone };
        let lock_columns: [&(dyn ToSql + Sync); 3] = [&collections, &ids, &bodies];
        let children_columns: [&(dyn ToSql + Sync); 3] = [&parent_collections, &parent_ids, &MOST_CHILDREN];
        let ledger_columns: [&(dyn ToSql + Sync); 3] = [&principals, &keys, &now];
        let (context, context_columns): (_, Vec<&(dyn ToSql + Sync)>) = match &frame {
            Frame::Own { lane, .. } => (&statements.context, vec![&count, lane]),
            Frame::Users => (&statements.context_alone, vec![&count]),
        };
        // Sent in this order before any answer comes; each statement sees what was committed until then.
        let stripes: Vec<i32> = wanted.stripes.iter().copied().collect();
        let ((start, held, filled), locked, children, ledger, context) = join5(
            join3(
                async { if begin.is_empty() { Ok(()) } else { client.batch_execute(begin).await } },
                query_if(!stripes.is_empty(), client.query(&statements.stripes, &[&stripes])),
                // Whoever relies on an absence locks twice: what came while the locks were waited for was not seen then.
                query_if(!stripes.is_empty(), client.query(lock, &lock_columns)),
            ),
            client.query(lock, &lock_columns),
            query_if(!wanted.parents.is_empty(), client.query(&statements.children, &children_columns)),
            query_if(!wanted.ledger.is_empty(), client.query(&statements.ledger, &ledger_columns)),
            client.query(context, &context_columns),
        )
        .await;
        start?;
        held?;
        filled?;
        let (locked, children, ledger, context) = (locked?, children?, ledger?, context?);
        let [context] = &context[..] else {
            return Err(Fault::Unavailable("the connection's row in `etag_lanes` is gone".to_owned()));
        };
        if frame == Frame::Users {
            demand_read_committed(context.try_get(3)?)?;
        }
        let epoch = numbers::epoch_from_sql(context.try_get(0)?);
        let mut numbers = context.try_get::<_, Vec<i64>>(2)?;
        let later = numbers.split_off(wanted.numbers.min(numbers.len()));
        if let Some(known) = known.filter(|_| !later.is_empty()) {
            known.reserve(epoch, later.into_iter());
        }
        Ok(Loaded {
            resources: resources(wanted, &locked)?,
            children: children_of(wanted, &children)?,
            ledger: ledger_of(&ledger)?,
            epoch,
            last_removal: LastRemoval::Read(context.try_get::<_, Option<i64>>(1)?.map(numbers::time_from_sql)),
            numbers: numbers.into_iter(),
        })
    }
}

/// Any other isolation shows what was there before the locks (rule S9).
fn demand_read_committed(isolation: &str) -> Result<(), Fault> {
    if isolation == "read committed" {
        return Ok(());
    }
    let message = format!("the transaction is at {isolation}; begin it at READ COMMITTED");
    Err(Fault::Own(ErrorKind::Misconfigured, message))
}

struct Planned {
    outcomes: Vec<Outcome>,
    writes: Writes,
    loaded: Loaded,
    now: SystemTime,
}

/// What becomes of each batch. Where one needs more to be locked, those behind it still tell what they need: the rounds are
/// not as many as the batches.
pub(crate) fn outcomes(transaction: &mut GroupTransaction<'_>, batches: &[&Batch], now: SystemTime) -> Vec<Outcome> {
    batches.iter().map(|batch| transaction::commit(transaction, batch, now)).collect()
}

async fn query_if(
    is_needed: bool,
    query: impl Future<Output = Result<Vec<SqlRow>, tokio_postgres::Error>>,
) -> Result<Vec<SqlRow>, tokio_postgres::Error> {
    if is_needed { query.await } else { Ok(Vec::new()) }
}

fn columns<'a>(keys: impl Iterator<Item = &'a Key>) -> (Vec<&'a str>, Vec<&'a str>) {
    keys.map(|key| (key.collection(), key.id())).unzip()
}

/// What was asked for and not found is absent; what was found beside it is an ancestor.
fn resources(wanted: &Wanted, locked: &[SqlRow]) -> Result<HashMap<Key, Resource>, Error> {
    let mut resources: HashMap<Key, Resource> =
        wanted.keys.iter().map(|key| (key.clone(), Resource::default())).collect();
    for row in locked {
        let head = rows::head_of(row)?;
        let log: Option<&str> = row.try_get(rows::AFTER_HEAD).map_err(corrupt)?;
        let resource = Resource {
            found: Some(head.clone()),
            body: rows::body_of(row, rows::AFTER_HEAD + 1)?,
            log: log.map(ChangeLog::from_json).transpose()?,
            ..Resource::default()
        };
        resources.insert(head.key.clone(), Resource { now: Some(head), ..resource });
    }
    Ok(resources)
}

fn children_of(wanted: &Wanted, found: &[SqlRow]) -> Result<HashMap<Key, Vec<Key>>, Error> {
    let mut children: HashMap<Key, Vec<Key>> = wanted.parents.iter().map(|key| (key.clone(), Vec::new())).collect();
    for row in found {
        let parent = Key::new(rows::text(row, 0)?, rows::text(row, 1)?);
        let child = Key::new(rows::text(row, 2)?, rows::text(row, 3)?);
        children.entry(parent).or_default().push(child);
    }
    Ok(children)
}

fn ledger_of(found: &[SqlRow]) -> Result<HashMap<LedgerKey, etag_core::LedgerEntry>, Error> {
    let entry = |row: &SqlRow| {
        let key = LedgerKey { principal: rows::text(row, 0)?, key: rows::text(row, 1)? };
        Ok((key, rows::entry_of(row, 2)?))
    };
    found.iter().map(entry).collect()
}

fn corrupt(error: tokio_postgres::Error) -> Error {
    Error::new(ErrorKind::Corrupt, format!("a row of the store can't be read: {error}")).with_source(error)
}
