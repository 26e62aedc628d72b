//! What every handler knows of its request.

use std::sync::Arc;

use axum::{
    extract::FromRequestParts,
    response::{IntoResponse as _, Response},
};
use etag_axum::{Change, Done, Exchange, Parameters, Refused, RequestUrl, Stored};
use etag_core::{EntityTags, Field, RefusalKind, Snapshot, WriteKind};
use http::{StatusCode, request::Parts};
use uuid::Uuid;

use crate::{
    Service,
    address::Guids,
    annotations::Annotations,
    errors::concurrency_not_enabled,
    options::Options,
    switches::{Count, DeleteStar, Switches, WrittenTag},
    tables::Table,
};

/// The versions of the service, which answer alike.
const VERSIONS: [&str; 3] = ["v9.0", "v9.1", "v9.2"];

/// A request: its exchange, its options, and where it was sent.
pub(crate) struct Call {
    pub(crate) exchange: Exchange,
    pub(crate) options: Options,
    pub(crate) annotations: Option<Annotations>,
    pub(crate) url: RequestUrl,
    switches: Arc<Switches>,
}

impl FromRequestParts<Service> for Call {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, service: &Service) -> Result<Self, Refused> {
        let url = RequestUrl::of(parts);
        let version = url.path().split('/').nth(3).unwrap_or_default();
        if !VERSIONS.contains(&version) {
            return Err(RefusalKind::NotFound.into());
        }
        let Ok(exchange) = Exchange::from_request_parts(parts, service).await;
        let parameters = Parameters::from_request_parts(parts, service).await?;
        let (options, annotations) = (Options::of(parameters.iter())?, Annotations::preferred(&exchange));
        Ok(Self { exchange, options, annotations, url, switches: Arc::clone(&service.switches) })
    }
}

impl Call {
    /// An absolute URL, of what stands below the service's root, `/api/data/v9.2/`.
    pub(crate) fn url_of(&self, path: impl std::fmt::Display) -> String {
        format!("{}{path}", self.url.root(3))
    }

    /// The absolute URL of a row.
    pub(crate) fn url_of_row<T: Table>(&self, id: Uuid) -> String {
        self.url_of(format_args!("{}({id})", T::MODEL.collection))
    }

    /// Whether rows of the table can be compared by their versions.
    pub(crate) fn is_concurrency_enabled<T: Table>(&self) -> bool {
        self.switches.is_concurrency_enabled(T::LOGICAL_NAME)
    }

    /// How GUIDs are to be spelled.
    pub(crate) fn guids(&self) -> Guids {
        self.switches.requests.guids
    }

    /// # Errors
    /// [`RefusalKind::Invalid`] for a DELETE under `If-Match: *`, where that is switched off.
    pub(crate) fn demand_no_star(&self) -> Result<(), Refused> {
        let is_refused = self.switches.conditions.delete_star == DeleteStar::Refused;
        if is_refused && self.exchange.conditions().if_match == Field::Valid(EntityTags::Any) {
            let message = "`If-Match: *` is no condition of a DELETE; send a row version, or no If-Match";
            return Err(Refused::invalid(message));
        }
        Ok(())
    }

    /// The same request, where it is about a single property.
    pub(crate) fn of_property(self) -> Self {
        match self.switches.conditions.property_conditions {
            Count::Compared => self,
            Count::Ignored => Self { exchange: self.exchange.without_conditions(), ..self },
        }
    }

    /// A row.
    ///
    /// # Errors
    /// [`RefusalKind::NotFound`] that names it, and faults of the store.
    pub(crate) async fn fetch<T: Table>(&self, id: Uuid) -> Result<Stored<T>, Refused> {
        self.exchange.fetch(&id).await.map_err(|refused| named::<T>(refused, id))
    }

    /// Writes a row.
    ///
    /// # Errors
    /// Where `If-Match` names a version, of a table whose rows have none to compare; what the conditions and `change` refuse;
    /// faults of the store.
    pub(crate) async fn write<T: Table>(
        &self,
        kind: WriteKind,
        id: Uuid,
        change: impl FnMut(Option<&Snapshot<T>>) -> Result<Change<T>, Refused>,
    ) -> Result<Done<T>, Refused> {
        let names_version = matches!(self.exchange.conditions().if_match, Field::Valid(EntityTags::List(_)));
        if names_version && !self.is_concurrency_enabled::<T>() {
            let status = self.switches.errors.concurrency_status;
            return Err(concurrency_not_enabled(T::LOGICAL_NAME).with_status(status).into());
        }
        self.exchange.write(kind, &id).run(change).await.map_err(|refused| named::<T>(refused, id))
    }

    /// The answer to a write that left this state, without a representation.
    pub(crate) fn no_content<T: Table>(&self, state: &Stored<T>) -> Response {
        match self.switches.requests.etag_on_204 {
            WrittenTag::LeftOut => StatusCode::NO_CONTENT.into_response(),
            WrittenTag::Sent => self.exchange.bare(StatusCode::NO_CONTENT, state),
        }
    }
}

/// Says which row is not found.
fn named<T: Table>(mut refused: Refused, id: Uuid) -> Refused {
    if refused.0.kind == RefusalKind::NotFound && refused.0.message.is_none() {
        refused.0.message = Some(format!("{} With Id = {id} Does Not Exist", T::LOGICAL_NAME).into());
    }
    refused
}
