//! Who commits when: waiting commits share groups, and groups of one family follow each other (rules S2, F7).

use std::{
    collections::{HashSet, VecDeque},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use backon::{BackoffBuilder as _, ExponentialBuilder};
use etag_core::{Batch, Environment, Error, Item, Key};
use tokio::sync::{Notify, oneshot};

use crate::{
    at_once::Signature,
    connection::{Connection, Connector, Slot},
    error::{self, Fault},
    group::{Desk, Done, Failure, Outcome, Patience},
    known::Known,
    numbers,
    options::{GroupBounds, Options},
};

/// How often a group is tried while others are in its way.
const TRIES: usize = 10;

/// One caller's commit.
struct Member {
    batch: Batch,
    keys: Vec<Key>,
    bytes: usize,
    company: Company,
    answer: oneshot::Sender<Outcome>,
}

/// With whom a member is committed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Company {
    Group,
    /// Alone: as one of a group it failed, or made others fail.
    Alone,
}

/// A connection that writes.
struct Lane {
    slot: Slot,
    number: i64,
    /// The group that was signed last.
    signed: AtomicI64,
}

struct State {
    waiting: VecDeque<Member>,
    /// What the groups that are under way are about.
    busy: HashSet<Key>,
    /// The lanes with nothing to do, those for groups and those for members that go alone.
    free: Vec<usize>,
    is_closed: bool,
}

/// How many lanes there are for members that go alone, which may have to wait for a lock that another program holds.
const LANES_FOR_ONE: usize = 3;

pub(crate) struct Committer {
    state: Mutex<State>,
    lanes: Vec<Lane>,
    lanes_for_groups: usize,
    environment: Environment,
    known: Known,
    bounds: GroupBounds,
    /// Told whenever a group has ended.
    ended: Notify,
}

impl Committer {
    pub(crate) fn new(connector: &Connector, options: &Options) -> Self {
        let count = options.writers.get() + LANES_FOR_ONE;
        let environment = options.environment.clone();
        let lane = |_| Lane {
            slot: Slot::new(connector.clone()),
            number: i64::from_le_bytes(environment.random_bytes()),
            signed: AtomicI64::new(0),
        };
        let lanes = (0..count).map(lane).collect();
        let free = (0..count).rev().collect();
        let state = State { waiting: VecDeque::new(), busy: HashSet::new(), free, is_closed: false };
        let known = Known::default();
        let lanes_for_groups = options.writers.get();
        let (state, ended) = (Mutex::new(state), Notify::new());
        Self { state, lanes, lanes_for_groups, environment, known, bounds: options.group, ended }
    }

    pub(crate) async fn commit(self: &Arc<Self>, batch: Batch) -> Outcome {
        let (answer, answered) = oneshot::channel();
        let (keys, bytes) = (keys_of(&batch), bytes_of(&batch));
        let member = Member { batch, keys, bytes, company: Company::Group, answer };
        {
            let mut state = self.state();
            if state.is_closed {
                return Err(error::closed());
            }
            state.waiting.push_back(member);
        }
        self.dispatch();
        answered.await.unwrap_or_else(|_| {
            let message = "the runtime stopped before the commit was answered";
            Err(Error::new(etag_core::ErrorKind::Unknown, message))
        })
    }

    /// Refuses what comes, and waits for what was begun.
    pub(crate) async fn close(&self) {
        self.state().is_closed = true;
        loop {
            let ended = self.ended.notified();
            if self.is_idle() {
                break;
            }
            ended.await;
        }
        for lane in &self.lanes {
            lane.slot.drop_connection().await;
        }
    }

