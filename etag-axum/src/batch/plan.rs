//! From the items of a request to those of a commit.

use bytes::Bytes;
use etag_core::{Batch, Check, Delete, Expectation, Item, Key, Put};

use super::{
    address::Addressed,
    ground::{Basis, Ground, Needs, Site},
    states::{States, View, provisional},
};
use crate::{
    authorize::Action,
    call::{Call, Seen},
    handlers::{create, patch, replace},
    idempotency::Once,
    media_type,
    patch::Patch,
    place::Target,
    problem::Problem,
    routes,
};

/// The commit that is put together, and what is known of each item of the request by then.
pub(super) struct Plan<'a> {
    pub(super) fates: Vec<Fate<'a>>,
    /// The items of the commit: those of the request that may be done, and what comes to be with them.
    pub(super) items: Vec<Item>,
    /// The item of the request that each of them is for.
    pub(super) owners: Vec<usize>,
    states: States,
}

/// What is known of an item before the commit.
pub(super) enum Fate<'a> {
    Planned(Box<Planned<'a>>),
    Refused(Problem),
    /// It builds on one that is refused.
    Dependent,
}

/// An item that may be done as far as is known before the commit.
pub(super) struct Planned<'a> {
    pub(super) call: Call<'a>,
    pub(super) key: Key,
    pub(super) basis: Basis,
    /// Where it stands among the items of the commit.
    pub(super) place: usize,
    /// What is written.
    pub(super) document: Option<Bytes>,
}

impl<'a> Fate<'a> {
    pub(super) fn planned(self) -> Option<Box<Planned<'a>>> {
        if let Self::Planned(planned) = self { Some(planned) } else { None }
    }
}

/// Why an item is not planned.
pub(super) enum Stop {
    Refused(Problem),
    Dependent,
}

impl<P: Into<Problem>> From<P> for Stop {
    fn from(problem: P) -> Self {
        Self::Refused(problem.into())
    }
}

/// What an item asks of the commit.
struct Step {
    key: Key,
    basis: Basis,
    item: Item,
    /// What it leaves, where it is a write.
    leaves: Option<View>,
}

impl<'a> Plan<'a> {
    pub(super) fn new() -> Self {
        Self { fates: Vec::new(), items: Vec::new(), owners: Vec::new(), states: States::default() }
    }

    /// Adds the next item.
    ///
    /// # Errors
    /// What is the server's fault, and so no answer to an item.
    pub(super) async fn add(&mut self, addressed: &'a Addressed<'_>) -> Result<(), Problem> {
        let fate = match self.plan(addressed).await {
            Ok(planned) => Fate::Planned(Box::new(planned)),
            Err(stop) => {
                if let (Some(key), true) = (addressed.key(), addressed.is_write()) {
                    self.states.set(key.clone(), View::Unknown, self.items.len());
                }
                match stop {
                    Stop::Refused(problem) if problem.is_the_servers() => return Err(problem),
                    Stop::Refused(problem) => Fate::Refused(problem.within(&addressed.body_pointer())),
                    Stop::Dependent => Fate::Dependent,
                }
            }
        };
        self.fates.push(fate);
        Ok(())
    }

    /// Whether all items are in the commit.
    pub(super) fn is_whole(&self) -> bool {
        self.fates.iter().all(|fate| matches!(fate, Fate::Planned(_)))
    }

    /// What is committed. Where an item is refused already, it is so made that it fails and tells what keeps the others
    /// from being done; `None` where there are no others.
    pub(super) fn batch(&self, once: Option<&Once<'_>>) -> Option<Batch> {
        let batch: Batch = self.items.iter().cloned().collect();
        if self.is_whole() {
            return Some(if let Some(once) = once { batch.once(once.claim()) } else { batch });
        }
        // No item is an earlier one than the first.
        let never = Expectation::LeftBy(usize::MAX);
        self.items.first().map(|item| batch.check(Check::new(item.key().clone(), never)))
    }

