//! Lists, page by page.

use axum::{
    Json,
    extract::{FromRequestParts, Path},
    response::{IntoResponse as _, Response},
};
use etag_axum::{Parameters, Refused, Representation, RequestUrl, Stored};
use etag_core::{RefusalKind, Scan, StoreExt as _};
use http::request::Parts;
use serde::Serialize;

use crate::{
    Planner,
    entity::Entity,
    id::PlannerId,
    model::{Plan, Task},
    rules::MyTasks,
    scene::Scene,
};

/// The most items on a page.
const MOST: usize = 1000;

#[derive(Serialize)]
struct Collection {
    #[serde(rename = "@odata.context")]
    context: String,
    #[serde(rename = "@odata.nextLink", skip_serializing_if = "Option::is_none")]
    next_link: Option<String>,
    value: Vec<Representation>,
}

/// A request for a page.
#[derive(Debug)]
pub(crate) struct PageRequest {
    scene: Scene,
    parameters: Parameters,
    url: RequestUrl,
}

pub(crate) async fn my_tasks(page: PageRequest) -> Result<Response, Refused> {
    let limits = &page.scene.rules.limits;
    let is_mine = |task: &Task| limits.my_tasks == MyTasks::All || task.assignments.contains_key(&limits.me);
    page.answer(page.scan::<Task>()?, is_mine).await
}

pub(crate) async fn tasks_of_user(Path(user): Path<String>, page: PageRequest) -> Result<Response, Refused> {
    page.answer(page.scan::<Task>()?, |task: &Task| task.assignments.contains_key(&user)).await
}

pub(crate) async fn plans_of_group(Path(group): Path<String>, page: PageRequest) -> Result<Response, Refused> {
    page.answer(page.scan::<Plan>()?, |plan: &Plan| plan.owner == group).await
}

/// What a plan or a bucket has of a kind.
pub(crate) async fn children<P: Entity, C: Entity>(
    Path(id): Path<PlannerId>,
    page: PageRequest,
) -> Result<Response, Refused> {
    page.scene.exchange.fetch::<P>(&id).await?;
    let link = C::MODEL.links.iter().find(|link| (link.parent)().collection == P::MODEL.collection);
    let link = link.ok_or(RefusalKind::Internal)?;
    page.answer(page.scan::<C>()?.under(link.name, P::key_of(&id)), |_: &C| true).await
}

impl PageRequest {
    /// All of a kind, as many as are asked for after the place that the page before named.
    fn scan<T: Entity>(&self) -> Result<Scan, Refused> {
        let usual = self.scene.rules.limits.page_size.get();
        let top = self.parameters.number("$top")?.map_or(usual, |top: usize| top.clamp(1, MOST));
        self.scene.exchange.scan::<T>(top, self.parameters.get("$skiptoken"))
    }

    /// Those of what the scan finds that are wanted, and a link to the rest.
    async fn answer<T: Entity>(
        &self,
        scan: Scan,
        is_wanted: impl Fn(&T) -> bool + Send + Sync,
    ) -> Result<Response, Refused> {
        let exchange = &self.scene.exchange;
        let pick = |row| {
            let state = Stored::<T>::from_row(row);
            // As the store has it, and so as a read of it alone is answered.
            if is_wanted(&state.view()?) { exchange.represent(&state, &state).map(Some) } else { Ok(None) }
        };
        let page = exchange.store().list_wanted(&scan, pick).await?;
        let context = format!("{}$metadata#Collection(microsoft.graph.{})", self.url.root(1), T::NAME);
        let next = page.next.map(|place| exchange.place::<T>(place));
        let next_link = next.map(|place| self.url.clone().with_query("$skiptoken", place).to_string());
        Ok(Json(Collection { context, next_link, value: page.items }).into_response())
    }
}

impl FromRequestParts<Planner> for PageRequest {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, planner: &Planner) -> Result<Self, Refused> {
        let parameters = Parameters::from_request_parts(parts, planner).await?;
        Ok(Self { scene: Scene::from_request_parts(parts, planner).await?, parameters, url: RequestUrl::of(parts) })
    }
}