    fn is_idle(&self) -> bool {
        let state = self.state();
        state.waiting.is_empty() && state.free.len() == self.lanes.len()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn dispatch(self: &Arc<Self>) {
        while let Some((lane, members)) = self.next_group() {
            // Made here, so that it is given back also by a runtime that stops before it begins the task.
            let place = Place { committer: Arc::clone(self), lane, keys: keys_of_all(&members) };
            tokio::spawn(async move {
                let had_company = members.len() > 1;
                place.committer.serve(&place.committer.lanes[lane], members).await;
                if had_company {
                    // Those who were just answered come again, and should be in the next group.
                    tokio::task::yield_now().await;
                }
            });
        }
    }

    fn next_group(&self) -> Option<(usize, Vec<Member>)> {
        let mut state = self.state();
        for company in [Company::Group, Company::Alone] {
            let suits = |lane: &usize| (*lane < self.lanes_for_groups) == (company == Company::Group);
            let Some(place) = state.free.iter().rposition(suits) else { continue };
            let members = state.take(company, self.bounds);
            if !members.is_empty() {
                return Some((state.free.remove(place), members));
            }
        }
        drop(state);
        self.ended.notify_waiters();
        None
    }

    async fn serve(&self, lane: &Lane, mut members: Vec<Member>) {
        let mut pauses = self.pauses();
        loop {
            let failure = match self.attempt(lane, &members).await {
                Ok(outcomes) => return answer_all(members, outcomes),
                Err(failure) => failure,
            };
            let fault = match failure {
                Failure::NotDone(fault) => fault,
                Failure::Unknown { fault, group, outcomes } => {
                    match self.is_signed(lane, group).await {
                        Some(true) => return answer_all(members, outcomes),
                        Some(false) => {}
                        None => {
                            return members.into_iter().for_each(|member| member.answer(Err(error::unknown(&fault))));
                        }
                    }
                    fault
                }
            };
            if is_in_the_way(&members, &fault) {
                return self.commit_alone(members, &fault);
            }
            let pause =
                if matches!(fault, Fault::Contention(_) | Fault::Disconnected(_)) { pauses.next() } else { None };
            let Some(pause) = pause else {
                return members.into_iter().for_each(|member| member.answer(Err(fault.to_error())));
            };
            tokio::time::sleep(pause).await;
            members.retain(|member| !member.answer.is_closed());
        }
    }

    async fn attempt(&self, lane: &Lane, members: &[Member]) -> Result<Vec<Outcome>, Failure> {
        let connection = self.connection(lane).await?;
        let batches: Vec<&Batch> = members.iter().map(|member| &member.batch).collect();
        let desk = Desk { client: &connection, statements: &connection.statements, environment: &self.environment };
        let is_alone = members.iter().all(|member| member.company == Company::Alone);
        let patience = if is_alone { Patience::Full } else { Patience::Short };
        let signature = Signature {
            lane: lane.number,
            before: lane.signed.load(Ordering::Acquire),
            after: i64::from_le_bytes(self.environment.random_bytes()),
        };
        let done = match desk.commit_at_once(&batches, &self.known, signature).await {
            Ok(None) => desk.commit(&batches, &self.known, signature, patience).await,
            Ok(Some(done)) => Ok(done),
            Err(failure) => Err(failure),
        };
        if matches!(
            done,
            Err(Failure::NotDone(Fault::Disconnected(_) | Fault::Unavailable(_)) | Failure::Unknown { .. })
        ) {
            lane.slot.drop_connection().await;
        }
        let Done { outcomes, signed } = done?;
        lane.signed.store(signed, Ordering::Release);
        Ok(outcomes)
    }

    /// The lane's connection, whose row for signatures is there.
    async fn connection(&self, lane: &Lane) -> Result<Arc<Connection>, Fault> {
        let connection = lane.slot.get().await.map_err(|error| Fault::Unavailable(error.to_string()))?;
        if !connection.has_lane() {
            let now = numbers::time_to_sql(self.environment.now());
            lane.signed.store(connection.open_lane(lane.number, now).await?, Ordering::Release);
        }
        Ok(connection)
    }

    /// Whether the group that was signed so was committed; `None` where the server can't be asked (rule S6).
    async fn is_signed(&self, lane: &Lane, group: i64) -> Option<bool> {
        let mut pauses = self.pauses();
        let fence = i64::from_le_bytes(self.environment.random_bytes());
        loop {
            if let Ok(connection) = lane.slot.get().await
                && let Ok(row) =
                    connection.query_opt(&connection.statements.signature, &[&lane.number, &fence, &group]).await
            {
                // Without the row nothing can be told.
                let is_signed = row?.get::<_, i64>(0) == group;
                lane.signed.store(if is_signed { group } else { fence }, Ordering::Release);
                return Some(is_signed);
            }
            lane.slot.drop_connection().await;
            tokio::time::sleep(pauses.next()?).await;
        }
    }

    /// The members of a group that failed, one by one: none fails because of another (rule S2).
    fn commit_alone(&self, members: Vec<Member>, fault: &Fault) {
        tracing::debug!(members = members.len(), ?fault, "a group failed; its members are committed one by one");
        let mut state = self.state();
        for member in members.into_iter().rev() {
            state.waiting.push_front(Member { company: Company::Alone, ..member });
        }
    }

    fn pauses(&self) -> impl Iterator<Item = Duration> + use<> {
        let bounds = ExponentialBuilder::new()
            .with_min_delay(Duration::from_millis(2))
            .with_max_delay(Duration::from_secs(1))
            .with_max_times(TRIES)
            .build();
        let environment = self.environment.clone();
        bounds.map(move |bound| environment.jittered(bound))
    }
}

/// The place of a group that is under way, given back whatever becomes of it.
struct Place {
    committer: Arc<Committer>,
    lane: usize,
    keys: HashSet<Key>,
}

impl Drop for Place {
    fn drop(&mut self) {
        {
            let mut state = self.committer.state();
            state.free.push(self.lane);
            state.busy.retain(|key| !self.keys.contains(key));
        }
        self.committer.ended.notify_waiters();
        self.committer.dispatch();
    }
}

impl State {
    /// The next members that may go together: in their order, and not before others that are about the same.
    fn take(&mut self, company: Company, bounds: GroupBounds) -> Vec<Member> {
        let mut taken: Vec<Member> = Vec::new();
        let mut kept = VecDeque::with_capacity(self.waiting.len());
        let mut blocked: HashSet<Key> = HashSet::new();
        let mut room = bounds;
        for member in self.waiting.drain(..).filter(|member| !member.answer.is_closed()) {
            let is_free = member.keys.iter().all(|key| !self.busy.contains(key) && !blocked.contains(key));
            let fits = match company {
                Company::Group => taken.is_empty() || room.holds(&member),
                Company::Alone => taken.is_empty(),
            };
            if is_free && fits && member.company == company {
                room.reduce(&member);
                taken.push(member);
            } else {
                blocked.extend(member.keys.iter().cloned());
                kept.push_back(member);
            }
        }
        self.waiting = kept;
        self.busy.extend(taken.iter().flat_map(|member| member.keys.iter().cloned()));
        taken
    }
}

impl GroupBounds {
    fn holds(&self, member: &Member) -> bool {
        member.batch.items().len() <= self.items && member.bytes <= self.bytes
    }