    async fn plan(&mut self, addressed: &'a Addressed<'_>) -> Result<Planned<'a>, Stop> {
        let (route, target) = addressed.place()?;
        let call = routes::admit(route, &addressed.parts, target).await?;
        routes::demand_media_type(&call)?;
        let body = addressed.body(call.endpoint.limits().body_bytes)?;
        let step = match call.action {
            Action::Create => self.create(&call, target, addressed, body).await?,
            _ => step_at(&call, &self.site(routes::demand_key(&call, target)?, addressed)?, body).await?,
        };
        self.enter(call, step)
    }

    fn site<'s>(&self, key: &'s Key, addressed: &Addressed<'_>) -> Result<Site<'s>, Stop> {
        let view = self.states.view(key);
        let if_match =
            addressed.sent.if_match.map(|earlier| self.place_of(earlier).ok_or(Stop::Dependent)).transpose()?;
        match view {
            View::Unknown => Err(Stop::Dependent),
            view => Ok(Site { key, view, writer: self.states.writer(key), if_match }),
        }
    }

    fn place_of(&self, item: usize) -> Option<usize> {
        if let Some(Fate::Planned(planned)) = self.fates.get(item) { Some(planned.place) } else { None }
    }

    async fn create(
        &self,
        call: &Call<'_>,
        target: &Target,
        addressed: &Addressed<'_>,
        body: &[u8],
    ) -> Result<Step, Stop> {
        self.demand_parent(call, target).await?;
        let key = addressed.made.clone().ok_or_else(Problem::not_found)?;
        let candidate = create::candidate(call, create::document(call, body)?, &key)?;
        let put = candidate.put(call.store(), Expectation::Absent)?;
        Ok(Step::of_put(put, Basis::NewId, None))
    }

    /// A parent may be one that an earlier item makes.
    async fn demand_parent(&self, call: &Call<'_>, target: &Target) -> Result<(), Stop> {
        let Some(parent) = &call.parent else { return Ok(routes::demand_parent(call, target).await?) };
        match self.states.view(parent.key) {
            View::Stored => Ok(routes::demand_parent(call, target).await?),
            View::Written(row) => Ok(parent.endpoint.model.judge(&call.principal, Action::Read, Some(&row), None)?),
            View::Deleted => Err(Problem::not_found().into()),
            View::Unknown => Err(Stop::Dependent),
        }
    }

    fn enter(&mut self, call: Call<'a>, step: Step) -> Result<Planned<'a>, Stop> {
        let (Step { key, basis, item, leaves }, place) = (step, self.items.len());
        let companions = if let Item::Put(put) = &item { call.companions_of(put)? } else { Vec::new() };
        let document = if let Item::Put(put) = &item { Some(put.body.clone()) } else { None };
        if let Some(view) = leaves {
            self.states.set(key.clone(), view, place);
        }
        let owner = self.fates.len();
        self.items.push(item);
        self.owners.push(owner);
        for put in companions {
            self.states.set(put.key.clone(), provisional(&put, None), self.items.len());
            self.items.push(put.into());
            self.owners.push(owner);
        }
        Ok(Planned { call, key, basis, place, document })
    }
}

impl Step {
    fn of_put(put: Put, basis: Basis, seen: Option<&Seen>) -> Self {
        let view = provisional(&put, seen.map(|seen| &seen.head));
        Self { key: put.key.clone(), basis, item: put.into(), leaves: Some(view) }
    }
}

async fn step_at(call: &Call<'_>, site: &Site<'_>, body: &[u8]) -> Result<Step, Stop> {
    match call.action {
        Action::Replace => replace_item(call, site, body).await,
        Action::Patch => patch_item(call, site, body).await,
        Action::Delete => delete_item(call, site).await,
        _ => check_item(call, site).await,
    }
}

async fn replace_item(call: &Call<'_>, site: &Site<'_>, body: &[u8]) -> Result<Step, Stop> {
    let candidate = match replace::candidate(call, site.key, body) {
        Ok(candidate) => candidate,
        // The conditions are answered before the body is (rule P3).
        Err(problem) => return Err(refused_body(call, site, problem).await),
    };
    let Ground { expectation, basis, seen } = site.ground(call, Needs::Nothing).await?;
    call.judge_write(seen.as_ref(), &*candidate)?;
    match candidate.put(call.store(), expectation) {
        Ok(put) => Ok(Step::of_put(put, basis, seen.as_ref())),
        Err(error) => Err(refused_body(call, site, error.into()).await),
    }
}

/// What is answered where the body of a PUT is not what it should be.
async fn refused_body(call: &Call<'_>, site: &Site<'_>, problem: Problem) -> Stop {
    match site.ground(call, Needs::State).await {
        Ok(_) => problem.into(),
        Err(unmet) => unmet.into(),
    }
}

async fn patch_item(call: &Call<'_>, site: &Site<'_>, body: &[u8]) -> Result<Step, Stop> {
    let format = media_type::demand_patch(&call.parts.headers)?;
    let patch = Patch::parse(format, body, call.endpoint.limits());
    let looked = site.look(call, Needs::Document).await?;
    let seen = looked.seen().cloned().ok_or_else(Problem::not_found)?;
    let row = seen.row().ok_or_else(Problem::not_found)?;
    if let Ok(patch) = &patch {
        patch::demand_right_to_test(call, site.key, patch, &seen).await?;
    }
    let Ground { expectation, basis, .. } = site.decide(call, looked).await?;
    let candidate = patch::candidate(call, &patch?, &row, &seen)?;
    let put = candidate.put(call.store(), expectation)?;
    Ok(Step::of_put(put, basis, Some(&seen)))
}

async fn delete_item(call: &Call<'_>, site: &Site<'_>) -> Result<Step, Stop> {
    let Ground { expectation, basis, .. } = site.ground(call, Needs::Nothing).await?;
    let item = Delete::new(site.key.clone(), expectation).into();
    Ok(Step { key: site.key.clone(), basis, item, leaves: Some(View::Deleted) })
}

async fn check_item(call: &Call<'_>, site: &Site<'_>) -> Result<Step, Stop> {
    let Ground { expectation, basis, .. } = site.ground(call, Needs::Nothing).await?;
    let item = Check::new(site.key.clone(), expectation).into();
    Ok(Step { key: site.key.clone(), basis, item, leaves: None })
}