    fn reduce(&mut self, member: &Member) {
        self.items = self.items.saturating_sub(member.batch.items().len());
        self.bytes = self.bytes.saturating_sub(member.bytes);
    }
}

impl Member {
    fn answer(self, outcome: Outcome) {
        // A caller that has gone away needs no answer.
        let _ = self.answer.send(outcome);
    }
}

/// Whether a group, be it of one, gives up its lane, on which the next group waits (rule F7).
fn is_in_the_way(members: &[Member], fault: &Fault) -> bool {
    let is_group = members.iter().any(|member| member.company == Company::Group);
    let waits_for_others = matches!(fault, Fault::Contention(_) | Fault::Locked(_));
    is_group && (waits_for_others || (members.len() > 1 && fault.may_be_of_one_member()))
}

fn answer_all(members: Vec<Member>, outcomes: Vec<Outcome>) {
    for (member, outcome) in members.into_iter().zip(outcomes) {
        member.answer(outcome);
    }
}

/// What a batch is about, as far as it says: its resources, and the parents that it names.
fn keys_of(batch: &Batch) -> Vec<Key> {
    let mut keys: Vec<Key> = Vec::with_capacity(batch.items().len());
    for item in batch.items() {
        keys.push(item.key().clone());
        if let Item::Put(put) = item {
            keys.extend(put.parents.held().map(|link| link.parent.clone()));
        }
    }
    keys
}

fn keys_of_all(members: &[Member]) -> HashSet<Key> {
    members.iter().flat_map(|member| member.keys.iter().cloned()).collect()
}

fn bytes_of(batch: &Batch) -> usize {
    let size = |item: &Item| if let Item::Put(put) = item { put.body.len() } else { 0 };
    batch.items().iter().map(size).sum()
}
